// Counts the closed cases that a client has kept longer than it set out to. Reads alone: nothing is deleted by it.

import Access
import EthicoTypes
import FoundationEssentials
package import Jobs
import Postgres

/// Counts the closed cases that are past the client's years of retention.
package struct RetentionCheck: Job {
  /// What rows of jobs, and the client's list of them, call it.
  package static let kind = "retention.check"
  /// What is counted, not who asked: that is hidden until somebody reveals it.
  package static let safeArguments: Set<String> = ["entity"]

  private enum CodingKeys: String, CodingKey {
    case entity
    case askedBy = "asked_by"
  }

  /// What is counted: `case`.
  package let entity: String
  /// Who asked for it.
  package let askedBy: String

  /// Takes the two as they are; what is counted is looked at when it runs.
  package init(entity: String, askedBy: String) {
    self.entity = entity
    self.askedBy = askedBy
  }

  /// Counts by the closing day and the setting `retention.closed_case_years`, a year being 365.25 days.
  /// - Throws: `JobFailure.permanent` for another entity, or a setting that is no whole number.
  package func run(_ run: JobRun) async throws -> String {
    guard entity == "case" else { throw JobFailure.permanent("Only cases are counted, not “\(entity)”.") }
    let layers = try await run.ledger.settingLayers()
    let (closed, due, years) = try await run.inside { tx in
      let settings = try await ClientSetting.all(layers, in: tx)
      let value = settings.first { $0.setting.key == "retention.closed_case_years" }?.value
      guard let years = value.flatMap(Int.init) else {
        throw JobFailure.permanent("The client’s years of retention cannot be read.")
      }
      let oldest = tx.at.addingTimeInterval(-Double(years) * 365.25 * 86_400)
      let closed = try await tx.first("SELECT count(*) FROM \"case\" WHERE status = 'closed'", as: Int.self) ?? 0
      let due = try await tx.first(
        "SELECT count(*) FROM \"case\" WHERE status = 'closed' AND closed_at < \(oldest)", as: Int.self)
      return (closed, due ?? 0, years)
    }
    try await run.progress(closed, of: closed)
    return "\(due) of \(closed) closed cases are older than \(years) years. Nothing was deleted."
  }
}
