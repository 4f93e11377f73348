// The workbook of rows to fix on its way back, corrected by a person.

import EthicoTypes

/// Why corrected rows are not taken.
package enum CorrectionFault: Error, Sendable, Equatable {
  /// The file itself cannot be read.
  case unreadable(SourceError)
  /// It is no workbook with a sheet of rows to fix.
  case otherFile
  /// Nothing says which row is which.
  case rowColumnMissing
  case unknownColumns([String])
  case doubledColumns([String])
  /// A line of the sheet whose row is not named, or not by a number.
  case rowMissing(line: Int)
  case rowDoubled(Int)
  case tooManyRows(Int)
}

/// Reads what `ErrorWorkbook` wrote, whatever order its columns and rows are in by now.
package final class CorrectedWorkbook {
  /// A row, and what stands in the cells of the columns that the workbook still has.
  package struct Row: Sendable, Equatable {
    package let number: Int
    /// By the column's place in the source, as they stand in the sheet: `ErrorWorkbook.corrected` says what they mean.
    package let cells: [Int: String]
  }

  private let records: SheetReader
  private let limit: Int
  private var rowPlace = 0
  /// By place in the sheet, the place in the source.
  private var places: [Int: Int] = [:]
  /// Places of the sheet that hold what we wrote there to be read.
  private var ours: Set<Int> = []
  private var seen: Set<Int> = []

  /// Begins with the sheet's header.
  /// - Parameter columns: of the source, as the workbook was made with them.
  package init(
    _ bytes: any ByteSource, columns: [String], limit: Int = ErrorWorkbook.rowsAtMost
  ) throws(CorrectionFault) {
    guard let sheet = try Self.reading({ () throws(SourceError) -> SheetReader? in try Self.sheet(of: bytes) }) else {
      throw .otherFile
    }
    records = sheet
    self.limit = limit
    try readHeader(columns)
  }

  /// Of its sheet and of its texts: two hundred thousand rows of a kilobyte each.
  private static let unpackedBytes = 256 << 20

  private static func sheet(of bytes: any ByteSource) throws(SourceError) -> SheetReader? {
    var limits = SourceLimits.standard
    limits.columns += ErrorWorkbook.leading.count
    // It is read while its sender waits.
    limits.fileBytes = unpackedBytes
    let file = SourceFile(bytes, limits: limits)
    guard bytes.size > 0, try FileKind.sniff(bytes) == .zip, try Workbook.isWorkbook(file.archive()) else { return nil }
    let workbook = try file.workbook()
    guard let sheet = workbook.sheets.first(where: { $0.name == ErrorWorkbook.rowsSheet }) else { return nil }
    return try SheetReader(workbook, sheet, hidden: .read, limits: limits)
  }

  private static func reading<Value>(_ read: () throws(SourceError) -> Value) throws(CorrectionFault) -> Value {
    do throws(SourceError) {
      return try read()
    } catch {
      throw .unreadable(error)
    }
  }

  /// The next record that is not blank.
  private func record() throws(CorrectionFault) -> SourceRow? {
    while let record = try Self.reading({ () throws(SourceError) -> SourceRow? in try records.next() }) {
      if !record.cells.allSatisfy(ColumnNames.isBlank) { return record }
    }
    return nil
  }

  /// A column of the source may be called as one of ours is: the first of that name is ours.
  private func readHeader(_ columns: [String]) throws(CorrectionFault) {
    guard let header = try record() else { throw .rowColumnMissing }
    let sources = Dictionary(zip(columns, columns.indices)) { first, _ in first }
    var leading = Set(ErrorWorkbook.leading)
    var hasRows = false
    var taken: Set<Int> = []
    var unknown: [String] = []
    var doubled: [String] = []
    for (place, cell) in header.cells.enumerated() {
      let name = SpreadsheetText.unguarded(ColumnNames.collapsed(cell))
      if leading.remove(name) != nil {
        ours.insert(place)
        if name == ErrorWorkbook.leading[0] { (rowPlace, hasRows) = (place, true) }
      } else if let source = sources[name] {
        if taken.insert(source).inserted { places[place] = source } else { doubled.append(name) }
      } else if !name.isEmpty {
        unknown.append(name)
      }
    }
    guard hasRows else { throw .rowColumnMissing }
    guard unknown.isEmpty else { throw .unknownColumns(unknown) }
    guard doubled.isEmpty else { throw .doubledColumns(doubled) }
  }

  /// The next row, or `nil` at the end.
  package func next() throws(CorrectionFault) -> Row? {
    while let record = try record() {
      let cells = record.cells
      let strays = cells.indices.filter {
        places[$0] == nil && !ours.contains($0) && !ColumnNames.isBlank(cells[$0])
      }
      guard strays.isEmpty else { throw .unknownColumns(strays.map { "(column \($0 + 1))" }) }
      let named = rowPlace < cells.count ? ColumnNames.collapsed(cells[rowPlace]) : ""
      // The line that says how many more there are is no row.
      if named.isEmpty, places.keys.allSatisfy({ $0 >= cells.count || cells[$0].isEmpty }) { continue }
      guard let number = Int(named), number > 0 else { throw .rowMissing(line: record.number) }
      guard seen.insert(number).inserted else { throw .rowDoubled(number) }
      guard seen.count <= limit else { throw .tooManyRows(limit) }
      let read = places.map { place, source in (source, place < cells.count ? cells[place] : "") }
      return Row(number: number, cells: Dictionary(uniqueKeysWithValues: read))
    }
    return nil
  }
}

extension ErrorWorkbook {
  /// What a person made of a cell; `nil` where it still says what we wrote there, as far as a workbook can keep that.
  package static func corrected(_ read: String, from text: String) -> String? {
    if plain(read) == plain(WorkbookWriter.written(text).text) { return nil }
    let typed = SpreadsheetText.unguarded(read)
    return plain(typed) == plain(text) ? nil : typed
  }

  /// Without what a workbook does not give back as it was: how lines end, and characters that XML has no place for.
  private static func plain(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { $0 >= 32 && $0 != UInt8(ascii: "_") }
    guard !isPlain else { return text }
    let ended = XLSXEscape.removed(text).replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    return String(
      String.UnicodeScalarView(ended.unicodeScalars.filter { $0.value >= 32 || $0 == "\n" || $0 == "\t" }))
  }
}
