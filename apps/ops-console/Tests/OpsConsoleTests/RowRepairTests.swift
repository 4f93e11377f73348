// Rows that stay behind are put right, through the routes: out as a workbook, back corrected, or without who reported.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Jobs
import Logging
import OpsConsole
import Postgres
import SourceFiles
import TestSupport
import Testing

/// Somebody at Ethico with a batch of cases of which some stay behind.
private struct RepairDesk {
  let db: TestDatabase
  let browser: RouterClient
  let batch: String

  static let home = "/t/acme-health/migration"
  static let columns = [
    "case_number", "status", "reporter_type", "channel", "received_at", "category", "severity", "title", "summary",
    "reporter_email",
  ]
  /// Row 3 has a date that never was, row 4 names who is anonymous, row 6 has no category.
  static let csv = """
    case_number;status;reporter_type;channel;received_at;category;severity;title;summary;reporter_email
    EP-1;New;anonymous;Hotline;25/12/2020;Harassment;High;Remarks;On the night shift.;
    EP-2;New;identified;Web form;31/02/2021;Theft;Low;Stock;Pallets.;b.berg@client.example
    EP-3;New;anonymous;Hotline;13/01/2021;Theft;Low;=SUM(A1);Pallets.;canary@client.example
    EP-4;New;anonymous;Hotline;14/01/2021;Theft;Low;Stock;Pallets.;
    EP-5;New;anonymous;Hotline;15/01/2021;;Low;Stock;Pallets.;

    """

  static func open(_ text: String = csv) async throws -> RepairDesk {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.implementation)
    _ = try await browser.post(home + "/scope", ["choice[]": "case", "decided_by": "N. Berg", "version": "0"])
    _ = try await browser.upload(home + "/files", file: (name: "cases.csv", bytes: Array(text.utf8)))
    try await work(db)
    let batches = try #require(try await browser.json(home)["batches"] as? [[String: Any]])
    let batch = home + "/batches/" + (try #require(batches.first?["id"] as? String))
    let mapper = try await browser.json(batch + "/map")
    let columns = try #require(mapper["columns"] as? [[String: Any]])
    let fields = columns.flatMap { column -> [(String, String)] in
      let index = column["index"] as? Int ?? 0
      return [("c\(index).target", column["name"] as? String ?? ""), ("c\(index).ok", "true")]
    }
    let sent = try await browser.post(
      batch + "/map", list: fields + [("version", String(mapper["version"] as? Int ?? 0)), ("then", "check")])
    #expect(sent.status == 303, "\(sent.body)")
    try await work(db)
    return RepairDesk(db: db, browser: browser, batch: batch)
  }

