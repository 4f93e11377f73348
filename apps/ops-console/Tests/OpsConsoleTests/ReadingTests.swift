// How a file is read is found out, shown and corrected, through the routes; and what it hides is asked about.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("How a file was read")
struct ReadingTests {
  private static let home = "/t/acme-health/migration"
  private static let csv = """
    case_number;status;reporter_type;channel;received_at;category;title;summary;reporter_email
    EP-1;New;identified;Hotline;25/12/2020;Harassment;Remarks;On the night shift.;b.berg@client.example
    EP-2;New;anonymous;Web form;30/01/2021;Harassment;Stock;Pallets.;
    EP-3;New;anonymous;Hotline;31/01/2021;Harassment;Stock;Pallets.;canary@client.example

    """

  /// The address of the newest batch of a file that was brought in.
  private func uploaded(
    _ db: TestDatabase, _ browser: RouterClient, _ bytes: [UInt8] = Array(csv.utf8), name: String = "cases.csv"
  ) async throws -> String {
    _ = try await browser.post(Self.home + "/scope", ["choice[]": "case", "decided_by": "N. Berg", "version": "0"])
    let sent = try await browser.upload(Self.home + "/files", file: (name: name, bytes: bytes))
    #expect(sent.status == 303, "\(sent.body)")
    try await db.runJobs()
    return try #require(try await batches(browser).first)
  }

  private func batches(_ browser: RouterClient) async throws -> [String] {
    let found = try #require(try await browser.json(Self.home)["batches"] as? [[String: Any]])
    return found.compactMap { $0["id"] as? String }.map { Self.home + "/batches/" + $0 }
  }

