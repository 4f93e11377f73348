// What a source has below its categories, row by row: decided with the category that it stands below, and never made
// unasked.

import EthicoTypes
import Foundation
import Mapping
import Testing

@testable import Migration
@testable import SourceFiles

@Suite("What stands below a category")
struct SubcategoryTests {
  private static let own = ClientCategories([
    CategoryWord(name: "Theft", code: "THF"),
    CategoryWord(name: "Cash", code: "CSH", parent: "Theft", parentCode: "THF"),
    CategoryWord(name: "Fraud", code: "FRD"),
    CategoryWord(name: "Time", code: "TIM", parent: "Fraud", parentCode: "FRD"),
  ])
  private static let headers = [
    "case_number", "status", "reporter_type", "received_at", "category", "subcategory", "summary", "channel",
  ]

  private func read(
    _ category: String, _ below: String, _ values: [ValueMapping] = [], constants: [String: String] = [:]
  ) throws -> Migration.StagedRow {
    let columns = Self.headers.enumerated().map { index, target in
      let isConstant = constants[target] != nil
      return ColumnDecision(
        index: index, name: "Source \(target)", target: isConstant ? nil : target, act: isConstant ? .ignore : .matched,
        band: .high, score: 1, ranked: [], reasons: [], reading: CellReading(order: .dayMonthYear))
    }
    let cells = CellText(zone: .gmt, at: Date(timeIntervalSince1970: 1_795_600_000))
    let reading = RowReading(
      .case, BatchMapping(number: 1, columns: columns, constants: constants), values, Self.own, cells: cells)
    return reading.read(
      SourceRow(
        number: 2, cells: ["EP-1", "New", "anonymous", "25/12/2021", category, below, "Pallets.", "Hotline"],
        problems: []))
  }

  private func decided(_ category: String, _ below: String, _ act: ValueMapping.Act) -> ValueMapping {
    ValueMapping(
      target: "subcategory", value: SourceCategory(category: category, below: below).key, act: act)
  }

  private func names(_ row: Migration.StagedRow) throws -> [String?] {
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(row.parsed.text.utf8)) as? [String: Any])
    return [record["category"] as? String, record["subcategory"] as? String]
  }

  @Test("is the client's own where that category has it, and waits for a decision else")
  func asked() throws {
    let plain = try read("Theft", " cash ")
    #expect(try names(plain) == ["Theft", "Cash"] && plain.issues.isEmpty)
    // Cash stands below another one.
    for (category, below) in [("Fraud", "Cash"), ("Theft", "Tools"), ("Sorcery", "Spells")] {
      let row = try read(category, below)
      #expect(row.issues.contains { $0.code == .enumUndecided && $0.value == below }, "\(category) \(below)")
      #expect(try names(row)[1] == nil)
    }
    #expect(try read("Theft", "").issues.isEmpty && read("Theft", "n/a").issues.isEmpty)
    let silent = try read("", "Tools")
    #expect(silent.issues.map(\.code) == [.requiredMissing])
  }

  @Test("is decided for the category that it stands below, and for no other")
  func decisions() throws {
    let spells = [
      decided("Sorcery", "Spells", .newCategory("Spells and charms")),
      ValueMapping(target: "category", value: "Sorcery", act: .newCategory("Witchcraft")),
    ]
    #expect(try names(try read("Sorcery", "Spells", spells)) == ["Witchcraft", "Spells and charms"])
    #expect(try read("Theft", "Spells", spells).issues.map(\.code) == [.enumUndecided])
    let rejected = try read("Theft", "Tools", [decided("Theft", "Tools", .reject)])
    #expect(rejected.issues.map(\.code) == [.enumRejected])
  }

  @Test("is said with its category, is the category itself where it comes from elsewhere, or stays as a word")
  func places() throws {
    #expect(try names(try read("Theft", "Till", [decided("Theft", "Till", .value("Cash"))])) == ["Theft", "Cash"])
    #expect(try names(try read("Theft", "Hours", [decided("Theft", "Hours", .value("Time"))])) == ["Time", nil])
    let kept = try read("Theft", "Tools", [decided("Theft", "Tools", .empty)])
    #expect(try names(kept) == ["Theft", nil] && kept.issues.isEmpty)
    #expect(kept.legacy.text == #"{"Source channel":"Hotline","Source subcategory":"Tools"}"#)
  }

  @Test("stands below the one category that all records get, too")
  func constant() throws {
    #expect(try names(try read("ignored", "Cash", constants: ["category": "Theft"])) == ["Theft", "Cash"])
    let tools = [decided("", "Tools", .newCategory("Tools"))]
    #expect(try names(try read("ignored", "Tools", tools, constants: ["category": "Theft"])) == ["Theft", "Tools"])
  }

  @Test("is named by both words, whatever stands in them, and by no more than a row of the database takes")
  func keys() {
    #expect(SourceCategory(category: "A › B", below: "C").key != SourceCategory(category: "A", below: "B › C").key)
    #expect(SourceCategory(category: "A\",\"B", below: "C").key != SourceCategory(category: "A", below: "B\",\"C").key)
    let long = String(repeating: "e\u{301}", count: 400)
    #expect(SourceCategory(category: long, below: long).key.unicodeScalars.count == ValueMapping.valueLimit)
  }
}
