// What is done to all jobs that match: counted before it is done, each work once, one event.

import Access
import EthicoTypes
import Foundation
import Jobs
import Postgres
import TestSupport
import Testing

@Suite("All jobs that match")
struct JobBulkTests {
  private func inside(_ db: TestDatabase) async throws -> (RouterClient, String) {
    let (browser, access) = try await RouterClient.inside(db)
    return (browser, access + "/debug/jobs")
  }

  @Test("acts on all that match: counted first, at most a thousand, one event with their ids")
  func bulk() async throws {
    let db = try await TestDatabase.make()
    let (browser, jobs) = try await inside(db)
    try await plant(1_003, db)
    let filter = "state=dead&kind=test.bulk"
    let many = try await browser.get(jobs + "/bulk?act=retry&" + filter)
    #expect(many.body.contains("More than 1,000 jobs match"))
    let form: KeyValuePairs<String, String> = ["act": "retry", "state": "dead", "kind": "test.bulk", "count": "1001"]
    let refused = try await browser.post(jobs + "/bulk", form, accept: "application/json")
    #expect(try refused.gist == "422 too_many")
    _ = try await db.superuser().execute(
      .superuser, "DELETE FROM job WHERE kind = 'test.bulk' AND (arguments ->> 'n')::int > 1000")
    let counted = try await browser.json(jobs + "/bulk?act=retry&" + filter)
    #expect(counted["count"] as? Int == 1_000)
    let changed = try await browser.post(
      jobs + "/bulk", ["act": "retry", "state": "dead", "kind": "test.bulk", "count": "999"])
    #expect(changed.status == 409 && changed.body.contains("999 when you looked, 1,000 now"))
    let done = try await browser.post(
      jobs + "/bulk", ["act": "retry", "state": "dead", "kind": "test.bulk", "count": "1000", "_key": "k"])
    #expect(done.status == 303)
    #expect(try await browser.get(try #require(done.location)).body.contains("1,000 jobs were put in line."))
    #expect(try await browser.json(jobs + "?state=queued&kind=test.bulk")["count"] as? Int == 1_000)
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT jsonb_array_length(body::jsonb -> 'effects') FROM audit_event WHERE action = 'job.bulk' AND outcome = 'ok'
      """, as: Int.self)
    #expect(told == [1_000])
    let dead = try await browser.json(jobs + "?state=dead")["items"] as? [[String: Any]]
    #expect(dead?.first?["kind"] as? String == "mail.deliver")
    let queued = try await browser.json(jobs + "?state=queued&kind=test.bulk")["items"] as? [[String: Any]]
    let touched = try await browser.get(jobs + "/\(queued?.first?["id"] ?? "")").body
    #expect(touched.contains("Jordan Doyle</strong> · job.bulk · retry"))
    let spared = try await browser.get(jobs + "/\(dead?.first?["id"] ?? "")")
    #expect(spared.status == 200 && !spared.body.contains("job.bulk"))
  }

  @Test("of jobs with one key the newest is tried again, none where one waits already; the others are told and left")
  func bulkOfOneKey() async throws {
    let db = try await TestDatabase.make()
    let (browser, jobs) = try await inside(db)
    try await plant(6, db)
    // Two share a key, one has the key of a job that waits, three have none.
    _ = try await db.superuser().execute(
      .superuser,
      """
      WITH numbered AS (
        SELECT id, row_number() OVER (ORDER BY id) AS place FROM job WHERE kind = 'test.bulk'
      ), keyed AS (
        UPDATE job j SET unique_key = CASE WHEN n.place < 3 THEN 'shared' ELSE 'taken' END
        FROM numbered n WHERE n.id = j.id AND n.place <= 3
        RETURNING j.tenant_id
      )
      INSERT INTO job (tenant_id, id, kind, queue, state, unique_key, effect_key, tries, attempts_left, run_at)
      SELECT \(World.acmeHealth.id), gen_random_uuid(), 'test.bulk', 'default', 'queued', 'taken', gen_random_uuid(), 3,
        3, \(World.now)
      """)
    let form = try await browser.get(jobs + "/bulk?act=retry&state=dead&kind=test.bulk")
    #expect(form.body.contains("4 jobs will be tried again"))
    #expect(form.body.contains("2 are left as they are: another job does the same work."))
    #expect(try await browser.json(jobs + "/bulk?act=retry&state=dead&kind=test.bulk")["left"] as? Int == 2)
    let newest = try await db.superuser().query(
      .superuser, "SELECT max(id::text) FROM job WHERE unique_key = 'shared'", as: String.self)
    let done = try await browser.post(
      jobs + "/bulk", ["act": "retry", "state": "dead", "kind": "test.bulk", "count": "4"])
    let list = try await browser.get(try #require(done.location))
    #expect(list.body.contains("4 jobs were put in line. 2 were left as they were: another job does the same work."))
    let queued = try await db.superuser().query(
      .superuser, "SELECT id::text FROM job WHERE unique_key = 'shared' AND state = 'queued'", as: String.self)
    #expect(queued == newest)
    #expect(try await browser.json(jobs + "?state=dead&kind=test.bulk")["count"] as? Int == 2)
  }

  private func plant(_ count: Int, _ db: TestDatabase) async throws {
    _ = try await db.superuser().execute(
      .superuser,
      """
      INSERT INTO job (tenant_id, id, kind, queue, arguments, state, effect_key, tries, attempts_left, created_at,
        run_at, finished_at)
      SELECT \(World.acmeHealth.id), gen_random_uuid(), 'test.bulk', 'default', jsonb_build_object('n', n), 'dead',
        gen_random_uuid(), 3, 0, \(World.now), \(World.now), \(World.now)
      FROM generate_series(1, \(count)) AS n
      """)
  }
}
