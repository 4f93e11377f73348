// The addresses of a client's move from another system: what comes over, its files, and how far each of them is.

import Access
import EthicoTypes
import HTTPTypes
import Mapping
import Markup
import Migration
import Web

enum MigrationController {
  typealias Reading = TenantContext<ReadMigration>
  typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    let readers = routes.group("t/{slug}/migration", context: Reading.self)
    readers.get("", name: "migration.project", use: project)
    routes.group("t/{slug}/migration", context: BatchWatch.Context.self)
      .live(name: "live.migration", feed: BatchWatch.project)
    let runners = routes.group("t/{slug}/migration", context: Running.self)
    runners.get("scope", name: "migration.scope_form", use: scopeForm)
    runners.post("scope", name: "migration.scope", use: scope)
    runners.post("files", name: "migration.upload", arriving: FormUpload.limit, use: FormUpload.take)
    runners.post("files/{file}/batches", name: "migration.read_file", use: makeBatches)
    runners.post("files/{file}/delete", name: "migration.delete_file", use: delete)
    TemplateController.routes(routes)
    UploadController.routes(routes)
    BatchController.routes(routes)
    ReadingController.routes(routes)
    SourceController.routes(routes)
    FieldRulesController.routes(routes)
    ImportController.routes(routes)
    ConflictController.routes(routes)
    ReconciliationController.routes(routes)
    RowRepairController.routes(routes)
  }

  // MARK: The project

  private static func project(_ context: Reading) async throws -> Answer {
    try await context.look { tx in
      try await screen(context, may: context.staff.may(.migrationRun), FormState(), setback: nil, in: tx)
    }
  }

  static func screen(
    _ context: some ClientContext, may: Bool, _ state: FormState, source: FormState? = nil, setback: Setback?,
    in tx: AuditedTransaction
  ) async throws -> Page {
    guard let project = try await MigrationProject.open(in: tx) else {
      return ScopeView.page(context.tenant, nil, FormState(), setback: setback, may: may)
    }
    let (files, batches, uploads, hidden) = try await tx.together(
      SourceFileRecord.all(of: project.id), Batch.all(of: project.id), FileUpload.unfinished(of: project.id),
      HiddenTable.all(of: project.id))
    let desk = MigrationDesk(
      project: project, files: files, batches: batches, uploads: uploads, hidden: hidden,
      conflicts: try await Conflict.open(of: project.id, in: tx),
      sources: try await ProjectSources.of(project.id, in: tx),
      readiness: try await MigrationReadiness.of(project, in: tx))
    return MigrationView.page(context.tenant, desk, state, source: source, setback: setback, may: may)
  }

  // MARK: What comes over

  private static func scopeForm(_ context: Running) async throws -> Answer {
    try await context.look { tx in
      let project = try await MigrationProject.open(in: tx)
      return ScopeView.page(context.tenant, project, FormState(project), setback: nil, may: true)
    }
  }

  private static func scope(_ context: Running) async throws -> Answer {
    try await context.attempt { tx in
      guard context.tenant.status != .closed else { throw ProjectRefusal.tenantClosed }
      try await MigrationProject.choose(
        try ScopeDraft(context.form.fields), version: context.form.version, in: tx)
      return Path.migration(context.tenant).query("done", "scope")
    } otherwise: { setback, tx in
      let project = try await MigrationProject.open(in: tx)
      let state = FormState(context.form.fields, errors: setback.errors)
      return ScopeView.page(context.tenant, project, state, setback: setback, may: true)
    }
  }

  // MARK: Files

  private static func makeBatches(_ context: Running) async throws -> Answer {
    let id = try context.id("file", of: SourceFileRecord.self)
    return try await context.attempt(SourceFileRecord.object(id)) { tx in
      guard let file = try await SourceFileRecord.find(id, in: tx) else { throw RecordMissing() }
      guard context.tenant.status != .closed else { throw ProjectRefusal.tenantClosed }
      try await file.makeBatches(in: tx)
      return Path.migration(context.tenant).query("done", "again")
    } otherwise: { setback, tx in
      try await screen(context, may: true, FormState(), setback: setback, in: tx)
    }
  }

  private static func delete(_ context: Running) async throws -> Answer {
    let id = try context.id("file", of: SourceFileRecord.self)
    return try await context.attempt(SourceFileRecord.object(id)) { tx in
      guard let file = try await SourceFileRecord.find(id, in: tx) else { throw RecordMissing() }
      try await file.delete(in: tx)
      return Path.migration(context.tenant).query("done", "deleted")
    } otherwise: { setback, tx in
      try await screen(context, may: true, FormState(), setback: setback, in: tx)
    }
  }
}

/// Everything that the page of a client's move shows.
struct MigrationDesk: Sendable {
  let project: MigrationProject
  let files: [SourceFileRecord]
  let batches: [Batch]
  /// What is not all here yet.
  let uploads: [FileUpload]
  /// What files hide, and nobody made a batch of.
  let hidden: [HiddenTable]
  /// How many fields wait for a decision, by batch.
  let conflicts: [ID<Batch>: Int]
  /// Where the data comes from.
  let sources: ProjectSources
  let readiness: MigrationReadiness
}

extension Path {
  /// A client's move from another system.
  static func migration(_ tenant: Tenant) -> Path { card(tenant).appending("migration") }

  /// One batch of it.
  static func batch(_ id: ID<Batch>, of tenant: Tenant) -> Path {
    migration(tenant).appending("batches").appending(id)
  }
}
