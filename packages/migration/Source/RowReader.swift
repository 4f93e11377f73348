// The rows of a table, each with a cell for every column, without what is no row.

/// Reads one row after the other, in the order of the file.
package final class RowReader {
  private let records: any RecordReader
  private let filter: RowFilter?
  private let firstRow: Int
  private let columns: Int
  private let limits: SourceLimits
  /// Whether a row with fewer cells than there are columns is broken; sheets and JSON leave out what is empty.
  private let isRaggedIfShort: Bool
  /// Rows that are read and may yet turn out to be a footer.
  private var held: [SourceRow] = []
  private var ready: ArraySlice<SourceRow> = []
  private var hasEnded = false
  /// A footer is not longer than this.
  private static let heldAtMost = 50

  /// How many rows were given out.
  package private(set) var count = 0
  /// Records that were left out: totals, stamps and headers repeated; the first thousand of them.
  package private(set) var skipped: [Finding] = []
  package private(set) var skippedCount = 0
  private static let skippedKept = 1000

  init(_ records: any RecordReader, shape: SourceShape, limits: SourceLimits) {
    self.records = records
    self.limits = limits
    firstRow = shape.firstRow
    columns = shape.columns.count
    isRaggedIfShort = shape.reading.kind == .csv || shape.reading.kind == .tsv
    let isPrinted = [.csv, .tsv, .xlsx].contains(shape.reading.kind)
    filter = isPrinted ? RowFilter(header: shape.reading.header, columns: columns) : nil
  }

  /// The next row, or `nil` at the end.
  package func next() throws(SourceError) -> SourceRow? {
    while true {
      if let row = ready.popFirst() { return try give(row) }
      guard !hasEnded, let row = try records.next() else {
        hasEnded = true
        for row in held { skip(row, .footer) }
        held = []
        return nil
      }
      guard row.number >= firstRow else { continue }
      guard let filter else { return try give(row) }
      switch filter.verdict(row) {
      case .blank: continue
      case .repeatedHeader: skip(row, .repeatedHeader)
      case .footer: skip(row, .footer)
      case .lonely:
        held.append(row)
        if held.count > Self.heldAtMost { release() }
      case .record:
        if held.isEmpty { return try give(row) }
        held.append(row)
        release()
      }
    }
  }

  /// What a sheet hides, as far as it was read.
  package var hidden: [Finding] {
    guard let sheet = records as? SheetReader else { return [] }
    var found: [Finding] = []
    if sheet.hiddenRows > 0 {
      let text = sheet.hiddenRows == 1 ? "A row is hidden." : "\(sheet.hiddenRows) rows are hidden."
      found.append(Finding(code: .hiddenRows, text: text, row: nil))
    }
    if sheet.hiddenColumns > 0 {
      let text = sheet.hiddenColumns == 1 ? "A column is hidden." : "\(sheet.hiddenColumns) columns are hidden."
      found.append(Finding(code: .hiddenColumns, text: text, row: nil))
    }
    return found
  }

  private func release() {
    ready = held[...]
    held = []
  }

  private func skip(_ row: SourceRow, _ code: Finding.Code) {
    skippedCount += 1
    guard skipped.count < Self.skippedKept else { return }
    let words = code == .footer ? "is no record and was left out" : "repeats the header and was left out"
    let start = row.cells.first { !ColumnNames.isBlank($0) } ?? ""
    skipped.append(
      Finding(code: code, text: "Row \(row.number) (“\(start.prefix(60))”) \(words).", row: row.number))
  }

  private func give(_ row: SourceRow) throws(SourceError) -> SourceRow {
    count += 1
    if count > limits.rows { throw .tooManyRows(limits.rows) }
    if row.cells.count == columns { return row }
    return fitted(row)
  }

  private func fitted(_ row: SourceRow) -> SourceRow {
    var row = row
    if row.cells.count < columns {
      if isRaggedIfShort {
        row.problems.append(
          CellProblem(code: .rowRagged, column: nil, text: "The row has \(row.cells.count) of \(columns) cells."))
      }
      row.cells += repeatElement("", count: columns - row.cells.count)
      return row
    }
    if !row.cells[columns...].allSatisfy(ColumnNames.isBlank) {
      row.problems.append(
        CellProblem(code: .rowRagged, column: nil, text: "The row has more cells than there are columns (\(columns))."))
    }
    row.cells.removeLast(row.cells.count - columns)
    row.problems.removeAll { ($0.column ?? 0) >= columns }
    return row
  }
}
