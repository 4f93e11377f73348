// A row of a source as the record it would become: values, keys, and what is wrong with it.

import EthicoTypes
import Foundation
import Mapping
import Testing

@testable import Migration
@testable import SourceFiles

@Suite("A row as a record")
struct RowReadingTests {
  private static let headers = [
    "case_number", "status", "reporter_type", "received_at", "closed_at", "category", "summary", "reporter_email",
    "channel", "amount",
  ]

  private func reading(
    _ targets: [String] = headers, order: DateOrder? = .dayMonthYear, values: [ValueMapping] = [],
    constants: [String: String] = [:], zone: String = "UTC", entity: ImportEntity = .case
  ) throws -> RowReading {
    let columns = targets.enumerated().map { index, target in
      ColumnDecision(
        index: index, name: target, target: target.isEmpty ? nil : target, act: target.isEmpty ? .keep : .matched,
        band: .high, score: 1, ranked: [], reasons: [], reading: CellReading(order: order))
    }
    let cells = CellText(zone: try #require(TimeZone(identifier: zone)), at: Date(timeIntervalSince1970: 1_795_600_000))
    let categories = ClientCategories([CategoryWord(name: "Theft", code: "THEFT")])
    return RowReading(
      entity, BatchMapping(number: 1, columns: columns, constants: constants), values, categories, cells: cells)
  }

  private func row(_ cells: String...) -> SourceRow { SourceRow(number: 2, cells: cells, problems: []) }

  private static let good = [
    "EP-0000001", "Closed - Substantiated", "identified", "25/12/2021", "03/04/2022", "Theft", "Pallets are missing.",
    "b.berg@client.example", "Hotline", "1,250.50",
  ]

  private func read(_ change: [Int: String] = [:], _ reading: RowReading? = nil) throws -> Migration.StagedRow {
    var cells = Self.good
    for (index, cell) in change { cells[index] = cell }
    return try (reading ?? self.reading()).read(SourceRow(number: 2, cells: cells, problems: []))
  }

  @Test("becomes canonical JSON by the names of the target schema")
  func record() throws {
    let row = try read()
    #expect(row.issues.isEmpty, "\(row.issues)")
    #expect(
      row.parsed.text == """
        {"amount":1250.50,"case_number":"EP-0000001","category":"Theft","channel":"phone","closed_at":"2022-04-03",\
        "outcome":"substantiated","received_at":"2021-12-25","reporter_email":"b.berg@client.example",\
        "reporter_type":"identified","stage":"closed","status":"closed","summary":"Pallets are missing."}
        """)
    #expect(row.key == "EP-0000001")
  }

  @Test("has the content hash of its canonical JSON, whatever order its columns came in")
  func contentHash() throws {
    let parsed = ParsedValue.members([
      "status": .text("closed"), "case_number": .text("EP-0000001"), "received_at": .text("2021-12-25"),
    ])
    let hash = Migration.StagedRow.digest(of: parsed.text).map { String(format: "%02x", $0) }.joined()
    #expect(hash.hasPrefix("ef037cb496086f01d0bc70e506c040ac"))
  }

  @Test("has a key made of its values where its source has none")
  func naturalKey() {
    #expect(NaturalKey.of(["Code  of Conduct ", "2.1"]) == "nk:8ad373cea90e8b9a39577ad2dc5f5b15")
  }

  @Test("says once that its key is missing, or cannot be read")
  func keyMissing() throws {
    let silent = try read([0: ""])
    #expect(silent.issues == [RowIssue(.keyMissing, at: 0)] && silent.key == nil)
    let long = try read([0: String(repeating: "9", count: 65)])
    #expect(long.issues.map(\.code) == [.textTooLong] && long.key == nil)
    let people = try reading(["employee_id", "email"], entity: .person)
    #expect(people.read(row("", "a.law@client.example")).issues == [RowIssue(.keyMissing, at: 0)])
  }

  @Test("keeps who reported an anonymous case out of everything but the file")
  func anonymity() throws {
    let row = try read([2: "Anonymous"])
    #expect(row.issues.map(\.code) == [.anonymityIdentity] && row.issues.first?.value == nil)
    #expect(row.isBlocked && !row.parsed.text.contains("berg"))
    let silent = try read([2: "", 7: ""])
    #expect(silent.issues.map(\.code) == [.assumedAnonymous])
    #expect(silent.parsed.text.contains("\"reporter_type\":\"anonymous\"") && !silent.isBlocked)
    // What somebody has still to say is not assumed.
    let open = try read([2: "Purple", 7: ""])
    #expect(open.issues.map(\.code) == [.enumUndecided] && open.parsed.text.contains("\"anonymous\""))
    let told = try read([2: "anonymous", 6: "Write to b.berg@client.example", 7: ""])
    #expect(told.issues.map(\.code) == [.identityInNarrative] && !told.isBlocked)
  }

