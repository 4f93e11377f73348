// The addresses of how a batch's file is read, once something about it was found out wrongly or is hidden in it.

import Access
import EthicoTypes
import Mapping
import Markup
import Migration
import Web

enum ReadingController {
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    let runners = routes.group("t/{slug}/migration", context: Running.self)
    runners.post("batches/{batch}/reading", name: "migration.read", use: read)
    runners.post("files/{file}/tables", name: "migration.read_table", use: readTable)
  }

  private static func read(_ context: Running) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    return try await context.attempt(Batch.object(id)) { tx in
      guard let batch = try await Batch.hold(id, in: tx) else { throw RecordMissing() }
      try batch.demand(context.form.version)
      let home = Path.batch(id, of: context.tenant)
      switch try await batch.read(with: try ReadingCorrection(context.form.fields, batch), in: tx) {
      case .ordered: return home.query("done", "reading")
      case .asBefore: return home.query("done", "reading-same")
      }
    } otherwise: { setback, tx in
      var forms = BatchForms(may: true)
      forms.reading = FormState(context.form.fields, errors: setback.errors)
      // What is wrong with a field stands at this form alone.
      if setback.errors.isEmpty { forms.setback = setback }
      return try await BatchController.screen(id, forms, context, in: tx)
    }
  }

  /// What becomes of it shows on the page of all files.
  private static func readTable(_ context: Running) async throws -> Answer {
    let id = try context.id("file", of: SourceFileRecord.self)
    return try await context.attempt(SourceFileRecord.object(id)) { tx in
      guard let file = try await SourceFileRecord.find(id, in: tx) else { throw RecordMissing() }
      guard let table = context.form.fields.pairs.first(where: { $0.name == "table" })?.value,
        try await file.read(hidden: table, in: tx)
      else { throw Invalid("", "The file hides no table of that name, or it is a batch already.") }
      return Path.migration(context.tenant).query("done", "table")
    } otherwise: { setback, tx in
      try await MigrationController.screen(
        context, may: true, FormState(errors: setback.errors), setback: setback, in: tx)
    }
  }
}
