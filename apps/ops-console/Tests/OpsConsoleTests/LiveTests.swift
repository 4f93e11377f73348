// Pages that keep themselves fresh: what their streams tell, what they never tell, and that they end with the right to
// look.

import Access
import EthicoTypes
import Foundation
import Jobs
import Logging
import OpsConsole
import Postgres
import TestSupport
import Testing
import Workspace

@testable import Web

@Suite("Streams", .timeLimit(.minutes(5)))
struct LiveTests {
  /// Lets the browser's console hear the database beside `body`.
  private func listening(_ browser: RouterClient, _ body: () async throws -> Void) async throws {
    let db = browser.testDatabase
    let streams = browser.console.streams
    let listener = Listener(
      conninfo: db.conninfo, role: .fleet, channel: LiveWatch.channel,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        await listener.run { heard in
          streams.hear(heard)
          isReady.yield()
        }
      }
      defer { group.cancelAll() }
      for await _ in ready { break }
      try await body()
    }
  }

  /// How the right to look at an open page ends.
  enum End: CaseIterable, Sendable {
    case exit, endedByAdministrator, clientClosed, capabilityTaken, locked, deactivated, signedOut

    var code: String {
      switch self {
      case .exit, .endedByAdministrator, .clientClosed: "access_ended"
      case .capabilityTaken: "capability"
      case .locked, .deactivated: "locked"
      case .signedOut: "sign_in"
      }
    }

    /// Done by other instances than the one that has the stream.
    func happen(to browser: RouterClient, in access: String) async throws {
      let db = browser.testDatabase
      let other = try browser.copy()
      switch self {
      case .exit: _ = try await other.post(access + "/exit")
      case .signedOut: _ = try await other.post("/sign-out")
      case .clientClosed:
        let admin = try RouterClient(db)
        try await admin.signIn(World.admin)
        let page = "/platform/tenants/acme-health"
        let version = try #require(try await admin.json(page)["version"] as? Int)
        let reply = try await admin.post(
          page + "/close",
          ["closing_reason": "They have left us.", "slug": "acme-health", "version": "\(version)"])
        #expect(reply.status == 303)
      case .endedByAdministrator, .capabilityTaken, .locked, .deactivated:
        let admin = try RouterClient(db)
        try await admin.signIn(World.admin)
        let people = try await admin.json("/staff?q=" + World.support)["items"] as? [[String: Any]]
        let page = "/staff/" + (try #require(people?.first?["id"] as? String))
        let version = try #require(people?.first?["version"] as? Int)
        let reply =
          switch self {
          case .endedByAdministrator: try await admin.post(page + "/accesses/\(access.dropFirst(3))/end")
          case .locked:
            try await admin.post(page + "/lock", ["reason": "Left the laptop on a train.", "version": "\(version)"])
          case .deactivated: try await admin.post(page + "/deactivate", ["version": "\(version)"])
          default:
            try await admin.post(page + "/take", ["grant": try await grant(db)])
          }
        #expect(reply.status == 303)
      }
    }

    private func grant(_ db: TestDatabase) async throws -> String {
      let ids = try await db.database.query(
        .fleet,
        """
        SELECT g.id::text FROM staff_grant g JOIN staff p ON p.id = g.staff_id
        WHERE p.email = \(World.support) AND g.capability = 'support.act' AND g.ended_at IS NULL
        """, as: String.self)
      return try #require(ids.first)
    }
  }

  @Test("end at once and say why, when the right to look has ended anywhere", arguments: End.allCases)
  func endings(_ end: End) async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    try await listening(browser) {
      try await browser.stream(access + "/live") { (events) async throws in
        let start = ContinuousClock.now
        try await end.happen(to: browser, in: access)
        let event = try #require(await events.next("ended"))
        let said = try event.json()
        #expect(said["code"] as? String == end.code)
        if end == .endedByAdministrator {
          #expect(try #require(said["title"] as? String).contains(#/was ended at \d\d:\d\d, by Alex Kim\./#))
        }
        if end == .clientClosed {
          let title = try #require(said["title"] as? String)
          #expect(title.contains(#/Acme Health was closed at \d\d:\d\d, by Alex Kim, and your access ended with it\./#))
          #expect(said["enter"] == nil)
        }
        #expect(await events.next() == nil)
        // Far below the fifteen seconds after which a beat would have found it.
        #expect(ContinuousClock.now - start < .seconds(10))
      }
    }
  }

  @Test("end at their next beat where the notification was lost")
  func beats() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    try await browser.stream(access + "/live") { (events) async throws in
      browser.console.streams.beat()
      #expect(await events.next()?.name == "beat")
      try await End.exit.happen(to: browser, in: access)
      browser.console.streams.beat()
      #expect(try await events.next()?.json()["code"] as? String == "access_ended")
    }
    #expect(browser.console.streams.count == 0)
  }

  @Test("do not make a sign-in last, and leave no trace in the trail")
  func unseen() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let before = try await db.fingerprint()
    try await browser.stream(access + "/debug/jobs/live") { (events) async throws in
      db.clock.advance(seconds: 29 * 60)
      browser.console.streams.beat()
      #expect(await events.next("beat") != nil)
      #expect(try await browser.json(access + "/debug/jobs/live")["values"] != nil)
      #expect(try await db.fingerprint() == before)
      db.clock.advance(seconds: 61)
      browser.console.streams.beat()
      #expect(try await events.next("ended")?.json()["code"] as? String == "sign_in_expired")
    }
    // A page that was hidden meanwhile asks anew when it is seen: what is sent from it is kept as well.
    let late = try await browser.get(access + "/debug/jobs/live", accept: "application/json")
    #expect(try late.gist == "401 sign_in_expired")
    #expect(try await browser.get(access + "/debug/jobs", accept: "application/json").gist == "401 sign_in")
  }

  @Test("tell of a client's own jobs alone, each by its number and state")
  func tenants() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let own = try await order(db, World.acmeHealth)
    let foreign = try await order(db, World.borealisBank)
    let none = "00000000-0000-0000-0000-000000000000"
    let address = "\(access)/debug/jobs/live?newest=\(none)&seen=\(own).1&seen=\(foreign).1"
    try await listening(browser) {
      try await browser.stream(address) { (events) async throws in
        let first = try #require(await events.next("values"))
        #expect(try first.values()["job.\(own).state"]?["text"] as? String == "Queued")
        #expect(try first.values()["newer"] != nil)
        try await move(foreign, World.borealisBank, db)
        try await move(own, World.acmeHealth, db)
        let second = try #require(await events.next("values"))
        #expect(try second.values()["job.\(own).state"]?["text"] as? String == "Running")
        #expect(try second.values()["job.\(own).moved"] != nil)
        #expect(try second.values()["count.search.running"]?["text"] as? String != nil)
        for event in [first, second] { #expect(!event.text.contains("\(foreign)")) }
        try await move(foreign, World.borealisBank, db, done: 2)
        browser.console.streams.beat()
        #expect(await events.next()?.name == "beat")
      }
    }
  }

  @Test("tell of however many changes by one event")
  func coalescing() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let job = try await order(db, World.acmeHealth)
    try await browser.stream("\(access)/debug/jobs/live?seen=\(job).1") { (events) async throws in
      #expect(await events.next("values") != nil)
      try await move(job, World.acmeHealth, db)
      for _ in 0..<1_000 { browser.console.streams.hear(.keys(["jobs:\(World.acmeHealth.id)"])) }
      browser.console.streams.beat()
      #expect(await events.next()?.name == "values")
      #expect(await events.next()?.name == "beat")
    }
  }

  @Test("are read anew after a gap in what was heard")
  func gap() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let job = try await order(db, World.acmeHealth)
    try await browser.stream("\(access)/debug/jobs/live?seen=\(job).1") { (events) async throws in
      #expect(await events.next("values") != nil)
      try await move(job, World.acmeHealth, db)
      browser.console.streams.hear(.gap)
      #expect(try await events.next("values")?.values()["job.\(job).state"]?["text"] as? String == "Running")
    }
  }

  @Test("are a few for one sign-in, and so many in all; one that is over makes room")
  func limits() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db, streams: StreamLimits(perSignIn: 2, inAll: 3, pace: .zero))
    try await browser.signIn(World.support)
    func refusal() async throws -> String {
      let refused = await #expect(throws: StreamRefused.self) { try await browser.stream("/live") { _ in } }
      return try #require(refused).reply.gist
    }
    try await browser.stream("/live") { (_) async throws in
      try await browser.stream("/live") { (_) async throws in
        #expect(browser.console.streams.count == 2)
        #expect(try await refusal() == "429 too_many_streams")
      }
      try await browser.stream("/live") { _ in }
      try await browser.signIn(World.auditor)
      try await browser.stream("/live") { (_) async throws in
        try await browser.stream("/live") { (_) async throws in
          try await browser.signIn(World.admin)
          #expect(try await refusal() == "503 streams_full")
        }
      }
    }
    #expect(browser.console.streams.count == 0)
  }

  @Test("end when the program is told to stop, and none is opened any more")
  func stopping() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    try await browser.stream("/live") { (events) async throws in
      await browser.console.streams.end(within: .zero)
      #expect(await events.next() == nil)
    }
    let refused = await #expect(throws: StreamRefused.self) { try await browser.stream("/live") { _ in } }
    #expect(try refused?.reply.gist == "503 streams_full")
  }

  @Test(
    "are refused as every address is",
    arguments: [
      ("/i/0193a5c0-0000-7000-8000-00000000ffff/live", World.support, "404 not_found"),
      ("/platform/jobs/live", World.support, "403 capability"), ("/live", "nobody@ethico.example", "401 sign_in"),
    ])
  func refusals(address: String, email: String, gist: String) async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(email)
    let refused = await #expect(throws: StreamRefused.self) { try await browser.stream(address) { _ in } }
    #expect(try refused?.reply.gist == gist)
  }

  @Test("of a page of jobs take so many jobs, each by its id and version")
  func watched() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let page = access + "/debug/jobs/live?"
    let one = "seen=0193a5c0-0000-7000-8000-00000000ffff.1"
    for query in ["seen=nothing", "seen=1.1", Array(repeating: one, count: 21).joined(separator: "&")] {
      #expect(try await browser.get(page + query, accept: "application/json").gist == "400 bad_request")
    }
    #expect(try await browser.get(page + one, accept: "application/json").status == 200)
  }

  @Test("follow a rebuild to its end, and then say how the index stands")
  func rebuild() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    #expect(try await browser.post(access + "/debug/search/employee/rebuild", ["_key": "r"]).status == 303)
    try await listening(browser) {
      try await browser.stream(access + "/debug/search/live") { (events) async throws in
        let first = try #require(await events.next("values")).values()
        #expect(first["employee.rebuild.state"]?["text"] as? String == "Queued")
        #expect(first["case.missing"]?["text"] as? String == "3")
        let worker = Worker(
          ledger: db.ledger, kinds: OpsConsole.jobKinds, settings: WorkerSettings(name: "w", queues: [.search]),
          logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        while try await worker.turn() {}
        var seen: [[String: [String: Any]]] = []
        repeat {
          seen.append(try #require(await events.next("values")).values())
        } while seen.last?["employee.rebuild.again"] == nil
        let last = try #require(seen.last)
        #expect(last["employee.rebuild.state"]?["text"] as? String == "Rebuilt, generation 2")
        #expect(last["employee.rebuild.state"]?["meaning"] as? String == "good")
      }
    }
  }

  /// A job that waits, and that no worker takes.
  private func order(_ db: TestDatabase, _ tenant: Tenant) async throws -> ID<JobRecord> {
    try await db.ledger.tenant(by: db.system(tenant)) { tx in
      try await tx.order(SearchRebuild(entity: "nothing"), at: tx.at.addingTimeInterval(86_400))
    }
  }

  /// Lets the job run, or get on.
  private func move(_ job: ID<JobRecord>, _ tenant: Tenant, _ db: TestDatabase, done: Int = 1) async throws {
    _ = try await db.ledger.tenant(by: db.system(tenant)) { tx in
      try await tx.execute(
        """
        UPDATE job
        SET state = 'running', worker = 'w', heartbeat_at = \(tx.at), leased_until = \(tx.at), started_at = \(tx.at),
          done = \(done), total = 10, version = version + 1
        WHERE id = \(job)
        """)
    }
  }
}