  @Test("repeats nothing of who reported anonymously, even where it cannot be read, and lets go of it where asked to")
  func unreadableReporter() throws {
    let long = "canary@client.example " + String(repeating: "x", count: 600)
    let row = try read([2: "anonymous", 7: long])
    #expect(row.issues.map(\.code) == [.anonymityIdentity] && row.issues.first?.value == nil)
    #expect(!row.cells.contains { $0.contains("canary") })
    var cells = Self.good
    (cells[2], cells[7]) = ("anonymous", long)
    let blanked = try reading().read(
      SourceRow(number: 2, cells: cells, problems: []), RowCorrection(row: 2, blanksReporter: true))
    #expect(blanked.issues.isEmpty && !blanked.parsed.text.contains("canary"))
    let identified = try reading().read(
      SourceRow(number: 2, cells: Self.good, problems: []), RowCorrection(row: 2, blanksReporter: true))
    #expect(identified.parsed.text.contains("b.berg@client.example"))
  }

  @Test("keeps back whatever a row says of an anonymous reporter, their relationship to the organisation too")
  func relationship() throws {
    let reading = try reading([
      "case_number", "status", "reporter_type", "received_at", "channel", "category", "summary",
      "reporter_relationship",
    ])
    let row = reading.read(
      row("EP-1", "new", "anonymous", "25/12/2021", "Hotline", "Theft", "Pallets are missing.", "Night shift, bay 4"))
    #expect(row.issues.map(\.code) == [.anonymityIdentity] && row.isBlocked)
    #expect(!row.parsed.text.contains("Night shift") && row.issues.first?.value == nil)
  }

  @Test(
    "keeps no column that seems to say who reported, of a case or of what may belong to one",
    arguments: [(ImportEntity.attachment, "case"), (.auditEvent, "attachment")])
  func alike(entity: ImportEntity, parent: String) throws {
    let columns = ["parent_entity", "Submitter", "reporterWorkEmail", "Remark"].enumerated().map { index, name in
      ColumnDecision(
        index: index, name: name, target: index == 0 ? name : nil, act: index == 0 ? .matched : .keep, band: .high,
        score: 1, ranked: [], reasons: [], reading: CellReading())
    }
    let cells = CellText(zone: .gmt, at: Date(timeIntervalSince1970: 1_795_600_000))
    let reading = RowReading(
      entity, BatchMapping(number: 1, columns: columns, constants: [:]), [], ClientCategories([]), cells: cells)
    let kept = reading.read(row(parent, "Canary Quill", "canary@client.example", "Read it."))
    #expect(kept.legacy.text == "{\"Remark\":\"Read it.\"}")
    #expect(kept.cells == [parent, "«withheld»", "«withheld»", "Read it."])
    let other = reading.read(row("policy", "Ann Law", "a.law@client.example", "Read it."))
    #expect(other.cells.contains("Ann Law"))
  }

  @Test("says that something of a reporter's was changed in a former system, and never from what to what")
  func reporterChange() throws {
    let reading = try reading(
      ["parent_entity", "parent_key", "occurred_at", "actor.name", "action", "field", "old_value", "new_value"],
      entity: .auditEvent)
    func change(of field: String, from old: String = "Canary Quill") -> Migration.StagedRow {
      reading.read(row("case", "EP-1", "25/12/2021", "Joe Desk", "update", field, old, "Canary Nib"))
    }
    let named = change(of: "Reporter name")
    #expect(named.issues.isEmpty, "\(named.issues)")
    #expect(named.parsed.text.contains("\"new_value\":\"«withheld»\",") && !named.parsed.text.contains("Canary"))
    #expect(Array(named.cells.suffix(3)) == ["Reporter name", "«withheld»", "«withheld»"])
    let long = change(of: "reporter_email", from: String(repeating: "Canary ", count: 160_000))
    #expect(long.issues.map(\.code) == [.textTooLong] && long.issues.first?.value == nil)
    #expect(!long.cells.contains { $0.contains("Canary") })
    let other = change(of: "Severity")
    #expect(other.parsed.text.contains("Canary Quill") && other.cells.contains("Canary Nib"))
  }

  @Test(
    "stays behind where a cell cannot be read",
    arguments: [
      (3, "31/02/2021", IssueCode.dateUnparsable), (3, "01/01/1870", .dateOutOfRange),
      (9, "about ten", .numberUnparsable),
      (0, String(repeating: "9", count: 65), .textTooLong), (1, "Purple", .enumUndecided), (5, "", .requiredMissing),
    ])
  func unreadable(index: Int, cell: String, code: IssueCode) throws {
    let row = try read([index: cell])
    #expect(row.issues.map(\.code).first == code, "\(row.issues)")
    #expect(row.isBlocked)
  }

