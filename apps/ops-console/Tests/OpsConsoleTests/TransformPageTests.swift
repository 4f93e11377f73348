// What the mapper asks about how the cells of a column are read, through the routes: its zone, its words for yes and
// no, what stands between its values, its repair. And the preview that shows what came of it.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("How the cells of a column are read")
struct TransformPageTests {
  private static let targets = [
    "case_number", "status", "reporter_type", "channel", "received_at", "category", "title", "summary", "legal_hold",
    "related_cases", "due_at",
  ]
  private static let csv =
    targets.joined(separator: "\t") + "\n"
    + "EP-1\tNew\tanonymous\tHotline\t25/12/2020 10:15\tTheft\tStock\tMÃ¼ller lagert.\tGesperrt\tEP-2 / EP;3\t"
    + "26/12/2020\n"
    + "EP-2\tNew\tanonymous\tHotline\t27/12/2020 08:00\tTheft\tStock\tPallets.\tFrei\t\t\n"

  private func uploaded(_ desk: ImportDesk, named name: String = "cases.tsv") async throws -> String {
    let known = Set(try await desk.batches())
    let sent = try await desk.browser.upload(
      ImportDesk.home + "/files", file: (name: name, bytes: Array((Self.csv + "\n\(name)\n").utf8)))
    #expect(sent.status == 303, "\(sent.body)")
    try await desk.work()
    return try #require(try await desk.batches().first { !known.contains($0) })
  }

  private func fields(_ desk: ImportDesk, _ batch: String) async throws -> [(String, String)] {
    [("version", try await desk.version(batch))]
      + Self.targets.enumerated().flatMap { index, target in
        [("c\(index).target", target), ("c\(index).ok", "true")]
      }
  }

  private static let said = [
    ("c4.zone", "america/new_york"), ("c8.yes", "Gesperrt\r\nja"), ("c8.no", "Frei"), ("c9.list", "other"),
    ("c9.list_text", " / "), ("c10.zone", ""),
  ]

  private func columns(_ desk: ImportDesk, _ batch: String) async throws -> [[String: Any]] {
    try #require(try await desk.browser.json(batch + "/map")["columns"] as? [[String: Any]])
  }

