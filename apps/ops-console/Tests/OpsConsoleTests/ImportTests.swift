// Rows become records and are taken back, through the routes: one, and all of a batch, and the undo itself.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("Imported records")
struct ImportTests {
  private static let home = "/t/acme-health/migration"
  private static let csv = """
    case_number;status;reporter_type;channel;received_at;closed_at;category;severity;title;summary
    EP-7001;Closed - Substantiated;anonymous;Hotline;25/12/2020;14/02/2021;Harassment;High;Remarks;On the night shift.
    EP-7002;New;identified;Web form;13/01/2021;;Warehouse theft;Low;Stock;Pallets disappear.
    EP-7003;New;anonymous;Hotline;31/02/2021;;Warehouse theft;Low;Stock;Pallets.

    """

  private func version(_ browser: RouterClient, _ batch: String) async throws -> String {
    let found = try await browser.json(batch)
    return String(try #require((found["batch"] as? [String: Any])?["version"] as? Int))
  }

  private func state(_ browser: RouterClient, _ batch: String) async throws -> String? {
    (try await browser.json(batch)["batch"] as? [String: Any])?["state"] as? String
  }

  /// A batch whose rows are checked.
  private func checked(_ db: TestDatabase, _ browser: RouterClient) async throws -> String {
    _ = try await browser.post(Self.home + "/scope", ["choice[]": "case", "decided_by": "N. Berg", "version": "0"])
    _ = try await browser.upload(Self.home + "/files", file: (name: "cases.csv", bytes: Array(Self.csv.utf8)))
    try await db.runJobs()
    let project = try await browser.json(Self.home)
    let batches = try #require(project["batches"] as? [[String: Any]])
    let batch = Self.home + "/batches/" + (try #require(batches.first?["id"] as? String))
    let mapper = try await browser.json(batch + "/map")
    let columns = try #require(mapper["columns"] as? [[String: Any]])
    let fields = columns.flatMap { column -> [(String, String)] in
      let index = column["index"] as? Int ?? 0
      return [("c\(index).target", column["name"] as? String ?? ""), ("c\(index).ok", "true")]
    }
    let sent = try await browser.post(
      batch + "/map", list: fields + [("version", String(mapper["version"] as? Int ?? 0)), ("then", "check")])
    #expect(sent.status == 303, "\(sent.body)")
    try await db.runJobs()
    try await decide(browser, batch)
    try await db.runJobs()
    return batch
  }

  /// A category that the client does not have is to be made.
  private func decide(_ browser: RouterClient, _ batch: String) async throws {
    let values = try #require(try await browser.json(batch + "/values")["values"] as? [[String: Any]])
    let theft = try #require(values.firstIndex { $0["value"] as? String == "Warehouse theft" })
    let saved = try await browser.post(
      batch + "/values", ["v\(theft)": "=new", "version": try await version(browser, batch)])
    #expect(saved.status == 303, "\(saved.body)")
    let again = try await browser.post(batch + "/stage", ["version": try await version(browser, batch)])
    #expect(again.status == 303, "\(again.body)")
  }

  private func imported(_ db: TestDatabase, _ browser: RouterClient) async throws -> String {
    let batch = try await checked(db, browser)
    let begun = try await browser.post(
      batch + "/commit", ["version": try await version(browser, batch), "slug": "acme-health"])
    #expect(begun.status == 303, "\(begun.body)")
    try await db.runJobs()
    #expect(try await state(browser, batch) == "committed")
    return batch
  }

  private func cases(_ db: TestDatabase) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT reference FROM "case" WHERE tenant_id = \(World.acmeHealth.id) AND reference LIKE 'EP-%' ORDER BY reference
      """, as: String.self)
  }

  @Test("come into the workspace once the client's slug is typed, and nobody is told")
  func commit() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.implementation)
    let batch = try await checked(db, browser)
    let untyped = try await browser.post(
      batch + "/commit", ["version": try await version(browser, batch), "slug": "acme"], accept: "application/json")
    #expect(try untyped.gist == "422 confirmation")
    let before = try await db.superuser().query(.superuser, "SELECT count(*) FROM usage_event", as: Int.self)
    let begun = try await browser.post(
      batch + "/commit", ["version": try await version(browser, batch), "slug": "acme-health"])
    #expect(begun.status == 303, "\(begun.body)")
    try await db.runJobs()
    #expect(try await cases(db) == ["EP-7001", "EP-7002"])
    let after = try await db.superuser().query(.superuser, "SELECT count(*) FROM usage_event", as: Int.self)
    let mails = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM job WHERE kind = 'mail.deliver' AND created_at >= \(World.now)", as: Int.self)
    #expect(before == after && mails == [0])
    let page = try await browser.get(batch)
    #expect(page.body.contains("accounted for") && page.body.contains("Undo this batch"))
  }

  @Test("say how many are here while their import is paused")
  func paused() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.check(ImportDesk.cases(["EP-1;Remarks;High;New", "EP-2;Stock;Low;New"]))
    let begun = try await desk.browser.post(
      batch + "/commit", ["version": try await desk.version(batch), "slug": "acme-health"])
    #expect(begun.status == 303, "\(begun.body)")
    let paused = try await desk.browser.post(batch + "/pause", ["version": try await desk.version(batch)])
    #expect(paused.status == 303, "\(paused.body)")
    try await desk.work()
    #expect(try await !desk.browser.get(batch).body.contains("rows are here."))
    _ = try await desk.texts(
      "UPDATE job SET done = 10000, total = 40000 WHERE kind = 'migration.commit' RETURNING kind")
    let page = try await desk.browser.get(batch)
    #expect(page.body.contains("10,000 of 40,000 rows are here.") && page.body.contains("<progress"))
    #expect(page.body.contains("Go on with the import"))
  }

  @Test("are taken back one by one, brought back with their ids, and taken back as a whole")
  func undo() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.implementation)
    let batch = try await imported(db, browser)
    let records = try #require(try await browser.json(batch + "/records")["items"] as? [[String: Any]])
    #expect(records.map { $0["key"] as? String } == ["EP-7001", "EP-7002"])
    let one = try #require(records.first?["record"] as? String)
    let plan = try await browser.json(batch + "/undo?items%5B%5D=" + one)
    #expect(plan["acting"] as? Int == 1 && (plan["buckets"] as? [String: Int])?["clean"] == 1)
    let undone = try await browser.post(batch + "/undo", ["items[]": one])
    #expect(undone.status == 303, "\(undone.body)")
    #expect(try await cases(db) == ["EP-7002"])
    #expect(try await state(browser, batch) == "partially_undone")
    let left = try await browser.get(batch + "/records")
    #expect(left.body.contains("Select EP-7002") && !left.body.contains("Select EP-7001"))

    let undo = try await db.superuser().query(.superuser, "SELECT id::text FROM migration_undo", as: String.self)
    let back = try await browser.post(Self.home + "/undos/\(try #require(undo.first))/reverse")
    #expect(back.status == 303, "\(back.body)")
    #expect(try await cases(db) == ["EP-7001", "EP-7002"])

    let all = try await browser.post(batch + "/undo")
    #expect(all.status == 303, "\(all.body)")
    try await db.runJobs()
    #expect(try await cases(db).isEmpty)
    #expect(try await state(browser, batch) == "undone")
    let undos = try #require(try await browser.json(batch)["undos"] as? [[String: Any]])
    #expect(undos.map { $0["by"] as? String } == ["Mira Okafor", "Mira Okafor", "Mira Okafor"], "a job ended the last")
    let ended = try await db.superuser().query(
      .superuser, "SELECT DISTINCT changed_by LIKE 'staff:%' FROM migration_undo ORDER BY 1", as: Bool.self)
    #expect(ended == [false, true])
    #expect(try await browser.get(batch).body.contains("data-label=\"By\""))
    let empty = try await browser.get(batch + "/undo")
    #expect(empty.body.contains("Nothing to undo"))
  }

  @Test("say on their own page where they came from, with the way to take them back")
  func line() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.implementation)
    _ = try await imported(db, browser)
    let entered = try await browser.post("/t/acme-health/enter")
    let access = try #require(entered.location)
    let found = try await db.superuser().query(
      .superuser, "SELECT id::text FROM \"case\" WHERE reference = 'EP-7001'", as: String.self)
    let page = try await browser.get(access + "cases/\(try #require(found.first))")
    #expect(page.status == 200 && page.body.contains("row 2") && page.body.contains("Undo this import"))
    let native = try await db.superuser().query(
      .superuser,
      "SELECT id::text FROM \"case\" WHERE tenant_id = \(World.acmeHealth.id) AND reference LIKE 'RPT-%' LIMIT 1",
      as: String.self)
    let other = try await browser.get(access + "cases/\(try #require(native.first))")
    #expect(other.status == 200 && !other.body.contains("Undo this import"))
  }

  @Test("are for those who run migrations to take back, and one client's alone")
  func rights() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.implementation)
    let batch = try await imported(db, browser)
    let support = try RouterClient(db)
    try await support.signIn(World.support)
    #expect(try await support.post(batch + "/undo").status == 403)
    let foreign = batch.replacing("acme-health", with: "borealis-bank")
    #expect(try await browser.post(foreign + "/undo").status == 404)
    #expect(try await browser.get(foreign + "/records").status == 404)
    #expect(try await cases(db).count == 2)
  }
}
