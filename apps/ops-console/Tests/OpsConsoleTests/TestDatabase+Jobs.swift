// Jobs done within a test, when the test says so.

import Jobs
import Logging
import OpsConsole
import TestSupport

extension TestDatabase {
  /// Does every job that is due, and those that they order, with all that the console knows to do.
  func runJobs() async throws {
    let worker = Worker(
      ledger: ledger, kinds: OpsConsole.jobKinds, settings: WorkerSettings(name: "test:1"),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    // Ends when nothing is due.
    while try await worker.turn() {}
  }
}
