// Data on its way over, through the routes: what is chosen, a file, its columns, its values, its rows checked.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("Data migration")
struct MigrationTests {
  private static let home = "/t/acme-health/migration"
  private static let csv = """
    case_number;status;reporter_type;channel;received_at;category;severity;title;summary;reporter_email;row_version
    EP-1;Closed - Substantiated;anonymous;Hotline;25/12/2020;Harassment;High;Remarks;On the night shift.;;1
    EP-2;Purple;identified;Web form;03/01/2021;Theft;Low;Stock;Pallets.;b.berg@client.example;2
    EP-3;New;anonymous;Hotline;31/02/2021;Theft;Low;Stock;Pallets.;canary@client.example;3

    """

  private func browser(_ db: TestDatabase, as email: String = World.implementation) async throws -> RouterClient {
    let browser = try RouterClient(db)
    try await browser.signIn(email)
    return browser
  }

  private func choose(_ browser: RouterClient, version: String = "0") async throws -> RouterClient.Reply {
    try await browser.post(
      Self.home + "/scope", ["choice[]": "case", "choice[]": "policy", "decided_by": "N. Berg", "version": version])
  }

  /// The address of the first batch of a file.
  private func batch(_ browser: RouterClient) async throws -> String {
    let project = try await browser.json(Self.home)
    let batches = try #require(project["batches"] as? [[String: Any]])
    return Self.home + "/batches/" + (try #require(batches.first?["id"] as? String))
  }

  private func uploaded(_ db: TestDatabase, _ browser: RouterClient, _ text: String = csv) async throws -> String {
    _ = try await choose(browser)
    let sent = try await browser.upload(Self.home + "/files", file: (name: "cases.csv", bytes: Array(text.utf8)))
    #expect(sent.status == 303, "\(sent.body)")
    try await db.runJobs()
    return try await batch(browser)
  }

  private func version(_ browser: RouterClient, _ batch: String) async throws -> String {
    let found = try await browser.json(batch)
    return String(try #require((found["batch"] as? [String: Any])?["version"] as? Int))
  }

  /// Every column settled as the mapper has it; the last one kept under its own name.
  private func mapping(_ browser: RouterClient, _ batch: String) async throws -> [(String, String)] {
    let mapper = try await browser.json(batch + "/map")
    let columns = try #require(mapper["columns"] as? [[String: Any]])
    let version = try #require(mapper["version"] as? Int)
    return [("version", String(version))]
      + columns.flatMap { column -> [(String, String)] in
        let index = column["index"] as? Int ?? 0
        let name = column["name"] as? String ?? ""
        let target = name == "row_version" ? "=keep" : name
        return [("c\(index).target", target), ("c\(index).ok", "true")]
      }
  }

  @Test("goes from a file to checked rows, each step in the client's trail")
  func job() async throws {
    let db = try await TestDatabase.make()
    let browser = try await browser(db)
    let batch = try await uploaded(db, browser)
    let checked = try await browser.post(batch + "/map", list: try await mapping(browser, batch) + [("then", "check")])
    #expect(checked.status == 303, "\(checked.body)")
    try await db.runJobs()
    let found = try await browser.json(batch)
    let issues = try #require(found["issues"] as? [[String: Any]]).compactMap { $0["code"] as? String }.sorted()
    #expect(issues == ["anonymity.identity", "date.unparsable", "enum.undecided"])
    let rows = try #require(found["rows"] as? [[String: Any]])
    #expect(rows.map { $0["decision"] as? String } == ["insert", "reject", "reject"])
    #expect((rows.first?["record"] as? [String: String])?["outcome"] == "substantiated")
    let actions = try await db.superuser().query(
      .superuser,
      """
      SELECT action FROM audit_event
      WHERE chain = \(World.acmeHealth.id) AND action LIKE 'migration.%'
      ORDER BY at, id
      """, as: String.self)
    #expect(
      actions == [
        "migration.scope", "migration.upload_begin", "migration.upload", "migration.read", "migration.stage",
        "migration.validate",
      ])
  }

  @Test("asks what values become, and remembers it")
  func values() async throws {
    let db = try await TestDatabase.make()
    let browser = try await browser(db)
    let batch = try await uploaded(db, browser)
    _ = try await browser.post(batch + "/map", list: try await mapping(browser, batch) + [("then", "check")])
    try await db.runJobs()
    let page = try await browser.json(batch + "/values")
    let values = try #require(page["values"] as? [[String: Any]])
    let purple = try #require(values.firstIndex { $0["value"] as? String == "Purple" })
    #expect(values[purple]["decided"] as? Bool == false)
    let saved = try await browser.post(
      batch + "/values", ["v\(purple)": "open/review", "version": try await version(browser, batch)])
    #expect(saved.status == 303, "\(saved.body)")
    let again = try await browser.post(batch + "/stage", ["version": try await version(browser, batch)])
    #expect(again.status == 303, "\(again.body)")
    try await db.runJobs()
    let row = try await browser.json(batch + "/rows/3")
    #expect((row["record"] as? [String: String])?["stage"] == "review")
  }

  @Test("never shows who reported an anonymous case, and keeps it out of every table")
  func canary() async throws {
    let db = try await TestDatabase.make()
    let browser = try await browser(db)
    let batch = try await uploaded(db, browser)
    _ = try await browser.post(batch + "/map", list: try await mapping(browser, batch) + [("then", "check")])
    try await db.runJobs()
    let row = try await browser.get(batch + "/rows/4")
    #expect(row.status == 200 && !row.body.contains("canary@") && row.body.contains("Withheld"))
    #expect(!(try await browser.get(batch).body.contains("canary@")))
    let parsed = try await db.superuser().query(
      .superuser, "SELECT parsed::text || legacy::text || coalesce(source_record_id, '') FROM migration_staged_row",
      as: String.self)
    #expect(parsed.count == 3 && !parsed.contains { $0.contains("canary@") })
    let sealed = try await db.superuser().query(
      .superuser, "SELECT encode(sealed, 'escape') FROM migration_blob_chunk", as: String.self)
    #expect(sealed.count == 1 && !sealed[0].contains("canary"))
  }

  @Test("begins the next file with what was decided about the last one, at this client alone")
  func remembered() async throws {
    let db = try await TestDatabase.make()
    let browser = try await browser(db)
    let odd = Self.csv.replacing("row_version", with: "Zone 51")
    let batch = try await uploaded(db, browser, odd)
    let fields =
      try await mapping(browser, batch).filter { !$0.0.hasPrefix("c10.") }
      + [("c10.target", "location"), ("c10.ok", "true"), ("then", "check")]
    #expect(try await browser.post(batch + "/map", list: fields).status == 303)
    try await db.runJobs()
    func target(_ home: String) async throws -> String? {
      let bytes = Array((odd + "EP-9;New;anonymous;Hotline;01/02/2021;Theft;Low;Stock;Pallets.;;9\n").utf8)
      let sent = try await browser.upload(home + "/files", file: (name: "later.csv", bytes: bytes))
      #expect(sent.status == 303, "\(sent.body)")
      try await db.runJobs()
      let batches = try #require(try await browser.json(home)["batches"] as? [[String: Any]])
      let newest = home + "/batches/" + (try #require(batches.first?["id"] as? String))
      let columns = try #require(try await browser.json(newest + "/map")["columns"] as? [[String: Any]])
      return columns.first { $0["name"] as? String == "Zone 51" }?["target"] as? String
    }
    #expect(try await target(Self.home) == "location")
    _ = try await browser.post(
      "/t/borealis-bank/migration/scope", ["choice[]": "case", "decided_by": "N. Berg", "version": "0"])
    #expect(try await target("/t/borealis-bank/migration") == nil)
  }

  @Test("opens nothing that is not settled")
  func unsettled() async throws {
    let db = try await TestDatabase.make()
    let browser = try await browser(db)
    let batch = try await uploaded(db, browser)
    var fields = try await mapping(browser, batch)
    fields.removeAll { $0.0 == "c10.target" || $0.0 == "c10.ok" || $0.0 == "c5.target" }
    fields.append(("c10.target", ""))
    fields.append(("c5.target", "=ignore"))
    let refused = try await browser.post(batch + "/map", list: fields + [("then", "check")], accept: "application/json")
    #expect(try refused.gist == "409 mapping_open")
    #expect(refused.body.contains("“row_version” waits for a decision.") && refused.body.contains("Category is needed"))
    let unknown = try await browser.post(
      batch + "/map", list: fields + [("c0.target", "no_such_field")].reversed(), accept: "application/json")
    #expect(unknown.status == 303)
    let stale = try await browser.post(batch + "/map", list: fields, accept: "application/json")
    #expect(try stale.gist == "409 stale")
  }

  @Test("takes the same file once, and says why one cannot be read")
  func files() async throws {
    let db = try await TestDatabase.make()
    let browser = try await browser(db)
    _ = try await uploaded(db, browser)
    let again = try await browser.upload(
      Self.home + "/files", file: (name: "copy.csv", bytes: Array(Self.csv.utf8)), accept: "application/json")
    #expect(try again.gist == "409 file_known")
    let empty = try await browser.upload(Self.home + "/files", file: (name: "a.csv", bytes: []))
    #expect(empty.status == 422)
    let html = try await browser.upload(
      Self.home + "/files", file: (name: "a.csv", bytes: Array("<!doctype html><html><body>Sign in</body></html>".utf8))
    )
    #expect(html.status == 303)
    try await db.runJobs()
    let project = try await browser.json(Self.home)
    let files = try #require(project["files"] as? [[String: Any]])
    let refused = files.compactMap { $0["error"] as? [String: Any] }.compactMap { $0["code"] as? String }
    #expect(refused == ["file.html"])
    // That is the client's to put right: no job is dead for it, and nobody is alarmed.
    let jobs = try await db.superuser().query(
      .superuser, "SELECT concat_ws(' ', state, result) FROM job WHERE kind = 'migration.read' ORDER BY id",
      as: String.self)
    let said = jobs.filter { $0.hasPrefix("succeeded Refused: This is a web page") }
    #expect(jobs.count == 2 && said.count == 1, "\(jobs)")
    let errors = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM error_group WHERE place = 'migration.read'", as: Int.self)
    #expect(errors == [0])
    let trail = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM audit_event WHERE action = 'migration.read' AND outcome = 'failed'",
      as: Int.self)
    #expect(trail == [1])
    let used = try #require(files.last?["id"] as? String)
    let deleted = try await browser.post(Self.home + "/files/\(used)/delete")
    #expect(deleted.status == 303, "\(deleted.body)")
    let left = try await db.superuser().query(.superuser, "SELECT count(*) FROM migration_blob_chunk", as: Int.self)
    #expect(left == [1])
  }

  @Test("says of a file whose reading was given up that nobody reads it, and takes it again once it is deleted")
  func givenUp() async throws {
    let db = try await TestDatabase.make()
    let browser = try await browser(db)
    #expect(try await choose(browser).status == 303)
    let file = (name: "cases.csv", bytes: Array(Self.csv.utf8))
    #expect(try await browser.upload(Self.home + "/files", file: file).status == 303)
    #expect(try await browser.get(Self.home).body.contains("Being read…"))
    _ = try await db.superuser().query(
      .superuser,
      """
      UPDATE job SET state = 'cancelled', finished_at = now() WHERE kind = 'migration.read' RETURNING kind
      """, as: String.self)
    let given = try await browser.get(Self.home)
    #expect(given.body.contains("Reading it was given up") && !given.body.contains("Being read…"))
    let files = try #require(try await browser.json(Self.home)["files"] as? [[String: Any]])
    #expect((files.first?["error"] as? [String: Any])?["code"] as? String == "unread")
    let id = try #require(files.first?["id"] as? String)
    #expect(try await browser.post(Self.home + "/files/\(id)/delete").status == 303)
    #expect(try await browser.upload(Self.home + "/files", file: file).status == 303)
    try await db.runJobs()
    #expect((try await browser.json(Self.home)["batches"] as? [[String: Any]])?.count == 1)
  }

  @Test("is chosen by somebody, and not without a reason unchosen")
  func scope() async throws {
    let db = try await TestDatabase.make()
    let browser = try await browser(db)
    let nothing = try await browser.post(Self.home + "/scope", ["decided_by": "", "version": "0"])
    #expect(nothing.status == 422 && nothing.body.contains("At least one of these."))
    for field in ["choice", "decided_by"] { #expect(nothing.body.contains("href=\"#f-\(field)\""), "\(field)") }
    #expect(try await choose(browser).status == 303)
    let stale = try await browser.post(
      Self.home + "/scope", ["choice[]": "case", "decided_by": "N. Berg", "version": "0"], accept: "application/json")
    #expect(try stale.gist == "409 stale")
    let before = try await browser.upload(
      "/t/borealis-bank/migration/files", file: (name: "a.csv", bytes: Array("a,b\n1,2\n".utf8)),
      accept: "application/json")
    #expect(try before.gist == "409 no_project")
  }

  @Test("is for those who may: read by support, run by implementation, and one client's alone")
  func rights() async throws {
    let db = try await TestDatabase.make()
    let browser = try await browser(db)
    let batch = try await uploaded(db, browser)
    let foreign = batch.replacing("acme-health", with: "borealis-bank")
    #expect(try await browser.get(foreign).status == 404)
    #expect(try await browser.post(foreign + "/cancel", ["version": "1"]).status == 404)
    let files = try #require(try await browser.json(Self.home)["files"] as? [[String: Any]])
    let file = "/files/" + (try #require(files.first?["id"] as? String))
    for act in ["/tables", "/delete"] {
      let reply = try await browser.post("/t/borealis-bank/migration" + file + act, ["table": "Archive"])
      #expect(reply.status == 404, "\(act)")
    }
    let support = try await self.browser(db, as: World.support)
    #expect(try await support.get(Self.home).status == 200)
    for act in [batch + "/cancel", Self.home + file + "/tables", Self.home + file + "/delete"] {
      #expect(try await support.post(act, ["version": "1", "table": "Archive"]).status == 403, "\(act)")
    }
    let first = try await self.browser(db, as: World.supportL1)
    #expect(try await first.get(Self.home).status == 403)
    #expect(try await browser.get("/t/no-such/migration").status == 404)
  }
}
