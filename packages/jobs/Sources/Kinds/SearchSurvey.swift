// Compares every hour each client's search index with its records, for the directory.

import Access
import EthicoTypes

/// Compares every hour what each client's search index holds with the records that it should hold.
package struct SearchSurvey: Job {
  package static let kind = "search.survey"
  package static let queue = JobQueue.nightly
  package static let tries = 3

  package init() {}

  /// So many clients are compared by one statement.
  private static let batch = 20

  package func run(_ run: JobRun) async throws -> String {
    let clients = try await run.ledger.clientIDs()
    var behind = 0
    var compared = 0
    for some in clients.batches(of: Self.batch) {
      behind += try await run.ledger.surveyIndexes(of: some, at: run.ledger.timepiece.now())
      compared += some.count
      try await run.progress(compared, of: clients.count)
    }
    return "\(behind) \(behind == 1 ? "client's" : "clients'") index is not current."
  }
}
