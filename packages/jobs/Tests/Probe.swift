// A kind of work for tests: does what its arguments say, and writes down each time that it ran.

import Access
import EthicoTypes
import Foundation
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Jobs

struct Probe: Job {
  static let kind = "test.probe"
  static let tries = 3
  static let safeArguments: Set<String> = ["deed"]

  /// What a probe does.
  enum Deed: String, Codable, Sendable {
    case succeed, fail, failForGood, sendAndFail, sendSlowly, askToStop, wait
  }

  let deed: Deed
  /// Where it writes down that it ran.
  let room: String

  func run(_ run: JobRun) async throws -> String {
    Self.note("run", in: room)
    switch deed {
    case .succeed: return "Done."
    case .fail: throw JobFailure.passing("Not yet.")
    case .failForGood: throw JobFailure.permanent("Never.")
    case .sendAndFail:
      try await run.once { Self.note("sent " + ID<JobRecord>(run.effectKey).description, in: room) }
      throw JobFailure.passing("Sent, and then this.")
    case .sendSlowly:
      try await run.once {
        Self.waiting.withLock { $0[room] }?.yield()
        try await Task.sleep(for: .seconds(3_600))
      }
      return "Sent."
    case .askToStop:
      let id = run.lease.job
      try await run.ledger.tenant(by: run.author.on(run.lease.scope)) { tx in
        try await JobRecord.hold(id, in: tx)?.perform(.cancel, in: tx)
      }
      try await run.progress(1, of: 2)
      return "Went on."
    case .wait:
      Self.waiting.withLock { $0[room] }?.yield()
      try await Task.sleep(for: .seconds(3_600))
      return "Waited."
    }
  }

  private static let notes = Mutex<[String: [String]]>([:])
  /// Told when a probe waits.
  static let waiting = Mutex<[String: AsyncStream<Void>.Continuation]>([:])

  static func note(_ note: String, in room: String) {
    notes.withLock { $0[room, default: []].append(note) }
  }

  static func notes(_ room: String) -> [String] {
    notes.withLock { $0[room] ?? [] }
  }
}

extension TestDatabase {
  /// A worker that waits as long as it may after a failure.
  func worker(_ name: String = "w1", grace: Double = 0) -> Worker {
    var settings = WorkerSettings(name: name)
    settings.pollSeconds = 0.01
    settings.graceSeconds = grace
    return Worker(
      ledger: ledger, kinds: JobKinds(JobKinds.ofThePlatform + [Probe.self]), settings: settings,
      backoff: Backoff { $0.upperBound }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Orders a probe for a client.
  func order(
    _ deed: Probe.Deed, room: String, for tenant: Tenant = World.acmeHealth, uniqueKey: String? = nil
  ) async throws -> ID<JobRecord> {
    try await ledger.tenant(by: system(tenant)) { tx in
      try await tx.order(Probe(deed: deed, room: room), uniqueKey: uniqueKey)
    }
  }

  func job(_ id: ID<JobRecord>, of tenant: Tenant = World.acmeHealth) async throws -> JobRecord {
    let found = try await ledger.tenant(by: system(tenant)) { tx in try await JobRecord.find(id, in: tx) }
    return try #require(found)
  }

  func attempts(_ id: ID<JobRecord>) async throws -> [JobAttempt] {
    let kinds = JobKinds([Probe.self])
    return try await ledger.tenant(by: system(World.acmeHealth)) { tx in
      try await JobRecord.find(id, in: tx)?.file(of: kinds, in: tx).attempts ?? []
    }
  }

  func perform(_ act: JobAct, on id: ID<JobRecord>) async throws {
    try await ledger.tenant(by: system(World.acmeHealth)) { tx in
      try await JobRecord.hold(id, in: tx)?.perform(act, in: tx)
    }
  }
}
