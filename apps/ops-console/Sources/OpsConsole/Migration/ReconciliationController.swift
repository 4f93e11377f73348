// The addresses of the reconciliation: reckoned, handed over, signed by the client, closed.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import HTTPTypes
import Mapping
import Markup
package import Migration
package import Web
import Workspace

enum ReconciliationController {
  private typealias Reading = TenantContext<ReadMigration>
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    let readers = routes.group("t/{slug}/migration/reconciliation", context: Reading.self)
    readers.get("", name: "migration.reconciliation", use: show)
    readers.get("csv", name: "migration.reconciliation_csv", use: export)
    readers.get("signed/{reconciliation}", name: "migration.reconciliation_signed", use: showSigned)
    routes.group("t/{slug}/migration/reconciliation", context: BatchWatch.Context.self)
      .live(name: "live.migration_reconciliation", feed: ReckoningWatch.feed)
    let runners = routes.group("t/{slug}/migration/reconciliation", context: Running.self)
    runners.post("", name: "migration.reconcile_start", use: reconcile)
    runners.post("stop", name: "migration.reconcile_stop", use: stop)
    runners.post("sign-off", name: "migration.sign_off", use: signOff)
    runners.post("close", name: "migration.close", use: close)
  }

  // MARK: Reading

  private static func show(_ context: Reading) async throws -> Answer {
    try await context.look { tx in
      try await screen(ReconciliationForms(may: context.staff.may(.migrationRun)), context, in: tx)
    }
  }

  private static func screen(
    _ forms: ReconciliationForms, _ context: some ClientContext, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let project = try await MigrationProject.newest(in: tx) else {
      return ReconciliationView.page(context.tenant, nil, forms)
    }
    let (reckoned, signed) = try await tx.together(Reconciliation.latest(of: project.id), SignedReconciliation.all())
    let reckoning = try await Reckoning.latest(of: project.id, in: tx)
    let file = ReconciliationFile(
      project: project, reckoned: reckoned, reckoning: reckoning,
      changes: reckoned.isEmpty ? [] : try await FiguresChange.all(since: reckoned, of: project.id, in: tx),
      obstacles: project.state == .reconciling ? try await project.obstacles(reckoned, in: tx) : [],
      earlier: signed.filter { $0.confirmation != reckoned.first?.confirmation },
      readiness: try await MigrationReadiness.of(project, in: tx),
      names: try await context.ledger.names(of: reckoned.map(\.madeBy) + [reckoning?.orderedBy].compactMap(\.self)),
      moment: tx.at)
    return ReconciliationView.page(context.tenant, file, forms)
  }

  private static func showSigned(_ context: Reading) async throws -> Answer {
    let id = try context.id("reconciliation", of: Reconciliation.self)
    return try await context.look { tx in
      let reckoned = try await tx.all(Reconciliation.all(with: id))
      guard let signed = SignedFigures(id, reckoned, try await context.ledger.names(of: reckoned.map(\.madeBy))) else {
        throw RecordMissing()
      }
      return SignedReconciliationView.page(context.tenant, signed)
    }
  }

  private static func export(_ context: Reading) async throws -> Answer {
    try await context.handOver("migration.export") { tx in
      guard let project = try await MigrationProject.newest(in: tx) else { throw RecordMissing() }
      let reckoned = try await tx.all(Reconciliation.latest(of: project.id))
      guard let first = reckoned.first else { throw RecordMissing() }
      let detail = "The reconciliation, reckoned \(ClockFace.iso(first.madeAt))"
      return (ReconciliationCSV.file(reckoned, of: context.tenant), detail)
    }
  }

  // MARK: Acts

  private static func reconcile(_ context: Running) async throws -> Answer {
    try await act(context) { project, tx in
      try await project.reconcile(in: tx)
      return "reckoning"
    }
  }

  private static func stop(_ context: Running) async throws -> Answer {
    try await act(context) { project, tx in
      try await project.stopReckoning(in: tx)
      return "stopped"
    }
  }

  private static func signOff(_ context: Running) async throws -> Answer {
    let layers = try await context.ledger.settingLayers()
    return try await act(context) { project, tx in
      let confirmedBy = context.form.fields.given("confirmed_by") ?? ""
      let errors = [
        confirmedBy.isEmpty ? FieldError("confirmed_by", "Say who at the client agreed.") : nil,
        FieldError(tooLong: confirmedBy, "confirmed_by", "A name", limit: Reconciliation.confirmedByLimit),
      ].compactMap(\.self)
      guard errors.isEmpty else { throw Invalid(errors) }
      let settings = try await ClientSetting.all(layers, in: tx)
      let days = settings.first { $0.setting.key == "migration.purge_days" }.flatMap { Int($0.value) }
      try await project.signOff(by: confirmedBy, keeping: PurgeDelay(days: days ?? 30), in: tx)
      return "signed"
    }
  }

  private static func close(_ context: Running) async throws -> Answer {
    try await act(context) { project, tx in
      try await project.close(in: tx)
      return "closed"
    }
  }

  /// An act on the open project, once per key.
  private static func act(
    _ context: Running, _ change: @Sendable (MigrationProject, AuditedTransaction) async throws -> StaticString
  ) async throws -> Answer {
    try await context.attempt { tx in
      guard let project = try await MigrationProject.hold(in: tx) else {
        guard try await MigrationProject.newest(in: tx) != nil else { throw RecordMissing() }
        throw ReconcileRefusal.stale
      }
      guard project.version == context.form.version else { throw ReconcileRefusal.stale }
      let done = try await change(project, tx)
      return Path.reconciliation(context.tenant).query("done", done.description)
    } otherwise: { setback, tx in
      var forms = ReconciliationForms(may: true)
      forms.setback = setback
      forms.state = FormState(context.form.fields, errors: setback.errors)
      return try await screen(forms, context, in: tx)
    }
  }
}

