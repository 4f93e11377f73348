// Two cases made one through the routes.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Merging cases")
struct CaseMergeTests {
  private typealias Item = [String: Any]

  /// The form of a merge as its page gives it.
  private func form(
    _ source: [String: Any], into target: [String: Any], key: String = "merge"
  ) -> [(String, String)] {
    [
      ("into", target["id"] as? String ?? ""), ("version", "\(source["version"] ?? "")"),
      ("target_version", "\(target["version"] ?? "")"), ("_key", key),
    ]
  }

  @Test("moves the reports and what is still investigated, keeps the rest, and tells it once for both")
  func merge() async throws {
    let cases = try await Cases()
    let (browser, db) = (cases.browser, cases.db)
    let (source, ending) = try await cases.some("stage=active")
    let (target, lasting) = try await cases.some("stage=assigned")
    let opened = try await browser.post(source + "/investigations", ["title": "Interviews", "plan": ""])
    #expect(opened.status == 303)
    let noted = try await browser.post(source + "/notes", ["body": "Stays here.", "visibility": "team"])
    #expect(noted.status == 303)
    let reports = try #require(ending["reports"] as? [Item]).compactMap { $0["id"] as? String }
    let open = try #require(try await browser.json(source)["investigations"] as? [Item])
      .filter { $0["state"] as? String != "closed" }.compactMap { $0["id"] as? String }
    #expect(!reports.isEmpty && !open.isEmpty)

    let choice = try await browser.json(source + "/merge?q=" + (lasting["reference"] as? String ?? ""))
    #expect((choice["items"] as? [Item])?.map { $0["id"] as? String } == [lasting["id"] as? String])
    let preview = try await browser.get(source + "/merge?into=\(lasting["id"] ?? "")")
    #expect(preview.body.contains("Merge into \(lasting["reference"] ?? "")"))
    let sent = form(try await browser.json(source), into: try await browser.json(target))
    let done = try await browser.post(source + "/merge", list: sent)
    let again = try await browser.post(source + "/merge", list: sent)
    #expect(done.status == 303 && again.location == done.location)

    let after = try await browser.json(source)
    #expect(after["stage"] as? String == "closed" && after["outcome"] as? String == "merged")
    #expect((after["merged_into"] as? Item)?["reference"] as? String == lasting["reference"] as? String)
    #expect((after["reports"] as? [Any])?.isEmpty == true && after["next_stages"] as? [String] == ["archived"])
    let page = try await browser.get(source)
    #expect(page.body.contains("This case went into") && page.body.contains("Stays here."))
    for act in ["assign", "notes", "messages", "reports", "merge"] {
      #expect(!page.body.contains("action=\"\(source)/\(act)\""), "\(act)")
    }
    let joined = try await browser.json(target)
    let moved = try #require(joined["reports"] as? [Item]).filter { $0["link"] as? String == "merged_from" }
    #expect(moved.compactMap { $0["id"] as? String }.sorted() == reports.sorted())
    let investigations = try #require(joined["investigations"] as? [Item]).compactMap { $0["id"] as? String }
    #expect(Set(investigations).isSuperset(of: open))
    let shown = try await browser.get(target)
    #expect(shown.body.contains("Merged into this case") && shown.body.contains("Case merge"))

    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', s.email, e.outcome, jsonb_array_length(e.body::jsonb -> 'effects'), d.text)
      FROM audit_event e
      JOIN staff s ON s.id::text = e.actor_id
      LEFT JOIN audit_detail d ON d.event = e.id
      WHERE e.action = 'case.merge' AND e.chain = \(World.acmeHealth.id) AND e.impersonation_id IS NOT NULL
      """, as: String.self)
    let told =
      "\(reports.count == 1 ? "1 report" : "\(reports.count) reports"), "
      + (open.count == 1 ? "1 open investigation" : "\(open.count) open investigations")
    #expect(
      events == [
        "\(World.support) ok 2 \(ending["reference"] ?? ""): into \(lasting["reference"] ?? ""), \(told)"
      ])
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  @Test("checks both versions: who saved either in between loses nothing")
  func stale() async throws {
    let cases = try await Cases()
    let (source, ending) = try await cases.some("stage=active")
    let (target, lasting) = try await cases.some("stage=assigned")
    for page in [source, target] {
      let now = try await cases.browser.json(page)
      let edited = try await cases.browser.post(
        page + "/edit",
        ["title": "Another title", "summary": "", "severity": "low", "version": "\(now["version"] ?? "")"])
      #expect(edited.status == 303)
      let fresh = page == source ? try await cases.browser.json(target) : try await cases.browser.json(source)
      let sent = page == source ? form(ending, into: fresh) : form(fresh, into: lasting)
      let late = try await cases.browser.post(source + "/merge", list: sent.dropLast() + [("_key", page)])
      #expect(late.status == 409 && late.body.contains("was changed while you worked on it"), "\(page == source)")
      #expect(late.body.contains("Merge into \(lasting["reference"] ?? "")"))
    }
    #expect(try await cases.browser.json(source)["merged_into"] == nil)
  }

  @Test("refuses what is closed, merged, itself or another client’s, by HTTP and by SQL")
  func illegal() async throws {
    let cases = try await Cases()
    let browser = cases.browser
    let (source, ending) = try await cases.some("stage=active")
    let (_, other) = try await cases.some("stage=active", 1)
    let (target, lasting) = try await cases.some("stage=assigned")
    func refused(_ page: String, _ into: Item, _ gist: String) async throws {
      let sent = form(try await browser.json(page), into: into, key: UUID().uuidString)
      let reply = try await browser.post(page + "/merge", list: sent, accept: "application/json")
      #expect(try reply.gist == gist, "\(page)")
    }
    try await refused(source, ending, "422 invalid")
    let foreign = try await cases.db.superuser().query(
      .superuser, "SELECT id::text FROM \"case\" WHERE tenant_id = \(World.borealisBank.id) LIMIT 1", as: String.self)
    try await refused(source, ["id": try #require(foreign.first), "version": 1], "422 invalid")
    for stage in ["closed", "archived"] {
      let (closed, past) = try await cases.some("stage=" + stage)
      try await refused(source, past, "409 bad_transition")
      try await refused(closed, lasting, "409 bad_transition")
    }
    let done = try await browser.post(source + "/merge", list: form(ending, into: lasting))
    #expect(done.status == 303)
    let merged = try await browser.json(source)
    try await refused(target, merged, "409 merged")
    try await refused(source, other, "409 merged")
    let reopened = try await browser.post(
      source + "/stage", ["stage": "active", "reason": "Again.", "version": "\(merged["version"] ?? "")"],
      accept: "application/json")
    #expect(try reopened.gist == "409 bad_transition")
    let note = try await browser.post(
      source + "/notes", ["body": "Late.", "visibility": "all"], accept: "application/json")
    #expect(try note.gist == "409 merged")

    let ids = [ending, other, lasting].map { ID<Tenant>($0["id"] as? String ?? "") }
    let (past, own, there) = (ids[0], ids[1], ids[2])
    let statements: [(String, SQL)] = [
      ("case_merged", "UPDATE \"case\" SET stage = 'active', outcome = NULL, merged_into = NULL WHERE id = \(past)"),
      ("case_merged", "UPDATE \"case\" SET merged_into = \(own) WHERE id = \(past)"),
      (
        "case_merge",
        "UPDATE \"case\" SET stage = 'closed', outcome = 'merged', merged_into = \(past) WHERE id = \(there)"
      ),
      (
        "case_merged_elsewhere",
        "UPDATE \"case\" SET stage = 'closed', outcome = 'merged', merged_into = id WHERE id = \(own)"
      ),
      ("case_merged_outcome", "UPDATE \"case\" SET stage = 'closed', outcome = 'merged' WHERE id = \(own)"),
      (
        "case_merged",
        """
        INSERT INTO note (tenant_id, id, case_id, visibility, body)
        VALUES (\(World.acmeHealth.id), \(UUID()), \(past), 'all', 'Late.')
        """
      ),
    ]
    for (constraint, statement) in statements {
      let error = await #expect(throws: PostgresError.self) { try await cases.execute(statement) }
      #expect(error?.constraint == constraint, "\(statement)")
    }
  }

  @Test("refuses where somebody would work on a case in which they are accused")
  func partial() async throws {
    let cases = try await Cases()
    let (source, ending) = try await cases.some("stage=active")
    let (target, lasting) = try await cases.some("stage=assigned")
    let lead = try #require((lasting["lead"] as? Item)?["id"] as? String)
    try await cases.execute(
      """
      INSERT INTO case_party (tenant_id, id, case_id, part, name, user_id)
      VALUES (\(World.acmeHealth.id), \(UUID()), \(ID<Tenant>(ending["id"] as? String ?? "")), 'accused', 'Accused',
        \(ID<Tenant>(lead)))
      """)
    let sent = form(try await cases.browser.json(source), into: try await cases.browser.json(target))
    let refused = try await cases.browser.post(source + "/merge", list: sent, accept: "application/json")
    #expect(try refused.gist == "422 conflict")
    #expect(try await cases.browser.json(source)["stage"] as? String == "active")
  }
}
