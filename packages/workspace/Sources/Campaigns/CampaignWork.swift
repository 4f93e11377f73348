// What a campaign does to very many attestations: by a job, because every row is captured, which takes longer than
// anybody should wait for a page.

import Access
import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres
import Web

/// Closes what is open of a campaign that has ended, or notes a reminder for everybody it still asks. All in one
/// transaction: whoever looks sees none of it or all.
package struct CampaignWork: Job {
  package static let kind = "campaign.work"
  package static let safeArguments: Set<String> = ["campaign", "act"]

  /// What is to be done.
  enum Act: String, Codable, CaseIterable, Sendable {
    case close, remind
  }

  /// The campaign's id.
  let campaign: String
  let act: Act

  init(_ campaign: ID<Campaign>, _ act: Act) {
    self.campaign = campaign.description
    self.act = act
  }

  package func run(_ run: JobRun) async throws -> String {
    guard let id = ID<Campaign>(campaign) else { throw JobFailure.permanent("There is no such campaign.") }
    do {
      return try await run.inside { tx in
        let found = try await Campaign.hold(id, in: tx)
        return switch act {
        case .close: try await found.closeAsOrdered(in: tx)
        case .remind: try await found.remindAsOrdered(in: tx)
        }
      }
    } catch is RecordMissing {
      throw JobFailure.permanent("There is no such campaign.")
    }
  }
}

extension Campaign {
  /// Has the campaign's job do it, at once. Asked for again before that is done, it is done once.
  func orderWork(_ act: CampaignWork.Act, in tx: AuditedTransaction) async throws {
    try await tx.order(CampaignWork(id, act), uniqueKey: workKey(act))
  }

  /// The keys of its jobs that wait or run: of acts that are ordered and not done.
  var orderedWork: Query<String> {
    Query(
      """
      SELECT unique_key FROM job
      WHERE kind = \(CampaignWork.kind) AND unique_key = ANY(\(CampaignWork.Act.allCases.map(workKey)))
        AND state IN ('queued', 'running', 'retrying')
      """)
  }

  /// By which the act's job is one and can be found.
  func workKey(_ act: CampaignWork.Act) -> String { "\(act.rawValue) \(id)" }

  fileprivate func closeAsOrdered(in tx: AuditedTransaction) async throws -> String {
    guard status.isOver else { return "Nothing to do: the campaign is \(status.label.lowercased())." }
    // What Ethico ended is no use of the client's, though a job closes it.
    let access = try await tx.first(
      "SELECT via_impersonation FROM campaign WHERE id = \(id)", as: ID<Impersonation>?.self)
    let closed = try await closeOpen(by: status, under: access ?? nil, in: tx)
    guard closed > 0 else { return "Nothing to do: nothing is open." }
    let words = counted(closed, "attestation")
    try await tx.record("campaign.close", object: object, detail: "\(name): \(words)")
    return "\(words) closed."
  }

  fileprivate func remindAsOrdered(in tx: AuditedTransaction) async throws -> String {
    guard status == .active else { return "Nothing to do: the campaign is \(status.label.lowercased())." }
    let reminded = try await remindOpen(in: tx)
    return "\(counted(reminded, "reminder")) noted."
  }
}
