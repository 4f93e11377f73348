// Verifies every chain of the audit trail, every night: a trail that nobody checks proves nothing.

import Access

/// Verifies every chain of the audit trail.
public struct AuditVerify: Job {
  public static let kind = "audit.verify"
  public static let queue = JobQueue.nightly
  public static let tries = 3

  public init() {}

  public func run(_ run: JobRun) async throws -> String {
    let found = try await run.ledger.verify(by: run.author)
    let scope = "\(found.events) events on \(found.chains) chains"
    guard let first = found.firstBreak else { return "Intact: \(scope)." }
    throw JobFailure.permanent(
      "TAMPERED: \(found.breaks.count) breaks in \(scope). First: \(first.breakClass.rawValue) at \(first.place).")
  }
}
