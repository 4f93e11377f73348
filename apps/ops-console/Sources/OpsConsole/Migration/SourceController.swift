// The addresses of where data comes from: the files of a move together, and the rows of one batch.

import Access
import EthicoTypes
import Markup
import Migration
import Web

enum SourceController {
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    let runners = routes.group("t/{slug}/migration", context: Running.self)
    runners.post("source", name: "migration.source", use: sayOfProject)
    runners.post("batches/{batch}/source", name: "migration.batch_source", use: sayOfBatch)
  }

  private static func sayOfProject(_ context: Running) async throws -> Answer {
    try await context.attempt { tx in
      guard let project = try await MigrationProject.open(in: tx) else { throw FileRefusal.noProject }
      let offered = try await ProjectSources.of(project.id, in: tx).offered.filter(\.isNamed)
      let source = try SourceSystem.read(context.form.fields, among: offered)
      try await MigrationProject.come(from: source, version: context.form.version, in: tx)
      return Path.migration(context.tenant).query("done", "source")
    } otherwise: { setback, tx in
      let source = FormState(context.form.fields, errors: setback.errors)
      return try await MigrationController.screen(
        context, may: true, FormState(), source: source, setback: setback, in: tx)
    }
  }

  private static func sayOfBatch(_ context: Running) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    return try await context.attempt(Batch.object(id)) { tx in
      guard let batch = try await Batch.hold(id, in: tx) else { throw RecordMissing() }
      try batch.demand(context.form.version)
      let offered = try await ProjectSources.of(batch.project, in: tx).offered
      guard let source = try SourceSystem.read(context.form.fields, among: offered) else {
        throw Invalid(SourceFields.system, "Choose the system that the rows come from.")
      }
      try await batch.come(from: source, in: tx)
      return Path.batch(id, of: context.tenant).query("done", "source")
    } otherwise: { setback, tx in
      var forms = BatchForms(may: true)
      forms.source = FormState(context.form.fields, errors: setback.errors)
      // What is wrong with a field stands at this form alone.
      if setback.errors.isEmpty { forms.setback = setback }
      return try await BatchController.screen(id, forms, context, in: tx)
    }
  }
}
