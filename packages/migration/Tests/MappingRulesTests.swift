// What a mapping says beside its columns, as rows are read by it: joins, parts, words that say nothing, one value for
// all.

import EthicoTypes
import Foundation
import Mapping
import Testing

@testable import Migration
@testable import SourceFiles

@Suite("The rules of a mapping")
struct MappingRulesTests {
  private static let base = ["case_number", "status", "reporter_type", "received_at", "channel", "category"]
  private static let good = ["EP-1", "new", "anonymous", "25/12/2021", "Hotline", "Theft"]

  /// The record of a row whose columns are the usual ones and `more`.
  private func row(
    _ more: [(target: String, cell: String)], split: CellSplit? = nil, rules: MappingRules = MappingRules(),
    constants: [String: String] = [:]
  ) throws -> Migration.StagedRow {
    let columns = (Self.base + more.map(\.target)).enumerated().map { index, target in
      var reading = CellReading(order: .dayMonthYear)
      if index >= Self.base.count { reading.split = split }
      return ColumnDecision(
        index: index, name: target, target: target, act: .matched, band: .high, score: 1, ranked: [], reasons: [],
        reading: reading)
    }
    let mapping = BatchMapping(number: 1, columns: columns, constants: constants, rules: rules)
    let cells = CellText(zone: .gmt, at: Date(timeIntervalSince1970: 1_795_600_000))
    let categories = ClientCategories([CategoryWord(name: "Theft", code: "THF")])
    return RowReading(.case, mapping, [], categories, cells: cells)
      .read(SourceRow(number: 2, cells: Self.good + more.map(\.cell), problems: []))
  }

  private func record(_ row: Migration.StagedRow) throws -> [String: ParsedValue] {
    try JSONDecoder().decode([String: ParsedValue].self, from: Data(row.parsed.text.utf8))
  }

  @Test(
    "take the first of several columns that says something",
    arguments: [
      (["Bay 4", "Bay 5"], "Bay 4"), (["", "Bay 5"], "Bay 5"), (["n/a", "Bay 5"], "Bay 5"), (["", ""], nil),
    ])
  func first(cells: [String], location: String?) throws {
    let rules = MappingRules(joins: ["location": ColumnJoin(.first)])
    let row = try row([("summary", "Pallets."), ("location", cells[0]), ("location", cells[1])], rules: rules)
    #expect(try record(row)["location"]?.words == location)
    #expect(!row.isBlocked)
  }

  @Test("put all that say something one after the other, in the order of the file")
  func all() throws {
    let rules = MappingRules(joins: ["summary": ColumnJoin(.all, separator: " / ")])
    let row = try row([("summary", "Pallets"), ("summary", " "), ("summary", "are gone.")], rules: rules)
    #expect(try record(row)["summary"]?.words == "Pallets / are gone.")
  }

  @Test("keep who reported an anonymous case out, of whichever column it came")
  func anonymity() throws {
    let rules = MappingRules(joins: ["reporter_name": ColumnJoin(.all)])
    let row = try row(
      [("summary", "Pallets."), ("reporter_name", "Ines"), ("reporter_name", "Canary")], rules: rules)
    #expect(row.issues.map(\.code) == [.anonymityIdentity] && row.isBlocked)
    #expect(!row.parsed.text.contains("Canary") && !row.cells.contains("Canary") && !row.cells.contains("Ines"))
  }

  @Test(
    "mean a part of each cell where somebody says so",
    arguments: [
      ("Berg, Bay 4", ",", 2, "Bay 4"), ("a - b - c", " - ", 1, "a"), ("alone", ",", 2, nil),
      // A word for nothing says nothing as a whole cell, and as the part of one.
      ("Berg, N/A", ",", 2, nil), ("N/A", "/", 1, nil),
    ])
  func split(cell: String, separator: String, part: Int, location: String?) throws {
    let row = try row([("location", cell)], split: CellSplit(separator: separator, part: part))
    #expect(try record(row)["location"]?.words == location)
  }

  @Test("have words of their own that say nothing, and no others")
  func nothing() throws {
    let rules = MappingRules(nothing: ["Ohne"])
    let row = try row([("summary", "Pallets."), ("location", "OHNE"), ("country", "n/a")], rules: rules)
    #expect(try record(row)["location"] == nil && record(row)["country"]?.words == "n/a")
    #expect(row.issues.contains { $0.code == .nullToken })
    let usual = try self.row([("summary", "Pallets."), ("country", "n/a")])
    #expect(try record(usual)["country"] == nil)
  }

  @Test("give all records one value, which a cell that says something overrides")
  func constant() throws {
    let row = try row([("summary", "Pallets.")], constants: ["severity": "high", "location": "Bay 1"])
    #expect(try record(row)["severity"]?.words == "high" && record(row)["location"]?.words == "Bay 1")
  }

  @Test(
    "refuse a value that no record could have",
    arguments: [
      ("severity", "purple", IssueCode.enumUndecided), ("due_at", "31/02/2021", .dateUnparsable),
      ("amount", "much", .numberUnparsable), ("severity", "High", nil), ("due_at", "2021-12-25", nil),
    ])
  func problem(target: String, value: String, code: IssueCode?) {
    let moment = Date(timeIntervalSince1970: 1_795_600_000)
    #expect(BatchMapping.problem(value, for: target, of: .case, at: moment) == code)
  }

  @Test("wait for somebody to say how several columns become one")
  func doubled() throws {
    let columns = ["location", "location", "summary"].enumerated().map { index, target in
      ColumnDecision(
        index: index, name: target, target: target, act: .matched, band: .high, score: 1, ranked: [], reasons: [],
        reading: CellReading())
    }
    var mapping = BatchMapping(number: 1, columns: columns, constants: [:])
    #expect(mapping.doubled(of: .case) == ["location"] && mapping.shared(of: .case) == ["location"])
    mapping.rules.joins["location"] = ColumnJoin(.first)
    #expect(mapping.doubled(of: .case).isEmpty && mapping.shared(of: .case) == ["location"])
  }
}
