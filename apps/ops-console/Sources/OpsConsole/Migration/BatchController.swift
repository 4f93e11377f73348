// The addresses of one batch: what its columns and values mean, what is wrong with its rows, what would come of them.

import Access
import EthicoTypes
import Flags
import HTTPTypes
import Mapping
import Markup
import Migration
import Web

enum BatchController {
  private typealias Reading = TenantContext<ReadMigration>
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    let readers = routes.group("t/{slug}/migration/batches", context: Reading.self)
    readers.get("{batch}", name: "migration.batch", use: show)
    readers.get("{batch}/map", name: "migration.mapper", use: mapper)
    readers.get("{batch}/values", name: "migration.values", use: values)
    readers.get("{batch}/rows/{row}", name: "migration.row", use: row)
    routes.group("t/{slug}/migration/batches/{batch}", context: BatchWatch.Context.self)
      .live(name: "live.migration_batch", feed: BatchWatch.feed)
    let runners = routes.group("t/{slug}/migration/batches", context: Running.self)
    runners.post("{batch}/entity", name: "migration.entity", use: take)
    runners.post("{batch}/map", name: "migration.map", use: map)
    runners.post("{batch}/values", name: "migration.map_values", use: mapValues)
    runners.post("{batch}/stage", name: "migration.stage", use: stage)
    runners.post("{batch}/acknowledge", name: "migration.acknowledge", use: acknowledge)
    runners.post("{batch}/cancel", name: "migration.cancel", use: cancel)
  }

  // MARK: Reading

  private static func show(_ context: Reading) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    let sample = context.query("sample").flatMap(PreviewSample.init(rawValue:)) ?? .first
    let sought = context.query("row").map(SoughtRow.init)
    return try await context.look(at: Batch.object(id)) { tx in
      let forms = BatchForms(sample: sample, sought: sought, may: context.staff.may(.migrationRun))
      return try await screen(id, forms, context, in: tx)
    }
  }

  static func screen(
    _ id: ID<Batch>, _ forms: BatchForms, _ context: some ClientContext, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let batch = try await Batch.find(id, in: tx) else { throw RecordMissing() }
    let mapping = try await BatchMapping.current(of: batch, in: tx)
    let hasRows = batch.stagedNumber != nil
    let issues = try await tx.all(IssueGroup.all(of: id))
    let undos = try await tx.all(UndoRecord.all(of: id))
    let file = BatchFile(
      batch: batch, mapping: mapping, work: try await BatchWork.find(of: batch, in: tx),
      issues: issues, awaited: batch.state == .validated ? try await ImportBatch.awaited(by: id, in: tx) : [],
      namedReporters: hasRows && batch.entity == .case ? try await batch.countNamedReporters(in: tx) : 0,
      preview: try await .of(batch, issues, forms.sample, seeking: forms.sought?.number, in: tx),
      conflicts: batch.committedAt == nil ? 0 : try await Conflict.open(of: batch.project, in: tx)[id] ?? 0,
      undos: undos, names: try await context.ledger.names(of: undos.map(\.by)),
      hidden: try await tx.all(HiddenTable.all(of: batch.file)),
      sources: try await ProjectSources.of(batch.project, in: tx),
      fields: ReimportField.mapped(by: mapping, as: batch.entity))
    return BatchView.page(context.tenant, file, forms)
  }

  private static func mapper(_ context: Reading) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    return try await context.look(at: Batch.object(id)) { tx in
      let may = context.staff.may(.migrationRun)
      return try await mapperScreen(id, MapperForms(may: may), context, in: tx)
    }
  }

  private static func mapperScreen(
    _ id: ID<Batch>, _ forms: MapperForms, _ context: some ClientContext, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let batch = try await Batch.find(id, in: tx) else { throw RecordMissing() }
    let mapping = try await BatchMapping.current(of: batch, in: tx)
    let mapper = Mapper(
      batch: batch, mapping: mapping, profiles: try await batch.profiles(in: tx),
      zone: try await ColumnZone.ofClient(in: tx))
    var forms = forms
    forms.fields = mapper.numbered.kept(forms.fields)
    return MapperView.page(context.tenant, mapper, forms)
  }

  private static func values(_ context: Reading) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    return try await context.look(at: Batch.object(id)) { tx in
      let categories = try await ClientCategories.inUse(in: tx)
      let forms = ValueForms(categories: categories, may: context.staff.may(.migrationRun))
      return try await valueScreen(id, forms, context, in: tx)
    }
  }

  private static func valueScreen(
    _ id: ID<Batch>, _ forms: ValueForms, _ context: some ClientContext, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let batch = try await Batch.find(id, in: tx) else { throw RecordMissing() }
    let mapping = try await BatchMapping.current(of: batch, in: tx)
    let choices = try await ValueChoice.all(of: batch, mapping, in: tx)
    var forms = forms
    forms.fields = ValueForms.numbered(choices).kept(forms.fields)
    return ValueView.page(context.tenant, batch, mapping, choices, forms)
  }

  private static func row(_ context: Reading) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    guard let number = Int(try context.word("row")) else { throw Problem.notFound }
    return try await context.look(at: Batch.object(id)) { tx in
      guard let batch = try await Batch.find(id, in: tx), let row = try await PreviewRow.find(number, of: id, in: tx)
      else { throw RecordMissing() }
      let mapping = try await BatchMapping.current(of: batch, in: tx)
      return RowView.page(context.tenant, batch, mapping, row, try await batch.changes(of: [row], in: tx))
    }
  }

  // MARK: Acts

  private static func take(_ context: Running) async throws -> Answer {
    try await act(context, "map") { batch, tx in
      guard let entity = context.form.fields["entity"].flatMap(ImportEntity.init(rawValue:)) else {
        throw Invalid("entity", "Choose what the rows are.")
      }
      try await batch.take(as: entity, context.ledger.vault?.headerKey, in: tx)
      return "entity"
    } otherwise: { id, setback, tx in
      try await mapperScreen(id, MapperForms(setback: setback, may: true), context, in: tx)
    }
  }

  private static func map(_ context: Running) async throws -> Answer {
    let fields = context.form.fields
    return try await act(context, fields["then"] == "check" ? "" : "map") { batch, tx in
      let mapping = try await BatchMapping.current(of: batch, in: tx)
      let decided = try MappingDraft(
        fields, mapping, try await batch.profiles(in: tx), of: batch, at: tx.at)
      let isChecked = fields["then"] == "check"
      try await batch.map(
        decided.columns, constants: decided.constants, rules: decided.rules, then: isChecked ? .check : .nothing,
        in: tx)
      if isChecked { return "stage" }
      return fields.given(MappingRepairs.mend) != nil
        ? "repaired" : fields.given(MappingRepairs.undo) != nil ? "unrepaired" : "mapped"
    } otherwise: { id, setback, tx in
      try await mapperScreen(id, MapperForms(fields, setback: setback, may: true), context, in: tx)
    }
  }

  private static func mapValues(_ context: Running) async throws -> Answer {
    try await act(context, "") { batch, tx in
      let mapping = try await BatchMapping.current(of: batch, in: tx)
      let choices = try await ValueChoice.all(of: batch, mapping, in: tx)
      let categories = try await ClientCategories.inUse(in: tx)
      try await batch.map(try ValueMapping.read(context.form.fields, choices, of: batch, categories), in: tx)
      return "values"
    } otherwise: { id, setback, tx in
      let forms = ValueForms(
        fields: context.form.fields, setback: setback, categories: try await ClientCategories.inUse(in: tx), may: true)
      return try await valueScreen(id, forms, context, in: tx)
    }
  }

  private static func stage(_ context: Running) async throws -> Answer {
    try await act(context, "") { batch, tx in
      try await batch.stage(in: tx)
      return "stage"
    } otherwise: { id, setback, tx in
      try await screen(id, BatchForms(setback: setback, may: true), context, in: tx)
    }
  }

  private static func acknowledge(_ context: Running) async throws -> Answer {
    try await act(context, "") { batch, tx in
      let codes = context.form.fields.all("code[]").compactMap(IssueCode.init(rawValue:))
      // Where the rows are not checked, that stands in the way first.
      if codes.isEmpty, batch.state == .validated {
        throw Invalid("code", "Tick each warning that you have looked at.")
      }
      try await batch.acknowledge(codes, in: tx)
      return "acknowledged"
    } otherwise: { id, setback, tx in
      try await screen(id, BatchForms(setback: setback, may: true), context, in: tx)
    }
  }

  private static func cancel(_ context: Running) async throws -> Answer {
    try await act(context, "") { batch, tx in
      try await batch.cancel(in: tx)
      return "cancelled"
    } otherwise: { id, setback, tx in
      try await screen(id, BatchForms(setback: setback, may: true), context, in: tx)
    }
  }

  /// An act on a batch, once per key; `next` is the page of the batch that follows.
  static func act(
    _ context: TenantContext<RunMigration>, _ next: StaticString,
    _ change: @Sendable (Batch, AuditedTransaction) async throws -> StaticString,
    otherwise again: @Sendable (ID<Batch>, Setback, AuditedTransaction) async throws -> Page
  ) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    return try await context.attempt(Batch.object(id)) { tx in
      guard let batch = try await Batch.hold(id, in: tx) else { throw RecordMissing() }
      try batch.demand(context.form.version)
      let done = try await change(batch, tx)
      let home = Path.batch(id, of: context.tenant)
      let page = next.description.isEmpty ? home : home.appending(next.description)
      return page.query("done", done.description)
    } otherwise: { setback, tx in
      try await again(id, setback, tx)
    }
  }
}