  private static func work(_ db: TestDatabase) async throws {
    let worker = Worker(
      ledger: db.ledger, kinds: OpsConsole.jobKinds, settings: WorkerSettings(name: "test:1"),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    // Ends when nothing is due.
    while try await worker.turn() {}
  }

  func work() async throws { try await Self.work(db) }

  func version() async throws -> String {
    let found = try await browser.json(batch)
    return String(try #require((found["batch"] as? [String: Any])?["version"] as? Int))
  }

  /// What becomes of rows 2 to 6.
  func decisions() async throws -> [String?] {
    let rows = try #require(try await browser.json(batch)["rows"] as? [[String: Any]])
    return rows.map { $0["decision"] as? String }
  }

  func codes() async throws -> [String] {
    let issues = try #require(try await browser.json(batch)["issues"] as? [[String: Any]])
    return issues.compactMap { $0["code"] as? String }.sorted()
  }

  func record(_ row: Int) async throws -> [String: String] {
    try await browser.json(batch + "/rows/\(row)")["record"] as? [String: String] ?? [:]
  }

  /// The rows to fix as they were handed out, by number.
  func handedOut() async throws -> [Int: [String]] {
    let reply = try await browser.get(batch + "/rows-to-fix")
    #expect(reply.status == 200, "\(reply.body)")
    let workbook = try CorrectedWorkbook(MemoryBytes(reply.bytes), columns: Self.columns)
    var rows: [Int: [String]] = [:]
    while let row = try workbook.next() {
      rows[row.number] = Self.columns.indices.map { row.cells[$0] ?? "" }
    }
    return rows
  }

  /// Sends rows back, each with some of its cells changed.
  func send(_ changes: [Int: [String: String]]) async throws -> RouterClient.Reply {
    let rows = try await handedOut()
    let place = try ScratchPath()
    let workbook = try ErrorWorkbook(path: place.path, columns: Self.columns)
    for (number, changed) in changes.sorted(by: { $0.key < $1.key }) {
      let cells = rows[number] ?? Self.columns.map { _ in "" }
      let texts = zip(Self.columns, cells).map { changed[$0] ?? SpreadsheetText.unguarded($1) }
      try workbook.add(row: number, key: "", cells: texts, problems: [])
    }
    try workbook.finish()
    let bytes = try place.bytes()
    return try await send(bytes: try bytes.read(at: 0, count: bytes.size))
  }

  func send(bytes: [UInt8]) async throws -> RouterClient.Reply {
    try await browser.upload(
      batch + "/corrections", ["version": try await version()], file: (name: "rows to fix.xlsx", bytes: bytes),
      accept: "application/json")
  }

  func ask<Value: RowDecodable & Sendable>(_ sql: SQL, as type: Value.Type) async throws -> [Value] {
    try await db.superuser().query(.superuser, sql, as: Value.self)
  }

  /// Everything that tables say of the batch's rows, what is sealed too as it lies there.
  func everything() async throws -> String {
    try await ask(
      """
      SELECT concat_ws(' ',
        (SELECT string_agg(to_jsonb(s)::text, ' ') FROM migration_staged_row s),
        (SELECT string_agg(to_jsonb(i)::text, ' ') FROM migration_row_issue i),
        (SELECT string_agg(encode(sealed, 'escape'), ' ') FROM migration_correction),
        (SELECT string_agg(to_jsonb(b)::text, ' ') FROM migration_batch b),
        (SELECT string_agg(text, ' ') FROM audit_detail),
        (SELECT string_agg(payload, ' ') FROM row_change))
      """, as: String.self
    ).joined()
  }

  func details(of action: String) async throws -> [String] {
    try await ask(
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id
      WHERE e.action = \(action)
      ORDER BY e.at, e.id
      """, as: String.self)
  }
}

@Suite("Rows to fix")
struct RowRepairTests {
  @Test("are handed out as the source has them, with who reported withheld and what is wrong beside them")
  func handedOut() async throws {
    let desk = try await RepairDesk.open()
    #expect(try await desk.decisions() == ["insert", "reject", "reject", "insert", "reject"])
    let rows = try await desk.handedOut()
    #expect(rows.keys.sorted() == [3, 4, 6])
    #expect(rows[3]?[4] == "31/02/2021" && rows[3]?[9] == "b.berg@client.example")
    #expect(rows[4]?[7] == "'=SUM(A1)" && rows[4]?[9] == "«withheld»")
    let reply = try await desk.browser.get(desk.batch + "/rows-to-fix")
    let disposition = try #require(reply.headers[.contentDisposition])
    #expect(disposition.contains("rows to fix.xlsx"))
    let file = SourceFile(MemoryBytes(reply.bytes))
    let problems = try file.rows(try file.inspect(ReadingOptions(sheet: ErrorWorkbook.problemsSheet)))
    #expect(
      try problems.next()?.cells == [
        "3", "received_at", "31/02/2021", "blocker", "date.unparsable", "Not a date",
        "Write it as 2021-12-25, or empty the cell.",
      ])
    #expect(
      try problems.next()?.cells.prefix(5) == ["4", "reporter_email", "«withheld»", "blocker", "anonymity.identity"])
    let exports = try await desk.details(of: "migration.export")
    #expect(exports == Array(repeating: "Cases of cases.csv: 3 rows to fix", count: 2))
    let support = try RouterClient(desk.db)
    try await support.signIn(World.support)
    #expect(try await support.get(desk.batch + "/rows-to-fix").status == 403)
    let page = try await support.get(desk.batch).body
    #expect(!page.contains("rows-to-fix"))
  }

  @Test("replace their rows alone when they come back, and stay corrected however often the file is read")
  func corrected() async throws {
    let desk = try await RepairDesk.open()
    let others: SQL = "SELECT xmin::text FROM migration_staged_row WHERE row_no IN (2, 5) ORDER BY row_no"
    let before = try await desk.ask(others, as: String.self)
    let sent = try await desk.send([
      3: ["received_at": "28/02/2021"], 4: ["title": "Stock"], 6: ["category": "Theft", "title": "=1+1"],
    ])
    #expect(sent.status == 303, "\(sent.body)")
    try await desk.work()
    #expect(try await desk.decisions() == ["insert", "insert", "reject", "insert", "insert"])
    #expect(try await desk.codes() == ["anonymity.identity"])
    #expect(try await desk.record(3)["received_at"] == "2021-02-28")
    #expect(try await desk.record(6)["title"] == "=1+1")
    #expect(try await desk.ask(others, as: String.self) == before)
    #expect(try await desk.details(of: "migration.correct") == ["Cases of cases.csv: 4 cells of 3 rows"])
    let again = try await desk.browser.post(desk.batch + "/stage", ["version": try await desk.version()])
    #expect(again.status == 303, "\(again.body)")
    try await desk.work()
    #expect(try await desk.decisions() == ["insert", "insert", "reject", "insert", "insert"])
    // A later correction adds to an earlier one.
    #expect(try await desk.send([4: ["reporter_email": ""]]).status == 303)
    try await desk.work()
    #expect(try await desk.decisions() == ["insert", "insert", "insert", "insert", "insert"])
    #expect(try await desk.record(4)["title"] == "Stock")
  }

  @Test("are checked with all others: a key that two rows have by then keeps both back, until one is another")
  func duplicates() async throws {
    let desk = try await RepairDesk.open()
    #expect(try await desk.send([6: ["category": "Theft", "case_number": "EP-1"]]).status == 303)
    try await desk.work()
    #expect(try await desk.decisions() == ["reject", "reject", "reject", "insert", "reject"])
    #expect(try await desk.send([6: ["case_number": "EP-6"]]).status == 303)
    try await desk.work()
    #expect(try await desk.decisions() == ["insert", "reject", "reject", "insert", "insert"])
    #expect(try await desk.record(6)["category"] == "Theft")
    let codes = try await desk.codes()
    #expect(!codes.contains("key.duplicate_in_file"))
  }

  @Test("keep what the file has where they say «withheld», and tell no table who reported anonymously")
  func withheld() async throws {
    let desk = try await RepairDesk.open()
    let other = try await desk.send([4: ["reporter_email": "osprey@client.example", "title": "Stock"]])
    #expect(other.status == 303, "\(other.body)")
    try await desk.work()
    #expect(try await desk.decisions() == ["insert", "reject", "reject", "insert", "reject"])
    let everything = try await desk.everything()
    let page = try await desk.browser.get(desk.batch + "/rows/4").body
    for identity in ["osprey@", "canary@"] {
      #expect(!everything.contains(identity) && !page.contains(identity), "\(identity)")
    }
    // What was typed stands, while the cell is withheld, as what the file had stood before.
    #expect(try await desk.send([4: ["reporter_type": "identified"]]).status == 303)
    try await desk.work()
    #expect(try await desk.record(4)["reporter_email"] == "osprey@client.example")
    #expect(try await desk.decisions() == ["insert", "reject", "insert", "insert", "reject"])
  }

  @Test("come over without who reported by one click, and go on doing so when the file is read again")
  func blanked() async throws {
    let desk = try await RepairDesk.open()
    let page = try await desk.browser.get(desk.batch)
    #expect(page.body.contains("Blank the reporter’s identity in this row"))
    let sent = try await desk.browser.post(desk.batch + "/blank-reporters", ["version": try await desk.version()])
    #expect(sent.status == 303, "\(sent.body)")
    try await desk.work()
    #expect(try await desk.decisions() == ["insert", "reject", "insert", "insert", "reject"])
    #expect(try await desk.record(4)["reporter_email"] == nil)
    #expect(try await desk.details(of: "migration.blank") == ["Cases of cases.csv: 1 rows"])
    let everything = try await desk.everything()
    #expect(!everything.contains("canary@"))
    #expect(try await desk.browser.post(desk.batch + "/stage", ["version": try await desk.version()]).status == 303)
    try await desk.work()
    #expect(try await desk.decisions() == ["insert", "reject", "insert", "insert", "reject"])
    let nobody = try await desk.browser.post(
      desk.batch + "/blank-reporters", ["version": try await desk.version()], accept: "application/json")
    #expect(try nobody.gist == "409 nobody_named")
  }

  @Test("are refused as a whole where the workbook is not plain, with nothing changed")
  func refused() async throws {
    let desk = try await RepairDesk.open()
    let version = try await desk.version()
    #expect(try await desk.send([3: ["received_at": "28/02/2021"], 99: ["title": "x"]]).gist == "422 rows_unknown")
    #expect(try await desk.send([3: [:], 4: [:]]).gist == "422 nothing_corrected")
    #expect(try await desk.send(bytes: Array("_row,title\n3,x\n".utf8)).gist == "422 not_rows_to_fix")
    #expect(try await desk.send(bytes: Array("%PDF-1.7".utf8)).gist == "422 file.unsupported")
    #expect(try await desk.send(bytes: []).gist == "422 invalid")
    let stale = try await desk.browser.upload(
      desk.batch + "/corrections", ["version": "1"], file: (name: "a.xlsx", bytes: [1]), accept: "application/json")
    #expect(try stale.gist == "409 stale")
    let page = try await desk.browser.upload(
      desk.batch + "/corrections", ["version": version], file: (name: "a.xlsx", bytes: []))
    #expect(page.body.contains("href=\"#f-file\"") && page.body.contains("Nothing was replaced"))
    #expect(try await desk.version() == version)
    #expect(try await desk.ask("SELECT count(*) FROM migration_correction", as: Int.self) == [0])
  }

  @Test("are found by what is wrong with them, rule by rule and column by column")
  func found() async throws {
    let desk = try await RepairDesk.open()
    let page = try await desk.browser.get(desk.batch)
    #expect(page.body.contains("/issues/date.unparsable?column=4\""))
    func rows(_ path: String) async throws -> [Int?] {
      let items = try await desk.browser.json(desk.batch + "/issues/" + path)["items"] as? [[String: Any]]
      return try #require(items).map { $0["row"] as? Int }
    }
    #expect(try await rows("date.unparsable?column=4") == [3])
    #expect(try await rows("date.unparsable?column=5").isEmpty)
    #expect(try await rows("anonymity.identity?column=9") == [4])
    #expect(try await rows("date.unparsable?column=4&after=3-9000000").isEmpty)
    #expect(try await desk.browser.get(desk.batch + "/issues/no.such").status == 404)
    let named = try await desk.browser.get(desk.batch + "/issues/anonymity.identity?column=9")
    #expect(!named.body.contains("canary@"))
    let support = try RouterClient(desk.db)
    try await support.signIn(World.support)
    #expect(try await support.get(desk.batch + "/issues/required.missing?column=5").status == 200)
  }

  @Test("go with their file")
  func deleted() async throws {
    let desk = try await RepairDesk.open()
    #expect(try await desk.send([6: ["category": "Theft"]]).status == 303)
    try await desk.work()
    let file = try #require(
      (try await desk.browser.json(RepairDesk.home)["files"] as? [[String: Any]])?.first?["id"] as? String)
    let deleted = try await desk.browser.post(RepairDesk.home + "/files/\(file)/delete")
    #expect(deleted.status == 303, "\(deleted.body)")
    #expect(try await desk.ask("SELECT count(*) FROM migration_correction", as: Int.self) == [0])
  }
}
