// Workbooks that are handed out, written row by row by libxlsxwriter: the memory they take does not grow with the rows.

import CXlsxWriter
import EthicoTypes

/// Writes an XLSX file. Rows go to any sheet, each sheet's from above.
package final class WorkbookWriter {
  /// A cell: text is always text, whatever it begins with.
  package enum Cell: Sendable {
    case text(String)
    case number(Double)
    /// A text that stands out, since something is wrong with it.
    case marked(String)
    case heading(String)
    case empty
  }

  /// A sheet that was begun.
  package struct Sheet: Sendable {
    fileprivate let index: Int
  }

  /// More does not fit a cell of a workbook.
  package static let longestText = 32767

  private let workbook: UnsafeMutablePointer<lxw_workbook>
  private let heading: UnsafeMutablePointer<lxw_format>?
  private let marked: UnsafeMutablePointer<lxw_format>?
  private let plain: UnsafeMutablePointer<lxw_format>?
  private var sheets: [(worksheet: UnsafeMutablePointer<lxw_worksheet>, row: UInt32)] = []
  private var isClosed = false
  /// How many texts were longer than a cell may be, and were cut.
  package private(set) var cutTexts = 0

  /// Begins the file at `path`; what is there is replaced.
  package init(path: String) throws(SourceError) {
    var options = lxw_workbook_options()
    options.constant_memory = 1
    guard let workbook = workbook_new_opt(path, &options) else {
      throw .unreadable("there is no memory to write a workbook")
    }
    self.workbook = workbook
    heading = workbook_add_format(workbook)
    format_set_bold(heading)
    marked = workbook_add_format(workbook)
    format_set_bg_color(marked, 0xFFE0E0)
    format_set_num_format_index(marked, 0x31)
    plain = workbook_add_format(workbook)
    // 49 is the format of text: what somebody types later stays as typed.
    format_set_num_format_index(plain, 0x31)
  }

  deinit {
    if !isClosed { workbook_close(workbook) }
  }

  /// Begins a sheet; its first `frozen` rows stay in sight.
  package func begin(sheet name: String, widths: [Int] = [], frozen: Int = 1) throws(SourceError) -> Sheet {
    guard let added = workbook_add_worksheet(workbook, name) else {
      throw .unreadable("a workbook cannot have a sheet “\(name)”")
    }
    sheets.append((added, 0))
    for (index, width) in widths.enumerated() {
      worksheet_set_column(added, lxw_col_t(index), lxw_col_t(index), Double(width), nil)
    }
    if frozen > 0 { worksheet_freeze_panes(added, UInt32(frozen), 0) }
    return Sheet(index: sheets.count - 1)
  }

  /// Adds the next row of a sheet.
  package func add(_ cells: [Cell], to sheet: Sheet) throws(SourceError) {
    let (worksheet, row) = sheets[sheet.index]
    for (index, cell) in cells.enumerated() {
      let column = lxw_col_t(truncatingIfNeeded: index)
      let status =
        switch cell {
        case .empty: LXW_NO_ERROR
        case .number(let value): worksheet_write_number(worksheet, row, column, value, nil)
        case .text(let text): write(text, worksheet, row, column, plain)
        case .marked(let text): write(text, worksheet, row, column, marked)
        case .heading(let text): write(text, worksheet, row, column, heading)
        }
      guard status == LXW_NO_ERROR else { throw .unreadable("row \(row + 1) does not fit a workbook") }
    }
    sheets[sheet.index].row += 1
  }

  private func write(
    _ text: String, _ worksheet: UnsafeMutablePointer<lxw_worksheet>, _ row: UInt32, _ column: lxw_col_t,
    _ format: UnsafeMutablePointer<lxw_format>?
  ) -> lxw_error {
    let (text, isCut) = Self.written(text)
    if isCut { cutTexts += 1 }
    return text.isEmpty && format == plain ? LXW_NO_ERROR : worksheet_write_string(worksheet, row, column, text, format)
  }

  /// A text as it stands in its cell: guarded, and cut where it is longer than a cell may be.
  static func written(_ text: String) -> (text: String, isCut: Bool) {
    let guarded = SpreadsheetText.guarded(text)
    guard guarded.utf8.count > longestText, guarded.utf16.count > longestText else { return (guarded, false) }
    return (cut(guarded), true)
  }

  private static func cut(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    var units = 1
    for scalar in text.unicodeScalars {
      units += scalar.value > 0xFFFF ? 2 : 1
      if units > longestText { break }
      kept.append(scalar)
    }
    return String(kept) + "…"
  }

  /// Writes the file out.
  package func finish() throws(SourceError) {
    isClosed = true
    guard workbook_close(workbook) == LXW_NO_ERROR else {
      throw .unreadable("the workbook could not be written; is there room on the disk?")
    }
  }
}
