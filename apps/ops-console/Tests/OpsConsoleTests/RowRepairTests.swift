// Rows that stay behind are put right, through the routes: out as a workbook, back corrected, or without who reported.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import SourceFiles
import TestSupport
import Testing

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
    // A workbook that was handed out before knows the cell as withheld.
    let former = [
      "case_number": "EP-3", "status": "New", "reporter_type": "identified", "channel": "Hotline",
      "received_at": "13/01/2021", "category": "Theft", "severity": "Low", "title": "Pallets", "summary": "Pallets.",
      "reporter_email": "«withheld»",
    ]
    #expect(try await desk.send([4: former]).status == 303)
    try await desk.work()
    let kept = try await desk.record(4)
    #expect(kept["title"] == "Pallets" && kept["reporter_email"] == "osprey@client.example")
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

  @Test("are corrected for the file as it was read: where it is read otherwise its rows are others")
  func readOtherwise() async throws {
    let desk = try await RepairDesk.open()
    #expect(try await desk.send([6: ["category": "Theft"]]).status == 303)
    try await desk.work()
    let sent = try await desk.browser.post(
      desk.batch + "/reading", ["delimiter": ",", "version": try await desk.version()])
    #expect(sent.status == 303, "\(sent.body)")
    try await desk.work()
    #expect(try await desk.ask("SELECT count(*) FROM migration_correction", as: Int.self) == [0])
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

  @Test("show beside the source what an import would change of a record that is here")
  func changes() async throws {
    let desk = try await RepairDesk.open()
    #expect(
      try await desk.browser.post(
        desk.batch + "/commit", ["version": try await desk.version(), "slug": "acme-health"]
      ).status == 303)
    try await desk.work()
    let later = try await desk.another(
      RepairDesk.csv.replacing("High;Remarks;", with: "Low;Remarks in the canteen;"))
    let page = try await desk.browser.get(later + "/rows/2")
    #expect(page.body.contains("What would change here") && page.body.contains("Remarks in the canteen"))
    #expect(page.body.contains("Severity"))
    let same = try await desk.browser.get(later + "/rows/5")
    #expect(!same.body.contains("What would change here"))
  }
}
