// Workers on one database: each job once, whoever dies, and nothing sent twice.

import Access
import EthicoTypes
import Foundation
import Logging
import Postgres
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Jobs

@Suite("Workers")
struct WorkerTests {
  @Test("two of them run forty jobs of two clients, each once")
  func once() async throws {
    let db = try await TestDatabase.make()
    let room = UUID().uuidString
    for number in 0..<40 {
      _ = try await db.order(
        .succeed, room: room, for: number.isMultiple(of: 2) ? World.acmeHealth : World.borealisBank)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for name in ["w1", "w2", "w3", "w4"] {
        group.addTask { while try await db.worker(name).turn() {} }
      }
      try await group.waitForAll()
    }
    #expect(Probe.notes(room).count == 40)
    let left = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM job WHERE kind = 'test.probe' AND (state <> 'succeeded' OR attempts <> 1)",
      as: Int.self)
    #expect(left == [0])
    let due = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM job_due WHERE kind = 'test.probe'", as: Int.self)
    #expect(due == [0])
  }

  @Test("one takes over when the other's lease has run out, and the other then changes nothing")
  func takeover() async throws {
    let db = try await TestDatabase.make()
    let room = UUID().uuidString
    let id = try await db.order(.succeed, room: room)
    let due = try #require(try await db.ledger.dueJobs(queues: JobQueue.allCases, kinds: ["test.probe"]).first)
    let first = try #require(try await db.ledger.claim(due, worker: "w1"))
    #expect(try await db.ledger.claim(due, worker: "w2") == nil)
    #expect(try await db.worker("w2").turn() == false)
    db.clock.advance(seconds: 20)
    try await db.ledger.beat(first.lease, done: 1, total: 9)
    db.clock.advance(seconds: 20)
    #expect(try await db.worker("w2").turn() == false, "a sign of life has renewed the lease")
    db.clock.advance(seconds: 11)
    #expect(try await db.worker("w2").turn())

    await #expect(throws: JobStop.lost) { try await db.ledger.beat(first.lease) }
    await #expect(throws: JobStop.lost) {
      try await JobRun(first, ledger: db.ledger).inside { tx in
        try await tx.execute("UPDATE job SET result = 'Mine.' WHERE id = \(id)")
      }
    }
    try await db.ledger.finish(first.lease, .failed("Late.", retry: nil))
    let job = try await db.job(id)
    #expect(job.state == .succeeded && job.result == "Done." && job.attempts == 2 && job.losses == 1)
    #expect(Probe.notes(room) == ["run"])
    let attempts = try await db.attempts(id)
    #expect(attempts.map(\.outcome) == [.succeeded, .lost] && attempts.map(\.worker) == ["w2", "w1"])
  }

  @Test("one shows that it lives while a transaction of its job goes on, and no other takes the job meanwhile")
  func livesWithin() async throws {
    let db = try await TestDatabase.make()
    let id = try await db.order(.succeed, room: UUID().uuidString)
    let due = try #require(try await db.ledger.dueJobs(queues: JobQueue.allCases, kinds: ["test.probe"]).first)
    let claimed = try #require(try await db.ledger.claim(due, worker: "w1"))
    try await JobRun(claimed, ledger: db.ledger).inside { _ in
      try await db.ledger.beat(claimed.lease)
      db.clock.advance(seconds: 31)
      #expect(try await db.ledger.claim(due, worker: "w2") == nil)
    }
    #expect(try await db.job(id).worker == "w1")
  }

  @Test("none takes a job that has been lost twice: it is stuck until a person decides")
  func poison() async throws {
    let db = try await TestDatabase.make()
    let room = UUID().uuidString
    let id = try await db.order(.succeed, room: room)
    for worker in ["w1", "w2", "w3"] {
      let due = try #require(try await db.ledger.dueJobs(queues: JobQueue.allCases, kinds: ["test.probe"]).first)
      #expect(try await db.ledger.claim(due, worker: worker) != nil)
      db.clock.advance(seconds: 31)
    }
    #expect(try await db.worker().turn() == false)
    #expect(try await !db.job(id).isStuck(at: db.clock.now))
    db.clock.advance(seconds: 60)
    #expect(try await db.job(id).isStuck(at: db.clock.now))
    #expect(try await db.worker().turn() == false)
    try await db.perform(.retry, on: id)
    #expect(try await db.worker().turn())
    #expect(try await db.job(id).state == .succeeded && Probe.notes(room) == ["run"])
  }

  @Test("a failed job waits longer each time, up to its last try, and a person's retry gives it all of them again")
  func backoff() async throws {
    let db = try await TestDatabase.make()
    let room = UUID().uuidString
    let id = try await db.order(.fail, room: room)
    for (attempt, seconds) in [(1, 20.0), (2, 40.0)] {
      #expect(try await db.worker().turn())
      let job = try await db.job(id)
      #expect(job.state == .retrying && job.attempts == attempt && job.lastError == "Not yet.")
      #expect(abs(job.runAt.timeIntervalSince(db.clock.now) - seconds) < 1)
      db.clock.advance(seconds: seconds - 2)
      #expect(try await db.worker().turn() == false)
      db.clock.advance(seconds: 3)
    }
    #expect(try await db.worker().turn())
    #expect(try await db.job(id).state == .dead)
    #expect(try await db.worker().turn() == false)
    try await db.perform(.retry, on: id)
    let again = try await db.job(id)
    #expect(again.state == .queued && again.attempts == 3 && again.attemptsLeft == 3)
  }

  @Test("waits are full jitter: from nothing to a limit that doubles, six hours at the most")
  func jitter() {
    #expect(Backoff { $0.lowerBound }.seconds(after: 5) == 0)
    #expect([1, 2, 3, 20].map { Backoff { $0.upperBound }.seconds(after: $0) } == [20, 40, 80, 21_600])
  }

  @Test("what cannot be helped by trying again is dead at once")
  func permanent() async throws {
    let db = try await TestDatabase.make()
    let id = try await db.order(.failForGood, room: UUID().uuidString)
    #expect(try await db.worker().turn())
    let job = try await db.job(id)
    #expect(job.state == .dead && job.lastError == "Never." && job.attempts == 1)
  }

  @Test("nothing is sent twice, however often a job is tried")
  func sending() async throws {
    let db = try await TestDatabase.make()
    let room = UUID().uuidString
    let id = try await db.order(.sendAndFail, room: room)
    for _ in 0..<3 {
      #expect(try await db.worker().turn())
      db.clock.advance(seconds: 100)
    }
    try await db.perform(.retry, on: id)
    #expect(try await db.worker().turn())
    #expect(Probe.notes(room).filter { $0 == "run" }.count == 4)
    #expect(Probe.notes(room).filter { $0.hasPrefix("sent ") }.count == 1)
  }

  @Test("what may have been sent when a worker went away is not sent again: the job is dead and says why")
  func doubtful() async throws {
    let db = try await TestDatabase.make()
    let room = UUID().uuidString
    let id = try await db.order(.sendAndFail, room: room)
    let due = try #require(try await db.ledger.dueJobs(queues: JobQueue.allCases, kinds: ["test.probe"]).first)
    let claimed = try #require(try await db.ledger.claim(due, worker: "w1"))
    #expect(try await db.ledger.beginEffect(claimed.lease) == .begun)
    db.clock.advance(seconds: 31)
    #expect(try await db.worker("w2").turn() == false)
    var job = try await db.job(id)
    #expect(job.state == .dead && job.effect == .begun && job.result == JobRun.doubt)
    try await db.perform(.retry, on: id)
    #expect(try await db.worker("w2").turn())
    job = try await db.job(id)
    #expect(job.state == .dead && job.lastError == JobRun.doubt)
    #expect(Probe.notes(room) == ["run"])
  }

  @Test("a job that runs is cancelled at its next sign of life")
  func cancelled() async throws {
    let db = try await TestDatabase.make()
    let room = UUID().uuidString
    let id = try await db.order(.askToStop, room: room)
    #expect(try await db.worker().turn())
    let job = try await db.job(id)
    #expect(job.state == .cancelled && job.result == nil)
    #expect(try await db.attempts(id).map(\.outcome) == [.cancelled])
  }

  @Test("a worker that is stopped gives back what it cannot finish, and the try is not counted")
  func stopping() async throws {
    let db = try await TestDatabase.make()
    let job = try await db.job(try await stopped(.wait, db))
    #expect(job.state == .retrying && job.attemptsLeft == Probe.tries)
    #expect(try await db.attempts(job.id).map(\.outcome) == [.handedBack])
  }

  @Test("what a worker that is stopped did not send is in no doubt: the next one sends it")
  func stoppingToSend() async throws {
    let db = try await TestDatabase.make()
    let job = try await db.job(try await stopped(.sendSlowly, db))
    #expect(job.state == .retrying && job.effect == .none && job.attemptsLeft == Probe.tries)
  }

  /// Orders a probe, and stops its worker while it runs.
  private func stopped(_ deed: Probe.Deed, _ db: TestDatabase) async throws -> ID<JobRecord> {
    let room = UUID().uuidString
    let id = try await db.order(deed, room: room)
    let (started, teller) = AsyncStream.makeStream(of: Void.self)
    Probe.waiting.withLock { $0[room] = teller }
    let group = ServiceGroup(
      services: [db.worker()], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      for await _ in started { break }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
    return id
  }

  @Test("of one kind and key one job waits or runs at a time")
  func unique() async throws {
    let db = try await TestDatabase.make()
    let room = UUID().uuidString
    let first = try await db.order(.succeed, room: room, uniqueKey: "k")
    #expect(try await db.order(.succeed, room: room, uniqueKey: "k") == first)
    #expect(try await db.order(.succeed, room: room, for: World.borealisBank, uniqueKey: "k") != first)
    while try await db.worker().turn() {}
    #expect(try await db.order(.succeed, room: room, uniqueKey: "k") != first)
  }
}
