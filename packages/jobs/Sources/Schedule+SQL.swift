// What is done again and again. Of all workers one orders each turn, and a turn that was slept through is not made up.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// A turn of something that is done again and again.
struct Schedule: Sendable, RowDecodable {
  let kind: String
  let everyMinutes: Int
  let atMinute: Int
  /// `nil` until a worker has seen it.
  let nextAt: Date?

  init(kind: String, everyMinutes: Int, atMinute: Int, nextAt: Date? = nil) {
    self.kind = kind
    self.everyMinutes = everyMinutes
    self.atMinute = atMinute
    self.nextAt = nextAt
  }

  init(row: Row) throws {
    self.init(
      kind: try row["kind"], everyMinutes: try row["every_minutes"], atMinute: try row["at_minute"],
      nextAt: try row["next_at"])
  }

  /// The first turn after that moment.
  func turn(after moment: Date) -> Date {
    let every = everyMinutes * 60
    let offset = atMinute * 60
    let seconds = Int(moment.timeIntervalSince1970.rounded(.down))
    return Date(timeIntervalSince1970: TimeInterval(((seconds - offset) / every + 1) * every + offset))
  }
}

extension Ledger {
  /// Orders the platform's turns that have come.
  /// - Returns: the kinds ordered.
  @discardableResult
  func orderTurns(of kinds: JobKinds) async throws -> [String] {
    let facts = RequestFacts(id: ids.next(at: timepiece.now()), ip: nil, method: "JOB", route: "job.schedule")
    return try await tenant(by: Author(.system("schedule"), tenant: .platform, request: facts)) { tx in
      let due = try await tx.query(
        """
        SELECT kind, every_minutes, at_minute, next_at
        FROM job_schedule
        WHERE kind = ANY(\(kinds.names)) AND (next_at IS NULL OR next_at <= \(tx.at))
        ORDER BY kind
        FOR UPDATE SKIP LOCKED
        """, as: Schedule.self)
      var ordered: [String] = []
      for schedule in due {
        try await tx.execute(
          """
          UPDATE job_schedule SET last_at = next_at, next_at = \(schedule.turn(after: tx.at))
          WHERE kind = \(schedule.kind)
          """)
        guard schedule.nextAt != nil, let kind = kinds.named(schedule.kind) else { continue }
        _ = try await tx.place(
          JobOrder(
            kind: kind.name, queue: kind.queue, tries: kind.tries, arguments: JSONText("{}"), runAt: tx.at,
            uniqueKey: "schedule", priority: .normal))
        ordered.append(kind.name)
      }
      return ordered
    }
  }
}
