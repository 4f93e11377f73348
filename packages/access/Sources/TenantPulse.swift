// How a client is doing, in numbers alone: counted every minute, so that the directory need not look into anybody's
// rows.

package import EthicoTypes
package import FoundationEssentials
public import Postgres

/// How a client is doing, as it was last counted.
public struct TenantPulse: Sendable, Hashable, RowDecodable {
  /// How many requests and jobs failed in the last 24 hours, by whole hours.
  public let errorsLastDay: Int
  /// How many jobs are given up until somebody retries them.
  public let deadJobs: Int
  /// How current its search index is: `current`, `waiting`, `incomplete` or `stale`.
  public let index: String

  /// Whether there is nothing to see to.
  public var isCalm: Bool {
    errorsLastDay == 0 && deadJobs == 0 && index == Self.current
  }

  /// What an index is called that nobody has said anything of.
  public static let current = "current"

  /// Reads `errors_24h`, `jobs_dead` and `index_state`; NULL means nothing to count, and a current index.
  public init(row: Row) throws {
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

  /// Every client, in the order of their ids.
  package func clientIDs() async throws -> [ID<Tenant>] {
    try await database.query(
      .fleet, "SELECT tenant_id FROM tenant_directory ORDER BY tenant_id", as: ID<Tenant>.self)
  }

  /// Compares the records of some clients with what their search indexes hold of them; the next count says so.
  /// - Parameter clients: few enough for one statement: a client of 850,000 documents takes a second.
  /// - Returns: how many of them have an index that is not current.
  package func surveyIndexes(of clients: [ID<Tenant>], at moment: Date) async throws -> Int {
    try await database.query(.fleet, "SELECT search_survey(\(moment), \(clients))", as: Int.self).first ?? 0
  }
}
