// Rows that were handed out come back: what nobody touched is nothing new, and what cannot be told is refused.

import Foundation
import Testing

@testable import SourceFiles

@Suite("Corrected rows")
struct CorrectedWorkbookTests {
  private static let columns = ["Case #", "_row", "Remark"]

  /// A sheet of rows to fix as somebody saved it.
  private func sheet(_ lines: [[String]], named name: String = ErrorWorkbook.rowsSheet) throws -> FileBytes {
    let place = try ScratchPath()
    let writer = try WorkbookWriter(path: place.path)
    let sheet = try writer.begin(sheet: name)
    for line in lines { try writer.add(line.map { .text($0) }, to: sheet) }
    try writer.finish()
    return try place.bytes()
  }

  private func read(_ bytes: FileBytes, limit: Int = 100) throws -> [CorrectedWorkbook.Row] {
    let workbook = try CorrectedWorkbook(bytes, columns: Self.columns, limit: limit)
    var rows: [CorrectedWorkbook.Row] = []
    while let row = try workbook.next() { rows.append(row) }
    return rows
  }

  private func fault(_ lines: [[String]], named name: String = ErrorWorkbook.rowsSheet) throws -> CorrectionFault? {
    let bytes = try sheet(lines, named: name)
    return #expect(throws: CorrectionFault.self) { try read(bytes, limit: 2) }
  }

  private static let texts = [
    "plain", "", " spaced ", "=1+1", "'=x", "''quoted", "-5", "+49 30 1", "two\r\nlines\rand\nmore", "tab\there",
    "bell\u{7}and\u{1}", "_x0041_", "_x000D_", "Ünïcode 😀", "＝wide", String(repeating: "a", count: 40_000),
    "=" + String(repeating: "😀", count: 20_000),
  ]

  @Test("say nothing new where nobody touched them, whatever stands there")
  func untouched() throws {
    let place = try ScratchPath()
    let workbook = try ErrorWorkbook(path: place.path, columns: Self.columns)
    for (index, text) in Self.texts.enumerated() {
      try workbook.add(row: index + 2, key: "EP-\(index)", cells: [text, "own \(index)", text], problems: [])
    }
    try workbook.finish()
    let rows = try read(try place.bytes())
    #expect(rows.map(\.number) == Array(2..<Self.texts.count + 2))
    for (row, text) in zip(rows, Self.texts) {
      #expect(row.cells.count == 3)
      #expect(ErrorWorkbook.corrected(row.cells[0] ?? "", from: text) == nil, "\(text.prefix(40))")
      #expect(ErrorWorkbook.corrected(row.cells[2] ?? "", from: text) == nil, "\(text.prefix(40))")
    }
  }

  @Test(
    "say what somebody typed, without the mark against formulas",
    arguments: [
      ("2021-12-31", "31/02/2021", "2021-12-31"), ("", "31/02/2021", ""), ("'=1+1", "x", "=1+1"), ("x ", "x", "x "),
      ("'quoted", "x", "'quoted"),
    ])
  func typed(read: String, from text: String, corrected: String) {
    #expect(ErrorWorkbook.corrected(read, from: text) == corrected)
  }

  @Test("are found by their numbers, in whatever order rows and columns are by now")
  func order() throws {
    let rows = try read(
      try sheet([
        ["Remark", "_row", "Case #"], ["second", "9", "EP-9"], [], ["first", " 4 ", "EP-4"],
        ["", "", ""],
      ]))
    #expect(
      rows == [
        CorrectedWorkbook.Row(number: 9, cells: [0: "EP-9", 2: "second"]),
        CorrectedWorkbook.Row(number: 4, cells: [0: "EP-4", 2: "first"]),
      ])
  }

  @Test("end with a line that is none where some were left out")
  func leftOut() throws {
    let place = try ScratchPath()
    let workbook = try ErrorWorkbook(path: place.path, columns: Self.columns, limit: 1)
    try workbook.add(row: 2, key: "EP-1", cells: ["EP-1", "", ""], problems: [])
    workbook.leaveOut(7)
    try workbook.finish()
    let bytes = try place.bytes()
    #expect(try read(bytes).map(\.number) == [2])
    let reader = try SourceFile(bytes).rows(try SourceFile(bytes).inspect())
    _ = try reader.next()
    #expect(try reader.next()?.cells[2] == "The first 1 rows stand here; 7 more have problems.")
  }

  @Test("are refused where it is not plain what they are")
  func faults() throws {
    let head = ["_row", "_key", "_problems", "Case #", "_row", "Remark"]
    #expect(try fault([head, ["", "", "", "EP-1"]]) == .rowMissing(line: 2))
    #expect(try fault([head, ["2"], ["two", "", "", "EP-1"]]) == .rowMissing(line: 3))
    #expect(try fault([head, ["-1", "", "", "EP-1"]]) == .rowMissing(line: 2))
    #expect(try fault([head, ["2", "", "", "a"], ["2", "", "", "b"]]) == .rowDoubled(2))
    #expect(try fault([head + ["Zone", "=Extra"], ["2"]]) == .unknownColumns(["Zone", "=Extra"]))
    #expect(try fault([head, ["2", "", "", "", "", "", "", "stray"]]) == .unknownColumns(["(column 8)"]))
    #expect(try fault([head + ["Remark"], ["2"]]) == .doubledColumns(["Remark"]))
    #expect(try fault([["Case #"], ["EP-1"]]) == .rowColumnMissing)
    #expect(try fault([["_row"], ["2"], ["3"], ["4"]]) == .tooManyRows(2))
    #expect(try fault([head, ["2"]], named: "Sheet1") == .otherFile)
    let csv = MemoryBytes(Array("_row,Case #\n2,EP-1\n".utf8))
    #expect(throws: CorrectionFault.otherFile) { try CorrectedWorkbook(csv, columns: Self.columns) }
    let pdf = MemoryBytes(Array("%PDF-1.7".utf8))
    let refused = #expect(throws: CorrectionFault.self) { try CorrectedWorkbook(pdf, columns: Self.columns) }
    guard case .unreadable(let error)? = refused else {
      Issue.record("\(String(describing: refused))")
      return
    }
    #expect(error.code == .fileUnsupported)
  }
}
