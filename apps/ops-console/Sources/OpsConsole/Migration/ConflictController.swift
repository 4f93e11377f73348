// The addresses of what a re-import left to a person: fields that were edited here, and say something else in the
// source.

import Access
import EthicoTypes
import Flags
import HTTPTypes
import Markup
package import Migration
package import Web

enum ConflictController {
  private typealias Reading = TenantContext<ReadMigration>
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    let readers = routes.group("t/{slug}/migration/batches", context: Reading.self)
    readers.get("{batch}/conflicts", name: "migration.conflicts", use: show)
    let runners = routes.group("t/{slug}/migration/batches", context: Running.self)
    runners.post("{batch}/conflicts", name: "migration.resolve", use: resolve)
  }

  private static func show(_ context: Reading) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    let position = context.query("after").flatMap(ConflictPosition.init) ?? .start
    return try await context.look(at: Batch.object(id)) { tx in
      let forms = ConflictForms(
        mayDecide: context.staff.may(.migrationRun), mayEnter: context.staff.may(.supportAct))
      return try await screen(id, position, forms, context, in: tx)
    }
  }

  private static func screen(
    _ id: ID<Batch>, _ position: ConflictPosition, _ forms: ConflictForms, _ context: some ClientContext,
    in tx: AuditedTransaction
  ) async throws -> Page {
    guard let batch = try await Batch.find(id, in: tx) else { throw RecordMissing() }
    let conflicts = try await Conflict.page(of: id, as: batch.entity, behind: position, in: tx)
    let open = try await Conflict.open(of: batch.project, in: tx)[id] ?? 0
    let names = try await context.ledger.names(of: conflicts.compactMap(\.editedBy))
    let list = ConflictList(batch: batch, open: open, page: conflicts, position: position, names: names)
    return ConflictView.page(context.tenant, list, forms)
  }

  private static func resolve(_ context: Running) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    let fields = context.form.fields
    let position = context.query("after").flatMap(ConflictPosition.init) ?? .start
    return try await context.attempt(Batch.object(id)) { tx in
      guard let batch = try await ImportBatch.find(id, in: tx) else { throw RecordMissing() }
      guard let choice = fields["choice"].flatMap(ConflictChoice.init(rawValue:)) else {
        throw Invalid("choice", "Say whether ours is kept or the source’s is taken.")
      }
      let outcome: ConflictOutcome
      if fields["scope"] == "all" {
        outcome = try await Conflict.resolveAll(of: batch, choice, in: tx)
      } else {
        let items = fields.all("items[]")
        let picks = items.compactMap(ConflictPick.init)
        guard picks.count == items.count, picks.count <= Conflict.pageLength else {
          throw Invalid("items", "A field is named by its id and what was seen of it, at most \(Conflict.pageLength).")
        }
        outcome = try await Conflict.resolve(picks, of: batch, choice, in: tx)
      }
      return position.page(of: Path.batch(id, of: context.tenant).appending("conflicts"))
        .query("done", "\(choice.rawValue) \(outcome.decided) \(outcome.left)")
    } otherwise: { setback, tx in
      var forms = ConflictForms(mayDecide: true, mayEnter: context.staff.may(.supportAct))
      forms.setback = setback
      forms.picked = Set(fields.all("items[]").compactMap(ConflictPick.init).map(\.conflict))
      return try await screen(id, position, forms, context, in: tx)
    }
  }
}

/// Everything that the page of a batch's conflicts shows.
struct ConflictList: Sendable {
  let batch: Batch
  /// How many fields wait for a decision.
  let open: Int
  /// One more than are shown, if there are so many.
  let page: [Conflict]
  let position: ConflictPosition
  /// Of staff people, by the actor.
  let names: [String: String]

  var shown: [Conflict] { Array(page.prefix(Conflict.pageLength)) }
}

extension ConflictPosition {
  /// The page of conflicts that begins here.
  func page(of conflicts: Path) -> Path { self == .start ? conflicts : conflicts.query("after", self) }
}

/// What the person who looks may do, what they had picked, and why the last act was refused.
struct ConflictForms: Sendable {
  let mayDecide: Bool
  let mayEnter: Bool
  var setback: Setback?
  var picked: Set<ID<Conflict>> = []
}

extension ConflictRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .nothing:
      Setback(
        .conflict, "nothing_selected", "No field was decided.",
        "Select at least one field first. Somebody else may have decided what you had selected.")
    case .stale(let count):
      .stale(
        title: count == 1
          ? "One of the fields was changed or decided while you looked at it."
          : "\(grouped(count)) of the fields were changed or decided while you looked at them.",
        advice: "Nothing was decided. The page shows what stands here now; what you had selected is still selected.")
    case .refused(let row, let rule):
      Setback(
        .conflict, "refused", "The workspace does not take what the source says in row \(grouped(row)).",
        "Nothing was decided. The rule is \(rule). Select the record’s other fields with it, or keep ours there.")
    }
  }
}
