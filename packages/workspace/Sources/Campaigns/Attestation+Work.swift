// The verbs of attestations: one for its employee, or the same for many, each with a result of its own.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Web

extension Attestation {
  static func object(_ id: ID<Attestation>) -> AuditObject { AuditObject("attestation", id) }

  var object: AuditObject { Self.object(id) }

  /// Throws when somebody saved the attestation after version `seen`.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw AttestationRefusal.stale(self) }
  }

  /// Does it on behalf of the employee.
  func perform(_ order: AttestationOrder, in tx: AuditedTransaction) async throws {
    try order.demand(of: self)
    try await order.carryOut(on: [id], in: tx)
    try await tx.record(
      "attestation.\(order.act.rawValue)", object: object, status: 303,
      detail: "\(employee.name): \(order.act.done) on their behalf")
  }
}

/// What became of one attestation of many.
struct AttestationResult: Sendable, Hashable {
  let id: ID<Attestation>
  /// `nil` for one that the campaign does not have.
  let employee: String?
  /// Why it was left as it was.
  let setback: Setback?
}

extension Campaign {
  /// Does the same for many: whoever allows it gets it, and each says what became of it.
  func perform(
    _ order: AttestationOrder, on chosen: [Chosen<Attestation>], in tx: AuditedTransaction
  ) async throws -> [AttestationResult] {
    let found = try await Attestation.hold(chosen.map(\.id), of: id, in: tx)
    let byID = Dictionary(found.map { ($0.id, $0) }) { one, _ in one }
    let results = try chosen.map { choice in
      guard let attestation = byID[choice.id] else {
        return AttestationResult(id: choice.id, employee: nil, setback: .unknown)
      }
      let setback = try Setback.of {
        try attestation.demand(choice.version)
        try order.demand(of: attestation)
      }
      return AttestationResult(id: choice.id, employee: attestation.employee.name, setback: setback)
    }
    let allowed = results.filter { $0.setback == nil }.map(\.id)
    if !allowed.isEmpty { try await order.carryOut(on: allowed, in: tx) }
    let failed = results.count - allowed.count
    try await tx.record(
      "attestation.\(order.act.rawValue)", object: object, outcome: allowed.isEmpty ? .conflict : .ok,
      status: failed == 0 ? 200 : 207,
      detail: "\(name): \(allowed.count) \(order.act.done), \(failed) left as they were")
    return results
  }
}

extension Setback {
  fileprivate static let unknown = Setback(
    .notFound, "not_found", "The campaign has no such attestation.", "Nothing was changed for it.")
}
