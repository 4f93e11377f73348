// To whom a case goes by its category: whoever is named there leads it, by the rules of every assignment.

import Access
import EthicoTypes
import Postgres
import Web

extension Case {
  /// Gives a case that nobody leads to whom the category names. Where they cannot lead it nobody does, and the case
  /// keeps why, so that its history says it.
  /// - Returns: what came of it in a sentence; `nil` where somebody leads, or the category names nobody.
  func route(by category: Category, in tx: AuditedTransaction) async throws -> String? {
    guard lead == nil, let named = category.lead else { return nil }
    let rule = "“\(category.name)” sends its cases to \(named.name)"
    guard let candidate = try await LeadCandidate.find(named.id, in: tx) else {
      return try await leaveUnled("\(rule), who may not lead a case now. Nobody leads it.", in: tx)
    }
    if let bar = try await bar(of: named.id, in: tx) {
      return try await leaveUnled("\(rule), who is \(bar.words) it. Nobody leads it.", in: tx)
    }
    try await appoint(candidate.person, routing: rule + ".", in: tx)
    return rule + "."
  }

  private func leaveUnled(_ reason: String, in tx: AuditedTransaction) async throws -> String {
    try await tx.execute("UPDATE \"case\" SET routing = \(reason) WHERE id = \(id)")
    return reason
  }
}
