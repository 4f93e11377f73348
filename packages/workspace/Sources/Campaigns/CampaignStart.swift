// A scheduled campaign starts on its day by itself: ordered when it is scheduled, judged by what it is on the day.

import Access
import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres
import Web

/// Starts one scheduled campaign, once. One that is anything else by then is left as it is.
package struct CampaignStart: Job {
  /// Also what the database orders it as, in `clock_order`.
  package static let kind = "campaign.start"
  /// All there is: a campaign's id tells nothing of the people in it.
  package static let safeArguments: Set<String> = ["campaign"]

  /// The campaign's id.
  package let campaign: String

  init(_ campaign: ID<Campaign>) {
    self.campaign = campaign.description
  }

  /// Starts it where its day has come; where the day was moved on, it orders itself for that one.
  /// - Throws: `JobFailure.permanent` where there is no such campaign, or it cannot start, which the trail tells.
  package func run(_ run: JobRun) async throws -> String {
    guard let id = ID<Campaign>(campaign) else { throw JobFailure.permanent("There is no such campaign.") }
    // Whoever moves the day while this runs orders it anew.
    try await run.letAnotherFollow()
    do {
      return try await run.inside { tx in try await Campaign.hold(id, in: tx).startByItself(in: tx) }
    } catch let invalid as Invalid {
      let reason = invalid.errors.map(\.message).joined(separator: " ")
      try await run.inside { tx in
        try await tx.record(
          "campaign.start", object: Campaign.object(id), outcome: .conflict, status: 409, detail: reason)
      }
      throw JobFailure.permanent("The campaign did not start. \(reason)")
    } catch is RecordMissing {
      throw JobFailure.permanent("There is no such campaign.")
    }
  }
}

extension Campaign {
  /// Has the campaign start by itself on its day.
  func orderStart(at startsAt: Date, in tx: AuditedTransaction) async throws {
    try await tx.order(CampaignStart(id), at: startsAt, uniqueKey: ClockOrder.key(id, startsAt))
  }

  /// Starts, when it is scheduled and its day has come.
  /// - Returns: what came of it.
  fileprivate func startByItself(in tx: AuditedTransaction) async throws -> String {
    guard status == .scheduled, let startsAt else {
      return "Nothing to do: the campaign is \(status.label.lowercased())."
    }
    guard startsAt <= tx.at else {
      try await orderStart(at: startsAt, in: tx)
      return "Too early: it starts on \(CalendarDay.text(startsAt))."
    }
    // What Ethico scheduled is no use of the client's, though the clock begins it.
    let access = try await tx.first(
      "SELECT via_impersonation FROM campaign WHERE id = \(id)", as: ID<Impersonation>?.self)
    let asked = try await activate(under: access ?? nil, in: tx)
    try await tx.record(
      "campaign.start", object: object,
      detail: "\(name): started on its day, \(counted(asked, "attestation"))")
    return "Started: " + counted(asked, "employee is asked.", "employees are asked.")
  }
}
