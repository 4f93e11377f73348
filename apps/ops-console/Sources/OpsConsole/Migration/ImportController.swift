// The addresses of a batch that becomes records, and of taking them back: one, some, or all.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Mapping
import Markup
import Migration
import Web

enum ImportController {
  private typealias Reading = TenantContext<ReadMigration>
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    let readers = routes.group("t/{slug}/migration/batches", context: Reading.self)
    readers.get("{batch}/records", name: "migration.records", use: records)
    readers.get("{batch}/undo", name: "migration.undo_form", use: undoForm)
    let runners = routes.group("t/{slug}/migration/batches", context: Running.self)
    runners.post("{batch}/commit", name: "migration.commit", use: commit)
    runners.post("{batch}/pause", name: "migration.commit_pause", use: pause)
    runners.post("{batch}/resume", name: "migration.commit_resume", use: resume)
    runners.post("{batch}/stop", name: "migration.commit_stop", use: stop)
    runners.post("{batch}/undo", name: "undo.start", use: undo)
    let undoing = routes.group("t/{slug}/migration/undos", context: Running.self)
    undoing.get("{undo}/reverse", name: "migration.reverse_form", use: reverseForm)
    undoing.post("{undo}/reverse", name: "undo.reverse", use: reverse)
  }

  // MARK: Into the records

  private static func commit(_ context: Running) async throws -> Answer {
    try await act(context) { batch, tx in
      guard context.tenant.status != .closed else { throw ProjectRefusal.tenantClosed }
      let issues = try await tx.all(IssueGroup.all(of: batch.id))
      try batch.demandReady(issues)
      if batch.entity == .case, context.form.fields["slug"] != context.tenant.slug {
        throw BatchRefusal.confirmation(context.tenant.slug)
      }
      try await ImportBatch.commit(batch.id, in: tx)
      return "commit"
    }
  }

  private static func pause(_ context: Running) async throws -> Answer {
    try await act(context) { batch, tx in
      try await ImportBatch.pause(batch.id, in: tx)
      return "paused"
    }
  }

  private static func resume(_ context: Running) async throws -> Answer {
    try await act(context) { batch, tx in
      guard context.tenant.status != .closed else { throw ProjectRefusal.tenantClosed }
      if batch.state == .failed {
        try await ImportBatch.commit(batch.id, in: tx)
      } else {
        try await ImportBatch.resume(batch.id, in: tx)
      }
      return "resumed"
    }
  }

  private static func stop(_ context: Running) async throws -> Answer {
    try await act(context) { batch, tx in
      try await ImportBatch.cancel(batch.id, in: tx)
      return "stopped"
    }
  }

  private static func act(
    _ context: Running, _ change: @Sendable (Batch, AuditedTransaction) async throws -> StaticString
  ) async throws -> Answer {
    try await BatchController.act(context, "", change) { id, setback, tx in
      var forms = BatchForms(setback: setback, may: true)
      forms.fields = context.form.fields
      return try await BatchController.screen(id, forms, context, in: tx)
    }
  }

  // MARK: What came over

  private static func records(_ context: Reading) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    let behind = context.query("after").flatMap(Int.init) ?? 0
    return try await context.look(at: Batch.object(id)) { tx in
      guard let batch = try await Batch.find(id, in: tx) else { throw RecordMissing() }
      let rows = try await ImportedRow.page(of: id, behind: behind, in: tx)
      let may = RecordActs(mayUndo: context.staff.may(.migrationRun), mayEnter: context.staff.may(.supportAct))
      return RecordsView.page(context.tenant, batch, rows, behind: behind, may)
    }
  }

  // MARK: Taking back

  private static func undoForm(_ context: Reading) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    let keepsLater = context.query(UndoDraft.keepLater) == "true"
    let draft = UndoDraft(context.queries("items[]"), scope: context.query("scope"), keepsLater: keepsLater)
    guard draft.isLegible else { throw Problem.notFound }
    return try await context.look(at: Batch.object(id)) { tx in
      try await undoScreen(id, draft, setback: nil, may: context.staff.may(.migrationRun), context, in: tx)
    }
  }

  private static func undoScreen(
    _ id: ID<Batch>, _ draft: UndoDraft, setback: Setback?, may: Bool, _ context: some ClientContext,
    in tx: AuditedTransaction
  ) async throws -> Page {
    guard let batch = try await Batch.find(id, in: tx) else { throw RecordMissing() }
    // What goes along is asked for with the form: it is told how much that would be.
    let options = UndoOptions(includeBlocked: false, includeEdited: false, keepsLater: draft.keepsLater, reason: nil)
    let plan = try await ImportUndo.preview(batch.id, records: draft.records, options: options, in: tx)
    return UndoView.page(context.tenant, batch, plan, draft, setback: setback, may: may)
  }

  private static func undo(_ context: Running) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    let fields = context.form.fields
    let draft = UndoDraft(
      fields.all("items[]"), scope: fields["scope"], keepsLater: fields[UndoDraft.keepLater] == "true", fields)
    return try await context.attempt(Batch.object(id)) { tx in
      guard let batch = try await Batch.hold(id, in: tx) else { throw RecordMissing() }
      guard draft.isLegible else { throw Invalid("", "A record is named by its id.") }
      guard draft.records?.isEmpty != true else { throw Invalid("", "Select at least one record.") }
      let home = Path.batch(id, of: context.tenant)
      if let records = draft.records, records.count <= UndoDraft.atOnce {
        let outcome = try await ImportUndo.carryOut(batch.id, records: records, options: draft.options, in: tx)
        return home.query("done", outcome.done == 0 ? "undone-none" : "undone \(outcome.done) \(outcome.kept)")
      }
      try await ImportUndo.order(batch.id, records: draft.records, options: draft.options, in: tx)
      return home.query("done", "undoing")
    } otherwise: { setback, tx in
      try await undoScreen(id, draft, setback: setback, may: true, context, in: tx)
    }
  }

  // MARK: Taking an undo back

  private static func reverseForm(_ context: Running) async throws -> Answer {
    let undo = try context.id("undo", of: MigrationUndo.self)
    return try await context.look(at: AuditObject("migration_undo", undo)) { tx in
      try await reverseScreen(undo, setback: nil, context, in: tx)
    }
  }

  private static func reverseScreen(
    _ undo: ID<MigrationUndo>, setback: Setback?, _ context: Running, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let id = try await UndoRecord.batch(of: undo, in: tx), let batch = try await Batch.find(id, in: tx) else {
      throw RecordMissing()
    }
    let plan = try await ImportUndo.reversalPreview(undo, in: tx)
    return ReverseView.page(context.tenant, batch, undo, plan, setback: setback)
  }

  private static func reverse(_ context: Running) async throws -> Answer {
    let undo = try context.id("undo", of: MigrationUndo.self)
    return try await context.attempt(AuditObject("migration_undo", undo)) { tx in
      guard let id = try await UndoRecord.batch(of: undo, in: tx) else { throw RecordMissing() }
      let outcome = try await ImportUndo.reverse(undo, in: tx)
      let done = outcome.map { $0.done == 0 ? "reversed-none" : "reversed" } ?? "reversing"
      return Path.batch(id, of: context.tenant).query("done", done)
    } otherwise: { setback, tx in
      try await reverseScreen(undo, setback: setback, context, in: tx)
    }
  }
}

