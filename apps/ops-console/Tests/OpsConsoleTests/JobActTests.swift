// What waits for its time in the jobs tab: run before it, or never, one by one and all that match; each act once in the
// trail, and the worker keeps to it.

import Access
import EthicoTypes
import Foundation
import Jobs
import Postgres
import TestSupport
import Testing
import Workspace

@Suite("Jobs that wait")
struct JobActTests {
  private typealias Item = [String: Any]

  /// A support person inside Acme, with counts of its retention that are to be made tomorrow.
  private struct Line {
    let db: TestDatabase
    let browser: RouterClient
    let jobs: String
    let waiting: [String]

    init(_ count: Int) async throws {
      db = try await TestDatabase.make()
      let tomorrow = World.now.addingTimeInterval(86_400)
      let ordered: [ID<JobRecord>] = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        var ordered: [ID<JobRecord>] = []
        for _ in 0..<count {
          ordered.append(try await tx.order(RetentionCheck(entity: "case", askedBy: "test"), at: tomorrow))
        }
        return ordered
      }
      waiting = ordered.map(\.description)
      let (browser, access) = try await RouterClient.inside(db)
      self.browser = browser
      jobs = access + "/debug/jobs"
    }

    func state(_ job: String) async throws -> String? {
      try await browser.json(jobs + "/" + job)["state"] as? String
    }

    func act(_ verb: String, _ job: String) async throws -> RouterClient.Reply {
      let version = try #require(try await browser.json(jobs + "/" + job)["version"] as? Int)
      return try await browser.post("\(jobs)/\(job)/\(verb)", ["version": "\(version)"], accept: "application/json")
    }

    /// Does to all jobs of this kind that wait what the page offers, and says how the list greets one afterwards.
    func all(_ act: String) async throws -> String {
      let shown = try await browser.get("\(jobs)/bulk?act=\(act)&state=queued&kind=retention.check")
      let form = try #require(OfferedForm.all(in: shown.body).first { $0.action == jobs + "/bulk" })
      #expect(form["count"] == String(waiting.count))
      let done = try await browser.post(form.action, list: form.fields.map { ($0.name, $0.value) })
      return try await browser.get(try #require(done.location)).body
    }

    /// What the trail says of acts on jobs: the act, by whom, at which client, with the jobs that it was done to.
    func events() async throws -> [String] {
      try await db.superuser().query(
        .superuser,
        """
        SELECT concat_ws(' ', e.action, e.outcome, s.email, t.slug, e.object_type, (
          SELECT string_agg(f ->> 'id', ',' ORDER BY f ->> 'id')
          FROM jsonb_array_elements(e.body::jsonb -> 'effects') AS f))
        FROM audit_event e
        JOIN staff s ON s.id::text = e.actor_id
        JOIN tenant t ON t.id = e.chain
        WHERE e.action LIKE 'job.%' AND e.impersonation_id IS NOT NULL AND e.at > \(World.now)
        ORDER BY e.at, e.id
        """, as: String.self)
    }
  }

  @Test("is run before its time, and done; what is done is not run again")
  func runNow() async throws {
    let line = try await Line(1)
    let job = line.waiting[0]
    try await line.db.runJobs()
    #expect(try await line.state(job) == "queued")
    let done = try await line.act("run-now", job)
    #expect(done.status == 303)
    #expect(try await line.browser.get(try #require(done.location)).body.contains("class=\"result\""))
    try await line.db.runJobs()
    let found = try await line.browser.json(line.jobs + "/" + job)
    #expect(found["state"] as? String == "succeeded" && found["attempts"] as? Int == 1)
    #expect((found["result"] as? String)?.hasSuffix("Nothing was deleted.") == true)
    #expect(try await line.act("run-now", job).gist == "409 bad_transition")
    #expect(
      try await line.events() == [
        "job.run_now ok \(World.support) acme-health job", "job.run_now conflict \(World.support) acme-health job",
      ])
  }

  @Test("is cancelled while it waits, and never runs; what is cancelled stays so")
  func cancel() async throws {
    let line = try await Line(1)
    let job = line.waiting[0]
    let done = try await line.act("cancel", job)
    #expect(done.status == 303)
    #expect(try await line.browser.get(try #require(done.location)).body.contains("It is cancelled."))
    line.db.clock.advance(seconds: 2 * 86_400)
    try await line.db.runJobs()
    try await line.browser.signIn(World.support)
    let found = try await line.browser.json(line.jobs + "/" + job)
    #expect(found["state"] as? String == "cancelled" && found["attempts"] as? Int == 0)
    for verb in ["cancel", "run-now", "retry"] {
      #expect(try await line.act(verb, job).gist == "409 bad_transition", "\(verb)")
    }
    #expect(try await line.events().first == "job.cancel ok \(World.support) acme-health job")
  }

  @Test("all that match are run before their time, by one event with their ids")
  func allNow() async throws {
    let line = try await Line(3)
    #expect(try await line.all("run_now").contains("3 jobs were put in line."))
    try await line.db.runJobs()
    for job in line.waiting { #expect(try await line.state(job) == "succeeded") }
    let ids = line.waiting.sorted().joined(separator: ",")
    #expect(try await line.events() == ["job.bulk ok \(World.support) acme-health tenant \(ids)"])
  }

  @Test("all that match are cancelled by one event with their ids, and no other job is")
  func cancelAll() async throws {
    let line = try await Line(3)
    let others = try await states(line, but: "queued")
    #expect(try await line.all("cancel").contains("3 jobs were cancelled, or asked to stop."))
    for job in line.waiting { #expect(try await line.state(job) == "cancelled") }
    #expect(try await states(line, but: "cancelled") == others)
    let ids = line.waiting.sorted().joined(separator: ",")
    #expect(try await line.events() == ["job.bulk ok \(World.support) acme-health tenant \(ids)"])
    #expect(try await line.db.ledger.verify(by: line.db.system()).result == .intact)
  }

  /// Each job of Acme that stands elsewhere.
  private func states(_ line: Line, but state: String) async throws -> [String] {
    try await line.db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', id, state, version) FROM job
      WHERE tenant_id = \(World.acmeHealth.id) AND state <> \(state) ORDER BY id
      """, as: String.self)
  }
}
