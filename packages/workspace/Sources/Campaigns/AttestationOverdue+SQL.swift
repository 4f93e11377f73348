// What is not attested by its day becomes overdue. Pages say so from that moment on; this writes it down.

import Access
import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres
import Web

/// Writes down which attestations of one campaign are overdue, and comes back when the next ones may be: who was given
/// more time has a later day.
package struct AttestationOverdue: Job {
  /// Also what the database orders it as, in `clock_order`.
  package static let kind = "attestation.overdue"
  /// All there is: a campaign's id tells nothing of the people in it.
  package static let safeArguments: Set<String> = ["campaign"]
  /// The most attestations that one transaction writes.
  static let batch = 5_000

  /// The campaign's id.
  package let campaign: String

  init(_ campaign: ID<Campaign>) {
    self.campaign = campaign.description
  }

  /// Writes up to 5,000 to a transaction and its event, then orders itself for the next due day that is left.
  /// - Throws: `JobFailure.permanent` for what is no id.
  package func run(_ run: JobRun) async throws -> String {
    guard let id = ID<Campaign>(campaign) else { throw JobFailure.permanent("There is no such campaign.") }
    try await run.letAnotherFollow()
    var overdue = 0
    var batch = 0
    repeat {
      batch = try await run.inside { tx in try await Self.settle(id, in: tx) }
      overdue += batch
    } while batch == Self.batch
    try await run.inside { tx in try await Self.orderNext(of: id, in: tx) }
    return counted(overdue, "attestation is overdue.", "attestations are overdue.")
  }

  /// Has what is not attested by that moment become overdue.
  static func order(of campaign: ID<Campaign>, at due: Date, in tx: AuditedTransaction) async throws {
    try await tx.order(Self(campaign), at: due, uniqueKey: ClockOrder.key(campaign, due))
  }

  private static func settle(_ campaign: ID<Campaign>, in tx: AuditedTransaction) async throws -> Int {
    let late = try await tx.query(
      """
      SELECT id FROM attestation
      WHERE campaign_id = \(campaign) AND state = ANY(\(AttestationState.beforeDue)) AND due_at < \(tx.at)
      ORDER BY id
      LIMIT \(batch)
      FOR UPDATE
      """, as: ID<Attestation>.self)
    guard !late.isEmpty else { return 0 }
    try await tx.execute("UPDATE attestation SET state = 'overdue' WHERE id = ANY(\(late))")
    let name = try await tx.first("SELECT name FROM campaign WHERE id = \(campaign)", as: String.self) ?? "–"
    try await tx.record(
      "attestation.overdue", object: Campaign.object(campaign),
      detail: "\(name): \(counted(late.count, "attestation"))")
    return late.count
  }

  private static func orderNext(of campaign: ID<Campaign>, in tx: AuditedTransaction) async throws {
    let next = try await tx.first(
      """
      SELECT min(due_at) FROM attestation
      WHERE campaign_id = \(campaign) AND state = ANY(\(AttestationState.beforeDue))
      """, as: Date?.self)
    if let due = next ?? nil { try await order(of: campaign, at: due, in: tx) }
  }
}