/// Everything that the page of a batch shows.
struct BatchFile: Sendable {
  let batch: Batch
  let mapping: BatchMapping
  /// The job that goes on.
  let work: BatchWork?
  let issues: [IssueGroup]
  /// What has to be imported before it.
  let awaited: [ImportBatch]
  /// How many rows stay behind for naming a reporter who is anonymous.
  let namedReporters: Int
  let preview: Preview
  /// How many fields wait for a decision.
  let conflicts: Int
  let undos: [UndoRecord]
  /// Of staff people, by the actor.
  let names: [String: String]
  /// What its file hides, and nobody made a batch of.
  let hidden: [HiddenTable]
  /// The systems that the data of its move comes from.
  let sources: ProjectSources
  /// What it may set anew in records that are here already.
  let fields: [ReimportField]
}

/// What the page of a batch shows of its forms, and why the last act was refused.
struct BatchForms: Sendable {
  var sample = PreviewSample.first
  var sought: SoughtRow?
  var setback: Setback?
  /// What was sent, where it was refused.
  var fields = FormFields.empty
  /// What was sent of how the file is to be read, where that was refused.
  var reading: FormState?
  /// What was sent of where the rows come from, where that was refused.
  var source: FormState?
  /// What was sent of how fields that are there are treated, where that was refused.
  var rules: FormState?
  let may: Bool
}