  @Test("is said in the mapper, holds for every row, and comes over: a day stays a day, and begins where the column is")
  func said() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await uploaded(desk)
    let page = try await desk.browser.get(batch + "/map")
    #expect(
      page.body.contains("Times are in Asia/Tokyo, the client’s zone") && page.body.contains("Neither yes nor no"))
    #expect(page.body.contains("“Gesperrt”, “Frei”"))
    let saved = try await desk.browser.post(
      batch + "/map", list: try await fields(desk, batch) + Self.said + [("repair", "7"), ("then", "check")])
    #expect(saved.status == 303, "\(saved.body)")
    try await desk.work()
    let record = try #require(try await desk.browser.json(batch + "/rows/2")["record"] as? [String: String])
    #expect(record["received_at"] == "2020-12-25T15:15:00Z" && record["due_at"] == "2020-12-26")
    #expect(record["legal_hold"] == "yes" && record["related_cases"] == "EP-2; EP;3")
    #expect(record["summary"] == "Müller lagert.")
    let columns = try await columns(desk, batch)
    #expect(columns[4]["zone"] as? String == "America/New_York" && columns[10]["zone"] == nil)
    #expect((columns[8]["truth"] as? [String: [String]])?["yes"] == ["Gesperrt", "ja"])
    #expect(columns[9]["list"] as? String == " / ")
    #expect(columns[7]["repaired"] as? Bool == true && columns[7]["broken"] as? Bool == true)
    let row = try await desk.browser.get(batch + "/rows/2")
    #expect(row.body.contains("MÃ¼ller lagert.") && row.body.contains("Müller lagert.</span></ins>"))
    let begun = try await desk.browser.post(
      batch + "/commit", ["version": try await desk.version(batch), "slug": "acme-health"])
    #expect(begun.status == 303, "\(begun.body)")
    try await desk.work()
    let due = try await desk.texts(
      "SELECT to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM \"case\" WHERE reference = 'EP-1'")
    #expect(due == ["2020-12-25 15:00"])
    let days = try await desk.texts(
      """
      SELECT imported_fields ->> 'date_only' FROM migration_provenance
      WHERE source_record_id = 'EP-1' AND entity = 'case' AND content_hash IS NOT NULL
      """)
    #expect(days == ["{\"due_at\": \"2020-12-26\"}"])
  }

  @Test("says at the control what cannot be, and keeps what was typed")
  func refused() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await uploaded(desk)
    let sent = try await desk.browser.post(
      batch + "/map",
      list: try await fields(desk, batch) + [
        ("c4.zone", "Mars/Phobos"), ("c8.yes", "Ja\r\nX"), ("c8.no", "frei\r\nja"), ("c9.list", "other"),
        ("c9.list_text", ""), ("c10.zone", "UTC"),
      ])
    #expect(sent.status == 422)
    for field in ["c4.zone", "c8.no", "c9.list_text"] {
      #expect(sent.body.contains("href=\"#f-\(field)\"") && sent.body.contains("id=\"f-\(field)-error\""), "\(field)")
    }
    #expect(!sent.body.contains("href=\"#f-c10.zone\"") && !sent.body.contains("href=\"#f-c8.yes\""))
    #expect(sent.body.contains("value=\"Mars/Phobos\"") && sent.body.contains("“ja” cannot mean both yes and no."))
    for wrong in [
      ("c8.yes", " \r\n"), ("c9.list", "tabs"), ("repair", "99"), ("c8.no", String(repeating: "x", count: 101)),
    ] {
      let sent = try await desk.browser.post(
        batch + "/map", list: try await fields(desk, batch) + [wrong] + Self.said.filter { $0.0 != wrong.0 },
        accept: "application/json")
      #expect(try sent.gist == "422 invalid", "\(wrong)")
    }
    #expect(try await columns(desk, batch)[4]["zone"] == nil)
  }

  @Test("is remembered for the next file of the same columns")
  func remembered() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await uploaded(desk)
    let saved = try await desk.browser.post(
      batch + "/map", list: try await fields(desk, batch) + Self.said + [("then", "check")])
    #expect(saved.status == 303, "\(saved.body)")
    try await desk.work()
    let next = try await uploaded(desk, named: "more.tsv")
    let columns = try await columns(desk, next)
    #expect(columns[4]["zone"] as? String == "America/New_York" && columns[9]["list"] as? String == " / ")
    #expect((columns[8]["truth"] as? [String: [String]])?["no"] == ["Frei"])
    #expect(columns[7]["repaired"] as? Bool == false && columns[7]["broken"] as? Bool == true)
  }

  @Test("is remembered with what holds beside the columns: empty words, a part of a cell, one field of several columns")
  func rulesRemembered() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await uploaded(desk)
    let joined = try await fields(desk, batch).filter { $0.0 != "c6.target" } + [("c6.target", "summary")]
    let rules = [
      ("nothing", "keine\r\nn/a"), ("j.summary", "all"), ("js.summary", " – "), ("c5.split", "/"), ("c5.part", "2"),
    ]
    let saved = try await desk.browser.post(batch + "/map", list: joined + Self.said + rules + [("then", "check")])
    #expect(saved.status == 303, "\(saved.body)")
    try await desk.work()
    let next = try await uploaded(desk, named: "more.tsv")
    let mapper = try await desk.browser.json(next + "/map")
    #expect(mapper["nothing"] as? [String] == ["keine", "n/a"])
    #expect(mapper["shared"] as? [String: String] == ["summary": "all"])
    #expect(mapper["separators"] as? [String: String] == ["summary": " – "])
    let split = try #require(try await columns(desk, next)[5]["split"] as? [String: Any])
    #expect(split["separator"] as? String == "/" && split["part"] as? Int == 2)
  }

  @Test("is repaired by one press, for a column or for all, and taken back by another")
  func repair() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await uploaded(desk)
    let page = try await desk.browser.get(batch + "/map")
    #expect(page.body.contains("Repair of summary") && page.body.contains(">MÃ¼ller lagert.</del>"))
    for (field, repaired) in [("repair", true), ("unrepair", false)] {
      for column in ["7", "all"] {
        let sent = try await desk.browser.post(
          batch + "/map", list: try await fields(desk, batch) + [(field, column)])
        #expect(sent.status == 303 && (sent.location?.hasSuffix("done=\(field)ed") ?? false), "\(sent.body)")
        let columns = try await columns(desk, batch)
        #expect(columns.map { $0["repaired"] as? Bool } == columns.indices.map { $0 == 7 && repaired }, "\(field)")
        #expect((columns[7]["samples"] as? [String])?.first == (repaired ? "Müller lagert." : "MÃ¼ller lagert."))
      }
    }
  }

  @Test("shows fifty rows of a batch, each once, and any other by its number")
  func preview() async throws {
    let desk = try await ImportDesk.open()
    let lines = (1...120).map { number in
      let title = number == 80 ? String(repeating: "Long ", count: 80) : "Stock \(number)"
      let severity = [90: "low", 91: "medium", 92: "Critical", 93: "Major", 94: "Minor"][number] ?? "high"
      return "EP-\(number);\(title);\(severity);\(number > 100 ? "Purple" : "new")"
    }
    let batch = try await desk.check(ImportDesk.cases(lines))
    var seen: [Int] = []
    var bySample: [String: [Int]] = [:]
    for sample in ["first", "issues", "longest", "rarest", "random"] {
      let rows = try #require(try await desk.browser.json(batch + "?sample=" + sample)["rows"] as? [[String: Any]])
      bySample[sample] = rows.compactMap { $0["row"] as? Int }
      seen += bySample[sample] ?? []
    }
    #expect(bySample.mapValues(\.count) == ["first": 10, "issues": 10, "longest": 5, "rarest": 5, "random": 20])
    #expect(Set(seen).count == 50)
    #expect(bySample["first"] == Array(2...11) && bySample["issues"] == Array(102...111))
    #expect(bySample["longest"]?.contains(81) ?? false && bySample["rarest"] == Array(91...95))
    let again = try #require(try await desk.browser.json(batch + "?sample=random")["rows"] as? [[String: Any]])
    #expect(again.compactMap { $0["row"] as? Int } == bySample["random"])
    let page = try await desk.browser.get(batch + "?sample=rarest")
    #expect(page.body.contains("Rarest values · 5") && page.body.contains("Picked at random · 20"))
    let sought = try await desk.browser.get(batch + "?row=1,0,1")
    #expect(sought.body.contains("Open row 101") && sought.body.contains("EP-100"))
    let missing = try await desk.browser.get(batch + "?row=122")
    #expect(missing.status == 200 && missing.body.contains("This batch has no row “122”: its rows are 2 to 121."))
    #expect(missing.body.contains("aria-describedby=\"f-row-error\""))
  }
}
