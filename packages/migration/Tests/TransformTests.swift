// How the cells of one column are read by what somebody said about it: its zone, its words for yes and no, what stands
// between its values, its repair.

import EthicoTypes
import Foundation
import Mapping
import Testing

@testable import Migration
@testable import SourceFiles

@Suite("What is said about a column")
struct TransformTests {
  private static let good = [
    "case_number": "EP-1", "status": "new", "reporter_type": "identified", "received_at": "25/12/2021",
    "channel": "Hotline", "category": "Theft", "summary": "Pallets.",
  ]

  /// The row with some cells, each read as was said about its column; the client is in Berlin.
  private func row(
    _ cells: [String: String], _ readings: [String: CellReading] = [:], constants: [String: String] = [:]
  ) throws -> Migration.StagedRow {
    let all = Self.good.merging(cells) { $1 }.sorted { $0.key < $1.key }
    let columns = all.enumerated().map { index, cell in
      var reading = readings[cell.key] ?? CellReading()
      reading.order = .dayMonthYear
      return ColumnDecision(
        index: index, name: cell.key, target: cell.key, act: .matched, band: .high, score: 1, ranked: [], reasons: [],
        reading: reading)
    }
    let mapping = BatchMapping(number: 1, columns: columns, constants: constants)
    let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
    let cells = CellText(zone: berlin, at: Date(timeIntervalSince1970: 1_795_600_000))
    let categories = ClientCategories([CategoryWord(name: "Theft", code: "THF")])
    return RowReading(.case, mapping, [], categories, cells: cells)
      .read(SourceRow(number: 2, cells: all.map(\.value), problems: []))
  }

  private func members(_ json: ParsedValue) throws -> [String: ParsedValue] {
    try JSONDecoder().decode([String: ParsedValue].self, from: Data(json.text.utf8))
  }

  private func reading(_ change: (inout CellReading) -> Void) -> CellReading {
    var reading = CellReading()
    change(&reading)
    return reading
  }

  // MARK: Times

  @Test(
    "puts times where the column's are, and the client's where nobody says",
    arguments: [
      (nil, "2021-12-25T09:15:00Z"), ("UTC", "2021-12-25T10:15:00Z"), ("America/New_York", "2021-12-25T15:15:00Z"),
    ])
  func times(zone: String?, instant: String) throws {
    let row = try row(["received_at": "25/12/2021 10:15"], ["received_at": reading { $0.zone = zone }])
    #expect(try members(row.parsed)["received_at"] == .text(instant))
    #expect(row.days.text == "{}" && row.issues.isEmpty)
  }

  @Test(
    "leaves a day that day in every zone, and knows when it begins there",
    arguments: [
      (nil, "2021-12-24T23:00:00Z"), ("Pacific/Auckland", "2021-12-24T11:00:00Z"),
      ("America/New_York", "2021-12-25T05:00:00Z"),
    ])
  func days(zone: String?, begins: String) throws {
    let row = try row([:], ["received_at": reading { $0.zone = zone }])
    #expect(try members(row.parsed)["received_at"] == .text("2021-12-25"))
    #expect(row.days.text == "{\"received_at\":\"\(begins)\"}" && row.issues.isEmpty)
  }

  @Test("has the same content hash for a day, wherever it begins")
  func dayHash() throws {
    let (there, here) = (
      try row([:], ["received_at": reading { $0.zone = "Asia/Tokyo" }]), try row([:])
    )
    #expect(there.parsed.text == here.parsed.text && there.days != here.days)
  }

  @Test("begins a day an hour later where the clocks skipped its midnight, and says so")
  func skippedMidnight() throws {
    let zone = reading { $0.zone = "America/Sao_Paulo" }
    let row = try row(["received_at": "04/11/2018"], ["received_at": zone])
    #expect(try members(row.parsed)["received_at"] == .text("2018-11-04"))
    #expect(row.days.text == "{\"received_at\":\"2018-11-04T03:00:00Z\"}")
    #expect(row.issues.map(\.code) == [.dstShifted] && !row.isBlocked)
  }

  @Test("takes the first of a time that the clocks had twice, in the column's zone")
  func doubled() throws {
    let zone = reading { $0.zone = "America/New_York" }
    let row = try row(["received_at": "07/11/2021 01:30"], ["received_at": zone])
    #expect(try members(row.parsed)["received_at"] == .text("2021-11-07T05:30:00Z"))
    #expect(row.issues.map(\.code) == [.dstShifted])
  }

  @Test("tells the days of numbered parts by the place that the part has")
  func numberedDays() throws {
    let row = try row([
      "notes[2].at": "26/12/2021", "notes[2].body": "One", "notes[5].at": "27/12/2021 08:00", "notes[5].body": "Two",
      "notes[7].at": "28/12/2021", "notes[7].body": "Three",
    ])
    let days = try members(row.days)
    #expect(days["notes[1].at"] == .text("2021-12-25T23:00:00Z") && days["notes[2].at"] == nil)
    #expect(days["notes[3].at"] == .text("2021-12-27T23:00:00Z"))
  }

  @Test("forgets the day of a value for all records where the row has a time of its own")
  func overridden() throws {
    let row = try row(["due_at": "25/12/2021 10:15"], constants: ["due_at": "2021-12-31"])
    #expect(try members(row.parsed)["due_at"] == .text("2021-12-25T09:15:00Z"))
    #expect(try members(row.days)["due_at"] == nil)
  }