/// Everything that the page of the reconciliation shows.
struct ReconciliationFile: Sendable {
  let project: MigrationProject
  let reckoned: [Reconciliation]
  /// The newest reckoning, which may go on.
  let reckoning: Reckoning?
  /// What was imported or taken back since.
  let changes: [FiguresChange]
  /// What stands in the way of the client's signature.
  let obstacles: [String]
  /// What the client signed before what is shown.
  let earlier: [SignedReconciliation]
  let readiness: MigrationReadiness
  /// Of staff people, by the actor.
  let names: [String: String]
  let moment: Date

  var isReckoning: Bool { reckoning?.isRunning ?? false }
}

/// What the forms of the reconciliation hold, and why the last one was refused.
struct ReconciliationForms: Sendable {
  let may: Bool
  var state = FormState()
  var setback: Setback?
}

extension Path {
  static func reconciliation(_ tenant: Tenant) -> Path { migration(tenant).appending("reconciliation") }
}

extension ReconcileRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .nothing:
      Setback(
        .conflict, "nothing_imported", "There is nothing to reconcile yet.",
        "Import a batch first. Nothing was changed.")
    case .stale:
      .stale(
        title: "Somebody moved this migration on while you looked at it.",
        advice: "Nothing was changed. The page shows how it stands now.")
    case .illegalTransition(let from, let next):
      Setback(
        .conflict, "illegal_transition",
        "A migration that is \(from.label.lowercased()) cannot become \(next.label.lowercased()).",
        "Nothing was changed. The page shows how it stands now.")
    case .obstacles(let sentences):
      Setback(
        .conflict, "not_ready", "It cannot be signed off yet.", sentences.prefix(12).joined(separator: " "))
    case .running:
      Setback(
        .conflict, "being_reconciled", "It is being reconciled.",
        "Nothing was changed. Wait until it is done, or stop it.")
    case .notRunning:
      Setback(
        .conflict, "not_running", "Nothing is being reconciled any more.",
        "Nothing was changed. The page shows how it stands now.")
    case .changed(let entities):
      Setback(
        .conflict, "changed", "Something was imported or taken back since this was reckoned.",
        "Nothing was signed: \(entities.map(\.pluralLabel).joined(separator: ", ")). Reconcile again, and have the "
          + "client look at that.")
    }
  }
}
