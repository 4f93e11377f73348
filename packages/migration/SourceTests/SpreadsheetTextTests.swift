// Formulas that are none any more, and texts that come back as they were.

import EthicoTypes
import Foundation
import Mapping
import SourceFiles
import Testing

@Suite("Texts in spreadsheets of ours")
struct SpreadsheetTextTests {
  @Test(
    "begin with an apostrophe where they would be formulas",
    arguments: [
      ("=1+1", "'=1+1"), ("'=x", "''=x"), ("-5", "-5"), ("+49 30 1", "'+49 30 1"), ("@SUM(A1)", "'@SUM(A1)"),
      ("\tx", "'\tx"), ("\rx", "'\rx"), ("＝1", "'＝1"), ("＋1", "'＋1"), ("－1", "'－1"), ("＠x", "'＠x"),
      ("-1.5", "-1.5"), ("+1,234.50", "+1,234.50"), ("-5-5", "'-5-5"), ("--5", "'--5"), ("-", "'-"), ("-.", "'-."),
      ("=\u{301}1", "'=\u{301}1"), ("plain", "plain"), ("'quoted'", "'quoted'"), ("", ""), ("O'Neil", "O'Neil"),
      (" =1", " =1"),
    ])
  func vectors(text: String, written: String) {
    #expect(SpreadsheetText.guarded(text) == written)
    #expect(SpreadsheetText.unguarded(written) == text)
  }

  @Test("come back from 10,000 random ones as they were, alone and through a CSV file")
  func roundTrip() throws {
    var random = SplitMix64(seed: 7)
    let alphabet = Array("'''===++--@\t\r\n＝－,;\"\" 5.aü😀").map(String.init)
    var texts: [String] = []
    for _ in 0..<10000 {
      texts.append(
        (0..<Int(random.next() % 8)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }.joined())
    }
    for text in texts { #expect(SpreadsheetText.unguarded(SpreadsheetText.guarded(text)) == text) }
    let csv =
      CSVLine.byteOrderMark + CSVLine.of(["n", "text"])
      + texts.enumerated().map { CSVLine.of(["row\($0.offset)", $0.element]) }.joined()
    let reading = try Reading(csv, ReadingOptions(delimiter: ","))
    #expect(reading.cells.map { SpreadsheetText.unguarded($0[1]) } == texts)
  }

  @Test("become an error workbook that reads as what it was made of")
  func errorWorkbook() throws {
    let path = NSTemporaryDirectory() + "/errors-\(ProcessInfo.processInfo.globallyUniqueString).xlsx"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let workbook = try ErrorWorkbook(path: path, columns: ["Case #", "Received"], limit: 2)
    let problem = RowProblem(
      column: 1, level: .blocker, code: "date.unparsable", text: "no date", fix: "Write it as 2021-12-31.")
    for number in 2...4 {
      try workbook.add(row: number, key: "EP-\(number)", cells: ["=EP-\(number)", "00815"], problems: [problem])
    }
    try workbook.finish()
    let file = SourceFile(try FileBytes(path: path))
    let shape = try file.inspect()
    #expect(shape.tables.map(\.name) == ["Rows to fix", "Problems"])
    #expect(shape.columns == ["_row", "_key", "_problems", "Case #", "Received"])
    let reader = try file.rows(shape)
    #expect(try reader.next()?.cells == ["2", "EP-2", "Received: no date", "'=EP-2", "00815"])
    let problems = try file.inspect(ReadingOptions(sheet: "Problems"))
    #expect(
      try file.rows(problems).next()?.cells
        == ["2", "Received", "00815", "blocker", "date.unparsable", "no date", "Write it as 2021-12-31."])
    let rows = try file.profile(shape)
    #expect(rows.table.rows == 3, "two rows, and the line that says how many more there are")
  }

  @Test("are templates with a column for every field")
  func template() throws {
    let path = NSTemporaryDirectory() + "/template-\(ProcessInfo.processInfo.globallyUniqueString).xlsx"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ImportTemplate.write(.case, to: path)
    let file = SourceFile(try FileBytes(path: path))
    let shape = try file.inspect()
    #expect(shape.table == "Cases")
    #expect(shape.columns.first == "case_number")
    #expect(shape.columns.contains("notes[1].body"))
    #expect(!ImportTemplate.isExplanation(shape))
    #expect(ImportTemplate.isExplanation(try file.inspect(ReadingOptions(sheet: "Fields"))))
  }

  @Test(
    "map by themselves when a template comes back: each heading becomes its own field",
    arguments: ImportEntity.allCases)
  func mapped(entity: ImportEntity) throws {
    let path = NSTemporaryDirectory() + "/template-\(ProcessInfo.processInfo.globallyUniqueString).xlsx"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ImportTemplate.write(entity, to: path)
    let table = try SourceFile(try FileBytes(path: path)).choose(
      ReadingOptions(), name: "template.xlsx", entity: nil, vendor: nil, memory: .none)
    #expect(table.suggestion.entity.value == entity)
    #expect(table.suggestion.columns.count == TargetSchema.fields(of: entity).count)
    for column in table.suggestion.columns {
      #expect(column.target == column.name.replacing("[1]", with: "[n]"), "\(column.name)")
      // Who reported is for a person to confirm, whatever the column is called.
      let isReporter = entity == .case && ["reporter_name", "reporter_email", "reporter_phone"].contains(column.name)
      #expect(column.band == (isReporter ? .low : .high), "\(column.name): \(column.score)")
    }
  }
}
