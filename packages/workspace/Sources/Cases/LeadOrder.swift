// Who is to lead a case, or many: looked up once, judged by each case, carried out case by case.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Postgres
import Web

/// The person who is to lead some cases.
struct LeadOrder: Sendable, Hashable {
  let person: PersonReference
  /// Those of the cases on which they may not work.
  let bars: [ID<Case>: CaseBar]

  /// - Throws: `Invalid` where nobody is named who may lead a case.
  init(_ user: ID<ClientUser>?, for cases: [ID<Case>], in tx: AuditedTransaction) async throws {
    guard let user else { throw Invalid("lead", "Choose who is to lead the case.") }
    guard let candidate = try await LeadCandidate.find(user, in: tx) else {
      throw Invalid("lead", "Choose one of the active people who may work on cases.")
    }
    person = candidate.person
    bars = try await Case.bars(of: user, in: cases, tx)
  }

  /// Throws where the case does not allow it.
  func demand(of found: Case) throws {
    try found.demandItself()
    guard person != found.lead else { throw Invalid("lead", "\(person.name) leads this case already.") }
    if let bar = bars[found.id] { throw CaseRefusal.conflict(person.name, bar, .lead) }
  }

  /// Makes them the lead of a case that allows it, and says so.
  func carryOut(on found: Case, status: Int, in tx: AuditedTransaction) async throws {
    try await found.appoint(person, routing: nil, in: tx)
    try await tx.record(
      "case.assign", object: found.object, status: status,
      detail: "\(found.reference): lead \(found.lead?.name ?? "–") → \(person.name)")
  }
}

extension Case {
  /// Gives many another lead: each that allows it gets it, with an event of its own; one event before them counts them.
  static func assign(
    _ chosen: [Chosen<Case>], to user: ID<ClientUser>?, in tx: AuditedTransaction
  ) async throws -> AssignedCases {
    let found = try await hold(chosen.map(\.id), in: tx)
    let byID = Dictionary(found.map { ($0.id, $0) }) { one, _ in one }
    let order = try await LeadOrder(user, for: chosen.map(\.id), in: tx)
    let results = try chosen.map { choice in
      guard let found = byID[choice.id] else { return CaseResult(id: choice.id, found: nil, setback: .noCase) }
      let setback = try Setback.of {
        try found.demand(choice.version)
        try order.demand(of: found)
      }
      return CaseResult(id: choice.id, found: found, setback: setback)
    }
    let outcome = AssignedCases(lead: order.person, results: results)
    let (done, failed) = (outcome.done, results.count - outcome.done.count)
    try await tx.record(
      "case.assign_many", outcome: done.isEmpty ? .conflict : .ok, status: outcome.status.code,
      detail: "\(order.person.name): \(done.count) assigned, \(failed) left as they were")
    for found in done {
      try await order.carryOut(on: found, status: 200, in: try await tx.following(tx.author))
    }
    return outcome
  }
}

/// What became of many cases that were to get another lead.
struct AssignedCases: Sendable, Hashable {
  let lead: PersonReference
  /// In the order in which they were chosen.
  let results: [CaseResult]

  /// Those that have it, as they were before.
  var done: [Case] { results.filter { $0.setback == nil }.compactMap(\.found) }
  /// Those that were left as they were.
  var left: [CaseResult] { results.filter { $0.setback != nil && $0.found != nil } }
  /// 200 where all of them have it, 207 where some have not.
  var status: HTTPResponse.Status { results.allSatisfy { $0.setback == nil } ? .ok : .mixed }
}

/// What became of one case of many.
struct CaseResult: Sendable, Hashable {
  let id: ID<Case>
  /// As it was before; `nil` for one that the client does not have.
  let found: Case?
  /// Why it was left as it was.
  let setback: Setback?
}

extension Setback {
  fileprivate static let noCase = Setback(
    .notFound, "not_found", "The client has no such case.", "Nothing was changed for it.")
}