  @Test("knows a zone by its name in whatever case, and nothing else")
  func zones() {
    #expect(ColumnZone.named("europe/berlin") == "Europe/Berlin" && ColumnZone.named("UTC") == "UTC")
    for text in ["", "Mars/Phobos", "Berlin", "+01:00", "Europe/Berlin "] {
      #expect(ColumnZone.named(text) == nil, "\(text)")
    }
  }

  // MARK: Yes and no

  @Test("reads yes and no by the column's own words, and by no others")
  func truth() throws {
    let words = reading { $0.truth = TruthWords(yes: ["Gesperrt"], no: ["frei", "1"]) }
    for (cell, value) in [("GESPERRT", true), ("Frei", false), ("1", false)] {
      let row = try row(["legal_hold": cell], ["legal_hold": words])
      #expect(try members(row.parsed)["legal_hold"] == .flag(value), "\(cell)")
    }
    let unknown = try row(["legal_hold": "yes"], ["legal_hold": words])
    #expect(unknown.issues.map(\.code) == [.enumUndecided] && unknown.issues.first?.value == "yes")
    let usual = try row(["legal_hold": "Ja"])
    #expect(try members(usual.parsed)["legal_hold"] == .flag(true))
  }

  // MARK: Lists

  @Test(
    "splits a list at what stands between its values, or at what each cell has",
    arguments: [
      (nil, "EP-2; EP-3", ["EP-2", "EP-3"]), (nil, "EP-2,EP-3", ["EP-2", "EP-3"]),
      (nil, "EP-2\r\nEP-3, x", ["EP-2", "EP-3, x"]), (",", "EP-2; a, EP-3", ["EP-2; a", "EP-3"]),
      (";", "EP-2, a; EP-3", ["EP-2, a", "EP-3"]), ("\n", "EP-2; a\r\nEP-3", ["EP-2; a", "EP-3"]),
      (" / ", "EP/2 / EP/3", ["EP/2", "EP/3"]), ("|", "|EP-2||EP-3|", ["EP-2", "EP-3"]),
    ])
  func list(separator: String?, cell: String, values: [String]) throws {
    let row = try row(["related_cases": cell], ["related_cases": reading { $0.list = separator }])
    #expect(try members(row.parsed)["related_cases"] == .list(values.map(ParsedValue.text)))
  }

  // MARK: Repair

  @Test("decodes again where the whole cell was decoded twice, keeps the cell as it came, and does neither unasked")
  func repair() throws {
    let mends = reading { $0.repair = .decodedTwice }
    let broken = "MÃ¼ller â€“ KÃ¶ln"
    let mended = try row(["summary": broken], ["summary": mends])
    #expect(try members(mended.parsed)["summary"] == .text("Müller – Köln") && mended.cells.contains(broken))
    let unasked = try row(["summary": broken])
    #expect(try members(unasked.parsed)["summary"] == .text(broken))
    for text in ["Müller und MÃ¼ller", "SÃO PAULO", "Pallets"] {
      let row = try row(["summary": text], ["summary": mends])
      #expect(try members(row.parsed)["summary"] == .text(text), "\(text)")
    }
  }

  @Test("decides about values as they are once they are decoded again")
  func repairedValues() throws {
    let row = try row(["category": "TheftÂ"], ["category": reading { $0.repair = .decodedTwice }])
    #expect(row.issues.map(\.code) == [.enumUndecided])
    let twice = try self.row(
      ["status": "geschlossen", "channel": "TÃ©lÃ©phone"], ["channel": reading { $0.repair = .decodedTwice }])
    #expect(try members(twice.parsed)["channel"] == .text("phone"))
  }

  // MARK: Memory

  @Test("is remembered for the next file, where the column becomes the same field")
  func memory() throws {
    func column(_ name: String, _ target: String, _ reading: CellReading = CellReading()) -> ColumnDecision {
      ColumnDecision(
        index: 0, name: name, target: target, act: .matched, band: .high, score: 1, ranked: [], reasons: [],
        reading: reading)
    }
    let said = reading {
      $0.zone = "Asia/Tokyo"
      $0.list = "/"
      $0.split = CellSplit(separator: ",", part: 2)
      $0.repair = .decodedTwice
    }
    let older = BatchMapping(
      number: 2, columns: [column("Opened", "opened_at", reading { $0.zone = "UTC" })], constants: [:])
    let newer = BatchMapping(number: 3, columns: [column("Opened", "opened_at", said)], constants: [:])
    let memory = ReadingMemory([newer, older])
    let recalled = memory.recalled([
      column("opened", "opened_at"), column("Opened", "closed_at"), column("Other", "opened_at"),
    ])
    #expect(recalled.map(\.reading.zone) == ["Asia/Tokyo", nil, nil])
    #expect(recalled[0].reading.list == "/" && recalled[0].reading.repair == nil)
    #expect(recalled.map(\.reading.split?.part) == [2, nil, nil])
  }

  @Test("reads what was kept before anything could be said about columns")
  func former() throws {
    let kept = try JSONDecoder().decode(CellReading.self, from: Data("{\"order\":\"dmy\"}".utf8))
    #expect(kept.zone == nil && kept.truth == nil && kept.list == nil && kept.repair == nil)
  }
}