  @Test(
    "stays behind where a person’s own address is none that a person can have here",
    arguments: ["nobody", "@client.example", "ann@", "@"])
  func noAddress(cell: String) throws {
    let reading = try self.reading(["employee_id", "display_name", "email", "manager.email"], entity: .person)
    let row = reading.read(self.row("P1", "Ann Law", cell, "b.berg@client.example"))
    #expect(row.issues == [RowIssue(.noAddress, at: 2, value: cell)] && row.isBlocked)
    // Whom a source names otherwise is looked for, and nothing is written of it.
    let manager = reading.read(self.row("P1", "Ann Law", "A.Law@client.example", cell))
    #expect(manager.issues.isEmpty && manager.parsed.text.contains("\"email\":\"a.law@client.example\""))
  }

  @Test(
    "tells a number outside its range from what is no number",
    arguments: [("180", IssueCode.numberOutOfRange), ("-1", .numberOutOfRange), ("high", .numberUnparsable)])
  func range(cell: String, code: IssueCode) throws {
    let reading = try self.reading(
      ["policy.number", "person.employee_id", "status", "quiz_score"], entity: .attestation)
    let read = reading.read(self.row("P-1", "E-1", "overdue", cell))
    #expect(read.issues == [RowIssue(code, at: 3, value: cell)], "\(read.issues)")
  }

  @Test(
    "reads an amount with its groups, its sign and its currency",
    arguments: [
      ("1250", "1250"), ("1,250.50", "1250.50"), ("1.250,50", "1250.50"), ("1 250,5 €", "1250.5"),
      ("CHF 1'250.00", "1250.00"), ("$-12", "-12"), ("(12.00)", "-12.00"), ("−12", "-12"), ("12-", "-12"),
      ("1.50 kr.", "1.50"), (".5", "0.5"), ("0,125", "0.125"), ("Rs. 500", "500"), ("US$1,234,567", "1234567"),
    ])
  func amounts(cell: String, digits: String) throws {
    let row = try read([9: cell])
    #expect(row.issues.isEmpty && row.parsed.text.contains("{\"amount\":\(digits),"), "\(row.parsed.text)")
  }

  @Test(
    "refuses what is no plain amount, rather than to make one of its digits",
    arguments: [
      "1.5E+06", "1.5E6", "5K", "€ 1,5 Mio", "50-100", "50–100", "12/25/2020", "1/3", "85/100", "1.2.3", "12 KB",
      "1,23,456", "3 x 4", "€(5)",
    ])
  func noAmounts(cell: String) throws {
    let row = try read([9: cell])
    #expect(row.issues.map(\.code) == [.numberUnparsable], "\(row.parsed.text)")
  }

  @Test(
    "reads what an amount says itself whatever its column says, and else as its column",
    arguments: [("1.50", "1.50"), ("1.234", "1234"), ("1.234.567", "1234567"), ("1,5", "1.5")])
  func separated(cell: String, digits: String) {
    #expect(NumberText.read(cell, .comma) == digits)
  }

  @Test("takes a word for nothing as nothing")
  func nullTokens() throws {
    let row = try read([4: "N/A"])
    #expect(row.issues.map(\.code) == [.nullToken] && !row.isBlocked && !row.parsed.text.contains("closed_at"))
  }