  private func settled(_ browser: RouterClient, _ batch: String) async throws -> [(String, String)] {
    let mapper = try await browser.json(batch + "/map")
    let columns = try #require(mapper["columns"] as? [[String: Any]])
    return [("version", String(try #require(mapper["version"] as? Int)))]
      + columns.flatMap { column -> [(String, String)] in
        let index = column["index"] as? Int ?? 0
        return [("c\(index).target", column["name"] as? String ?? ""), ("c\(index).ok", "true")]
      }
  }

  /// The batch with its rows checked.
  private func checked(_ db: TestDatabase, _ browser: RouterClient) async throws -> String {
    let batch = try await uploaded(db, browser)
    let sent = try await browser.post(batch + "/map", list: try await settled(browser, batch) + [("then", "check")])
    #expect(sent.status == 303, "\(sent.body)")
    try await db.runJobs()
    return batch
  }

  private func version(_ browser: RouterClient, _ batch: String) async throws -> String {
    String(try #require((try await browser.json(batch)["batch"] as? [String: Any])?["version"] as? Int))
  }

  private func reading(_ browser: RouterClient, _ batch: String) async throws -> [String: Any] {
    try #require(try await browser.json(batch)["reading"] as? [String: Any])
  }

  private func columns(_ browser: RouterClient, _ batch: String) async throws -> [String] {
    let columns = try #require(try await browser.json(batch + "/map")["columns"] as? [[String: Any]])
    return columns.compactMap { $0["name"] as? String }
  }

  private func correct(
    _ browser: RouterClient, _ batch: String, _ field: String, _ value: String
  ) async throws -> RouterClient.Reply {
    try await browser.post(
      batch + "/reading", list: [(field, value), ("version", try await version(browser, batch))],
      accept: "application/json")
  }

  private func begin() async throws -> (TestDatabase, RouterClient) {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.implementation)
    return (db, browser)
  }

  @Test("is corrected above its first rows, and found out again where somebody wants that")
  func correction() async throws {
    let (db, browser) = try await begin()
    let batch = try await uploaded(db, browser)
    let page = try await browser.get(batch)
    #expect(page.body.contains("How it was read: <span dir=\"auto\">UTF-8, semicolon, header in row 1"))
    for control in ["encoding", "delimiter", "header_row"] {
      #expect(page.body.contains("id=\"f-\(control)\""), "\(control)")
    }
    #expect(!page.body.contains("id=\"f-table\""))
    #expect(try await correct(browser, batch, "header_row", "2").status == 303)
    #expect(try await reading(browser, batch)["again"] as? Bool == true)
    try await db.runJobs()
    #expect(try await reading(browser, batch)["header_row"] as? Int == 2)
    #expect(try await columns(browser, batch).prefix(2) == ["EP-1", "New"])
    let rows = (try await browser.json(batch)["batch"] as? [String: Any])?["rows"] as? Int
    #expect(rows == 2)
    #expect(try await correct(browser, batch, "header_row", "").status == 303)
    try await db.runJobs()
    #expect(try await reading(browser, batch)["header_row"] as? Int == 1)
    #expect(try await correct(browser, batch, "delimiter", ",").status == 303)
    try await db.runJobs()
    #expect(try await columns(browser, batch).count == 1)
    let events = try await db.superuser().query(
      .superuser,
      "SELECT count(*) FROM audit_event WHERE action = 'migration.read' AND chain = \(World.acmeHealth.id)",
      as: Int.self)
    #expect(events == [7])
  }

  @Test("is a matter of the file's encoding")
  func encoding() async throws {
    let (db, browser) = try await begin()
    let text = Self.csv.replacing("Pallets", with: "M\u{0}ller, W\u{0}rme, Gr\u{0}\u{1}e")
    let bytes = Array(text.utf8).map { byte -> UInt8 in byte == 0 ? 0xFC : byte == 1 ? 0xDF : byte }
    let batch = try await uploaded(db, browser, bytes)
    #expect(try await reading(browser, batch)["encoding"] as? String == "windows-1252")
    #expect(try await browser.get(batch).body.contains("Müller"))
    #expect(try await correct(browser, batch, "encoding", "windows-1251").status == 303)
    try await db.runJobs()
    #expect(try await reading(browser, batch)["encoding"] as? String == "windows-1251")
    #expect(try await browser.get(batch).body.contains("Mьller"))
  }

  @Test("stays as it was where the file cannot be read as somebody wanted, with its rows checked")
  func refused() async throws {
    let (db, browser) = try await begin()
    let batch = try await checked(db, browser)
    #expect(try await correct(browser, batch, "header_row", "99").status == 303)
    try await db.runJobs()
    let now = try await reading(browser, batch)
    #expect(now["refused"] as? String == "There is no header row “99” in this file." && now["again"] as? Bool == false)
    #expect(now["header_row"] as? Int == 1)
    let page = try await browser.get(batch)
    #expect(page.body.contains("The file cannot be read like that: it is read as before."))
    let found = try await browser.json(batch)
    #expect((found["batch"] as? [String: Any])?["state"] as? String == "validated")
    #expect((found["rows"] as? [[String: Any]])?.count == 3)
  }

  @Test("takes what was made of the former reading with it, and leaves what values become")
  func replaced() async throws {
    let (db, browser) = try await begin()
    let batch = try await checked(db, browser)
    #expect(try await correct(browser, batch, "header_row", "2").status == 303)
    let meanwhile = try await browser.post(
      batch + "/map", list: try await settled(browser, batch), accept: "application/json")
    #expect(try meanwhile.gist == "409 being_read")
    try await db.runJobs()
    let found = try await browser.json(batch)
    #expect((found["batch"] as? [String: Any])?["state"] as? String == "mapped")
    let left = try await db.superuser().query(
      .superuser,
      """
      SELECT (SELECT count(*) FROM migration_staged_row) + (SELECT count(*) FROM migration_row_issue)
        + (SELECT count(*) FROM migration_checkpoint)
      """, as: Int.self)
    #expect(left == [0])
    let numbers = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM migration_mapping", as: Int.self)
    #expect(numbers == [3])
  }

  @Test("says at the field what cannot be, and changes nothing of a batch that is over")
  func unfit() async throws {
    let (db, browser) = try await begin()
    let batch = try await uploaded(db, browser)
    let sent = try await browser.post(
      batch + "/reading",
      list: [
        ("header_row", "two"), ("delimiter", "ab"), ("encoding", "klingon"), ("table", "Nowhere"),
        ("version", try await version(browser, batch)),
      ])
    #expect(sent.status == 422)
    for field in ["header_row", "delimiter", "encoding", "table"] {
      #expect(sent.body.contains("href=\"#f-\(field)\""), "\(field)")
    }
    #expect(sent.body.contains("value=\"two\""))
    let same = try await correct(browser, batch, "header_row", "1")
    #expect(same.status == 303)
    #expect(try await reading(browser, batch)["again"] as? Bool == false)
    let stale = try await browser.post(
      batch + "/reading", ["header_row": "2", "version": "99"], accept: "application/json")
    #expect(try stale.gist == "409 stale")
    _ = try await browser.post(batch + "/cancel", ["version": try await version(browser, batch)])
    #expect(try await correct(browser, batch, "header_row", "2").gist == "409 illegal_transition")
    let page = try await browser.get(batch)
    #expect(!page.body.contains("f-header_row"))
  }

  /// Rows that can be taken for the header, and what their last column becomes: below the last row nothing stands.
  static let headers: [(row: String, target: String?)] = [
    ("0", "reporter_email"), ("3", "reporter_email"), ("4", nil),
  ]

  @Test("shows nothing of a reporter, whichever row is taken for the header", arguments: headers)
  func withheld(header: String, target: String?) async throws {
    let (db, browser) = try await begin()
    let batch = try await uploaded(db, browser)
    #expect(try await correct(browser, batch, "header_row", header).status == 303)
    try await db.runJobs()
    let mapper = try await browser.json(batch + "/map")
    let columns = try #require(mapper["columns"] as? [[String: Any]])
    // It goes by the name that tells of a reporter, and so becomes the field that the guard watches.
    #expect(columns.last?["name"] as? String == "reporter_email")
    #expect(columns.last?["target"] as? String == target)
    for path in ["", "/map", "/values"] {
      #expect(!(try await browser.get(batch + path).body.contains("canary@")), "\(path)")
    }
    // Taken for something else and back, it is kept back all the same.
    for entity in ["policy", "case"] {
      let taken = try await browser.post(
        batch + "/entity", ["entity": entity, "version": try await version(browser, batch)])
      #expect(taken.status == 303, "\(taken.body)")
    }
    let again = try #require(try await browser.json(batch + "/map")["columns"] as? [[String: Any]])
    #expect(again.last?["target"] as? String == target)
    let kept = try await db.superuser().query(
      .superuser,
      """
      SELECT string_agg(profile::text, '') FROM migration_column_profile
      UNION ALL SELECT grid::text FROM migration_grid
      UNION ALL SELECT string_agg(columns::text, '') FROM migration_mapping
      UNION ALL SELECT string_agg(shape::text, '') FROM migration_batch
      UNION ALL SELECT string_agg(payload, '') FROM row_change
      """, as: String.self)
    #expect(kept.count == 5 && !kept.contains { $0.contains("canary@") || $0.contains("b.berg@") })
  }

  @Test("asks about sheets that a workbook hides, and makes a batch of one where somebody says so")
  func hidden() async throws {
    let (db, browser) = try await begin()
    let header = ["case_number", "status", "category", "summary"]
    let book = StoredWorkbook(sheets: [
      (name: "Cases", isHidden: false, rows: [header, ["EP-1", "New", "Theft", "Pallets."]]),
      (name: "Archive", isHidden: true, rows: [header, ["EP-0", "Closed", "Theft", "Old pallets."]]),
      (name: "Lists", isHidden: true, rows: [header]),
    ])
    let batch = try await uploaded(db, browser, book.bytes, name: "cases.xlsx")
    #expect(try await batches(browser).count == 1)
    let project = try await browser.json(Self.home)
    let asked = try #require(project["hidden"] as? [[String: Any]])
    #expect(asked.map { $0["table"] as? String } == ["Archive"])
    for page in [Self.home, batch] {
      #expect(try await browser.get(page).body.contains("Make a batch of Archive"), "\(page)")
    }
    let file = Self.home + "/files/" + (try #require(asked.first?["file"] as? String)) + "/tables"
    #expect(try await browser.post(file, ["table": "Lists"], accept: "application/json").gist == "422 invalid")
    #expect(try await browser.post(file, ["table": "Archive"]).status == 303)
    #expect(try await browser.get(Self.home).body.contains("It is being read…"))
    // Where its job is cancelled nobody waits for ever: it can be asked for again.
    _ = try await db.superuser().query(
      .superuser,
      """
      UPDATE job SET state = 'cancelled', finished_at = now() WHERE kind = 'migration.read_hidden' RETURNING kind
      """, as: String.self)
    let given = try await browser.get(Self.home)
    #expect(given.body.contains("Make a batch of Archive") && !given.body.contains("It is being read…"))
    #expect(try await browser.post(file, ["table": "Archive"]).status == 303)
    try await db.runJobs()
    #expect(try await batches(browser).count == 2)
    #expect((try await browser.json(Self.home)["hidden"] as? [[String: Any]])?.isEmpty == true)
    #expect(try await browser.post(file, ["table": "Archive"], accept: "application/json").gist == "422 invalid")
    // The same sheet can be chosen for the first batch too, where it says that it is hidden.
    #expect(try await browser.get(batch).body.contains("Archive (hidden)"))
    #expect(try await correct(browser, batch, "table", "Archive").status == 303)
    try await db.runJobs()
    #expect(try await reading(browser, batch)["table"] as? String == "Archive")
  }

  @Test("is corrected by who runs a migration, at the client whose batch it is")
  func rights() async throws {
    let (db, browser) = try await begin()
    let batch = try await uploaded(db, browser)
    let foreign = batch.replacing("acme-health", with: "borealis-bank")
    #expect(try await browser.post(foreign + "/reading", ["header_row": "2", "version": "1"]).status == 404)
    let support = try RouterClient(db)
    try await support.signIn(World.support)
    #expect(try await support.post(batch + "/reading", ["header_row": "2", "version": "1"]).status == 403)
    #expect(!(try await support.get(batch).body.contains("f-header_row")))
  }
}
