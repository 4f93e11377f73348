// How a client is doing, in numbers alone: counted every minute, so that the directory need not look into anybody's
// rows.

import EthicoTypes
package import FoundationEssentials
package import Postgres

/// How a client is doing, as it was last counted.
package struct TenantPulse: Sendable, Hashable, RowDecodable {
  package let errorsLastDay: Int
  package let deadJobs: Int
  /// How current its search index is: `current`, `waiting`, `incomplete` or `stale`.
  package let index: String

  /// Whether there is nothing to see to.
  package var isCalm: Bool {
    errorsLastDay == 0 && deadJobs == 0 && index == Self.current
  }

  /// What an index is called that nobody has said anything of.
  package static let current = "current"

  package init(row: Row) throws {
    // Who never had anything to count has no row.
    let errors: Int? = try row["errors_24h"]
    let dead: Int? = try row["jobs_dead"]
    let index: String? = try row["index_state"]
    errorsLastDay = errors ?? 0
    deadJobs = dead ?? 0
    self.index = index ?? Self.current
  }
}

extension Ledger {
  /// Counts anew how every client is doing.
  /// - Returns: of how many clients a number changed.
  package func countPulses(at moment: Date) async throws -> Int {
    try await database.query(.fleet, "SELECT tenant_pulse_count(\(moment))", as: Int.self).first ?? 0
  }

  /// Compares every client's records with what its search index holds of them; the next count says so.
  /// - Returns: how many clients' index is not current.
  package func surveyIndexes(at moment: Date) async throws -> Int {
    try await database.query(.fleet, "SELECT search_survey(\(moment))", as: Int.self).first ?? 0
  }
}