  @Test("becomes what somebody decided its values to be")
  func decidedValues() throws {
    let reading = try reading(values: [
      ValueMapping(target: "status", value: "Purple", act: .value("open/review")),
      ValueMapping(target: "category", value: "Theft", act: .reject),
      ValueMapping(target: "channel", value: "Hotline", act: .empty),
    ])
    let row = try read([1: "Purple"], reading)
    #expect(row.issues.map(\.code) == [.enumRejected, .requiredMissing])
    #expect(
      row.parsed.text.contains("\"stage\":\"review\",\"status\":\"open\"") && !row.parsed.text.contains("channel"))
  }

  @Test("keeps the source’s own word where it became another one, in whatever case it is written")
  func ownWords() throws {
    let decided = try reading(values: [
      ValueMapping(target: "status", value: "Purple", act: .value("open/review")),
      ValueMapping(target: "category", value: "Larceny", act: .value("Theft")),
    ])
    #expect(
      try read([1: "Purple", 5: "Larceny"], decided).legacy.text
        == #"{"category":"Larceny","channel":"Hotline","status":"Purple"}"#)
    let plain = try read([1: "CLOSED", 2: "Identified", 5: " theft ", 8: "Phone"])
    #expect(plain.issues.isEmpty && plain.legacy.text == "{}", "\(plain.issues) \(plain.legacy.text)")
    let lost = try reading(values: [ValueMapping(target: "channel", value: "Pigeon", act: .empty)])
    #expect(try read([8: "Pigeon"], lost).legacy.text.contains(#""channel":"Pigeon""#))
  }

  @Test("tells a time in UTC, and a day alone as that day")
  func times() throws {
    let berlin = try reading(zone: "Europe/Berlin")
    func received(_ cell: String) throws -> Migration.StagedRow { try read([3: cell], berlin) }
    #expect(try received("25/12/2021 10:30").parsed.text.contains("\"received_at\":\"2021-12-25T09:30:00Z\""))
    #expect(try received("2021-12-25T10:30:00+05:00").parsed.text.contains("\"2021-12-25T05:30:00Z\""))
    #expect(try received("25/12/2021").parsed.text.contains("\"received_at\":\"2021-12-25\""))
    // The clocks went from 2:00 to 3:00 that night, and from 3:00 to 2:00 this one.
    let skipped = try received("28/03/2021 02:30")
    #expect(skipped.issues.map(\.code) == [.dstShifted] && skipped.parsed.text.contains("2021-03-28T01:30:00Z"))
    let doubled = try received("31/10/2021 02:30")
    #expect(doubled.issues.map(\.code) == [.dstShifted] && doubled.parsed.text.contains("2021-10-31T00:30:00Z"))
  }

  @Test("notes dates that cannot be of one case")
  func dateOrder() throws {
    let row = try read([4: "24/12/2021"])
    #expect(row.issues.map(\.code) == [.closedBeforeReceived] && !row.isBlocked)
  }

  @Test("splits lists, numbers its parts, and keeps what has no field under its own name")
  func structure() throws {
    let reading = try reading(
      [
        "case_number", "status", "reporter_type", "received_at", "category", "summary", "related_cases",
        "notes[2].body",
        "notes[1].body", "notes[1].visibility", "", "channel",
      ])
    let row = reading.read(
      row(
        "EP-1", "new", "identified", "25/12/2021", "Theft", "S", "EP-2; EP-3", "Second", "First", "team", "kept",
        "phone"))
    #expect(row.issues.isEmpty, "\(row.issues)")
    #expect(row.parsed.text.contains("\"related_cases\":[\"EP-2\",\"EP-3\"]"))
    #expect(row.parsed.text.contains("\"notes\":[{\"body\":\"First\",\"visibility\":\"team\"},{\"body\":\"Second\"}]"))
    #expect(row.legacy.text == "{\"\":\"kept\"}")
  }

  @Test("gets a value that all records get")
  func constants() throws {
    let reading = try reading(
      ["policy_number", "title", "owner.email"],
      constants: ["policy_type": "code_of_conduct", "status": "draft"], entity: .policy)
    let row = reading.read(row("P-1", "Code", "A@Client.Example"))
    #expect(row.issues.isEmpty, "\(row.issues)")
    #expect(
      row.parsed.text == """
        {"owner.email":"a@client.example","policy_number":"P-1","policy_type":"code_of_conduct","status":"draft",\
        "title":"Code","version_label":"1"}
        """)
    #expect(row.key == "P-1 / 1")
  }

  @Test("demands a date where its state needs one")
  func conditions() throws {
    let reading = try reading(
      ["policy_number", "title", "owner.email", "policy_type", "status"], entity: .policy)
    let row = reading.read(row("P-1", "Code", "a@client.example", "Code of conduct", "Published"))
    #expect(row.issues.map(\.code) == [.publishedWithoutDate])
  }

  @Test("reads markup as the text it shows")
  func markup() throws {
    let row = try read([6: "<p>Pallets &amp; boxes</p><p>are <b>missing</b>.</p>"])
    #expect(row.parsed.text.contains("\"summary\":\"Pallets & boxes\\nare missing.\""))
    for (written, shown) in [
      ("a < b and <b>c</b>", "a < b and c"), ("x <foo>y</foo> z", "x <foo>y</foo> z"),
      ("<LI class=x>one</LI><li>two</li>", "one\ntwo"), ("one<br/>two <", "one\ntwo <"), ("<p", "<p"),
      ("&amp;lt;<i>&lt;</i>", "&lt;<"), ("<pre>as it is</pre>", "<pre>as it is</pre>"),
    ] {
      #expect(MarkupText.plain(written) == shown, "\(written)")
    }
  }

  @Test("takes no longer for what begins again and again like a tag or an address than for other words")
  func linear() {
    let tags = String(repeating: "<a ", count: 300_000)
    #expect(MarkupText.plain(tags) == tags)
    #expect(MarkupText.plain("<b>" + tags) == tags.trimmingPrefix(" ").trimmingCharacters(in: .whitespaces))
    #expect(!CellText.holdsAddress(String(repeating: "a", count: 1_000_000) + " @"))
    #expect(!CellText.holdsAddress(String(repeating: "a@a.", count: 250_000)))
  }
}
