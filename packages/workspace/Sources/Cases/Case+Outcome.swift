// How a case came out, corrected where it was written down wrongly: it stays closed, or archived, as it is.

import Access
import EthicoTypes
import HTTPTypes
import Postgres
import Web

extension Case {
  /// Whether it has come out, so that how it did can be corrected; a merge says so itself.
  var hasComeOut: Bool { stage.needsOutcome && mergedInto == nil }

  /// Corrects how the case came out. It is no use of the product: the case was closed once, and is.
  func correct(_ next: CaseOutcome, in tx: AuditedTransaction) async throws {
    try demandItself()
    guard stage.needsOutcome else { throw CaseRefusal.noOutcome(self) }
    guard next != outcome else {
      throw Invalid("outcome", "\(reference) came out as \(next.label.lowercased()) already.")
    }
    try await tx.execute("UPDATE \"case\" SET outcome = \(next) WHERE id = \(id)")
    try await tx.record(
      "case.outcome", object: object, status: 303,
      detail: "\(reference): \(outcome?.label ?? "no outcome") → \(next.label)")
  }
}

extension CaseOutcome {
  /// The outcome that a form says; `nil` where it says none.
  /// - Throws: `Invalid` for a word that no person closes a case with.
  init?(chosen fields: FormFields) throws {
    guard let typed = fields.given("outcome") else { return nil }
    guard let outcome = Self.chosen.first(where: { $0.rawValue == typed }) else {
      throw Invalid("outcome", "Choose one of the outcomes.")
    }
    self = outcome
  }
}
