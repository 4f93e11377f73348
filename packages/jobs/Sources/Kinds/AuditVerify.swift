// Verifies every chain of the audit trail, every night: a trail that nobody checks proves nothing.

import Access

/// Verifies every chain of the audit trail.
package struct AuditVerify: Job {
  package static let kind = "audit.verify"
  package static let queue = JobQueue.nightly
  package static let tries = 3

  package init() {}

  package func run(_ run: JobRun) async throws -> String {
    let found = try await run.ledger.verify(by: run.author)
    let scope = "\(found.events) events on \(found.chains) chains"
    guard let first = found.firstBreak else { return "Intact: \(scope)." }
    throw JobFailure.permanent(
      "TAMPERED: \(found.breaks.count) breaks in \(scope). First: \(first.breakClass.rawValue) at \(first.place).")
  }
}