/// What is to be taken back, and what may go along with it.
struct UndoDraft: Sendable {
  /// `nil` for the whole batch.
  let records: [ID<ImportedRecord>]?
  /// Whether each of them was named by an id. A list of which some is lost is nobody's wish, and none at all would be
  /// the whole batch.
  let isLegible: Bool
  /// Whether later imports stay, and only what this one changed goes.
  let keepsLater: Bool
  let fields: FormFields

  /// What the forms of a selection send beside it: with nothing selected it is still no batch.
  static let some = "some"

  /// What says so, in an address or a form.
  static let keepLater = "keep_later"

  /// More records than this are a job.
  static let atOnce = 50

  init(_ items: [String], scope: String?, keepsLater: Bool, _ fields: FormFields = .empty) {
    let records = items.compactMap { ID<ImportedRecord>($0) }
    self.records = items.isEmpty && scope != Self.some ? nil : records
    isLegible = records.count == items.count
    self.keepsLater = keepsLater
    self.fields = fields
  }

  var options: UndoOptions {
    UndoOptions(
      includeBlocked: fields["include_blocked"] == "true", includeEdited: fields["include_edited"] == "true",
      keepsLater: keepsLater, reason: fields.given("reason"))
  }

  /// Where the same records are looked at, with later imports kept or not.
  func path(_ batch: Batch, of tenant: Tenant, keepsLater: Bool) -> Path {
    var parameters = (records ?? []).map { (name: "items[]", value: $0.description) }
    if records != nil { parameters.append((name: "scope", value: Self.some)) }
    if keepsLater { parameters.append((name: Self.keepLater, value: "true")) }
    let undo = Path.batch(batch.id, of: tenant).appending("undo")
    return parameters.isEmpty ? undo : undo.query(parameters)
  }
}
