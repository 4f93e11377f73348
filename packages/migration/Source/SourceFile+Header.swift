// From the first records to named columns: the same for delimited text and for sheets.

extension SourceFile {
  /// Records that are looked at before the header is known.
  static let sampleRows = 200
  private static let gridRows = 20
  private static let gridCell = 300

  /// Finds header and columns; records before `firstRecord` belong to the format.
  func complete(
    _ shape: SourceShape, _ options: ReadingOptions, firstRecord: Int
  ) throws(SourceError) -> SourceShape {
    var shape = shape
    let all = try sample(shape)
    let rows = all.filter { $0.number >= firstRecord }
    guard rows.contains(where: { !HeaderFinder.isBlank($0) }) else { throw .empty }
    let modal = HeaderFinder.modal(rows)
    let header = try header(options, rows, modal)
    let named = rows.first { $0.number == header.row }
    let below = rows.filter { $0.number > (header.row ?? 0) && !HeaderFinder.isBlank($0) }
    let width = max(named?.cells.count ?? 0, HeaderFinder.width(below))
    if width > limits.columns { throw .tooManyColumns(limits.columns) }
    shape.headerRow = header.row
    shape.firstRow = (header.sublabels.last ?? header.row ?? firstRecord - 1) + 1
    shape.reading.header = padded(named?.cells ?? [], width)
    shape.grid = grid(all)
    shape.findings += findings(header, named)
    return try withoutBlankEdge(shape)
  }

  private func sample(_ shape: SourceShape) throws(SourceError) -> [SourceRow] {
    let reader = try records(shape)
    var rows: [SourceRow] = []
    // Rows can be megabytes long; what decides is in the first of them.
    var size = 0
    while rows.count < Self.sampleRows, size < 16 << 20, let row = try reader.next() {
      size += row.cells.reduce(0) { $0 + $1.utf8.count }
      rows.append(row)
    }
    // A file may begin with any number of blank lines.
    while rows.allSatisfy(HeaderFinder.isBlank), let row = try reader.next() {
      if !HeaderFinder.isBlank(row) { rows = [row] }
    }
    while rows.count < Self.sampleRows, size < 16 << 20, let row = try reader.next() {
      size += row.cells.reduce(0) { $0 + $1.utf8.count }
      rows.append(row)
    }
    return rows
  }

  private func header(
    _ options: ReadingOptions, _ rows: [SourceRow], _ modal: Int
  ) throws(SourceError) -> HeaderFinder {
    guard let chosen = options.headerRow else { return HeaderFinder.find(rows, modal: modal) }
    if chosen == 0 { return HeaderFinder(row: nil, preamble: [], sublabels: []) }
    let found = HeaderFinder.chosen(chosen, in: rows)
    guard rows.contains(where: { $0.number == chosen }) else {
      throw .unknownOption("header row", String(chosen), offered: [])
    }
    return found
  }

  private func findings(_ header: HeaderFinder, _ named: SourceRow?) -> [Finding] {
    var found: [Finding] = []
    if let last = header.preamble.last {
      let count = header.preamble.count
      found.append(
        Finding(
          code: .preamble,
          text: count == 1 ? "A line above the header was left out." : "\(count) lines above the header were left out.",
          row: last))
    }
    if let last = header.sublabels.last {
      found.append(
        Finding(code: .sublabels, text: "Lines below the header repeat or explain it; they were left out.", row: last))
    }
    guard let named else {
      return found + [
        Finding(
          code: .noHeader, text: "No line names the columns. Choose the one that does, or name them in the mapping.",
          row: nil)
      ]
    }
    let names = named.cells.map(ColumnNames.collapsed).filter { !$0.isEmpty }
    if Set(names).count < names.count {
      found.append(Finding(code: .repeatedNames, text: "Columns with the same name were numbered.", row: named.number))
    }
    return found
  }

  func grid(_ rows: [SourceRow]) -> [SourceShape.GridRow] {
    rows.prefix(Self.gridRows).map { row in
      SourceShape.GridRow(
        number: row.number,
        cells: row.cells.prefix(limits.columns).map { cell in
          cell.utf8.count > Self.gridCell ? String(cell.prefix(Self.gridCell)) + "…" : cell
        })
    }
  }

  private func padded(_ cells: [String], _ width: Int) -> [String] {
    Array(cells.prefix(width)) + Array(repeating: "", count: max(0, width - cells.count))
  }

  /// Names the columns, without those at the right edge that have neither a name nor a value in any row.
  private func withoutBlankEdge(_ shape: SourceShape) throws(SourceError) -> SourceShape {
    var shape = shape
    let header = shape.reading.header
    let named = (header.lastIndex { !ColumnNames.isBlank($0) } ?? -1) + 1
    shape.columns = ColumnNames.unique(header)
    if named == header.count { return shape }
    let reader = try rows(shape)
    var used = named
    while used < header.count, let row = try reader.next() {
      if let last = row.cells.lastIndex(where: { !ColumnNames.isBlank($0) }) { used = max(used, last + 1) }
    }
    shape.columns.removeLast(header.count - used)
    shape.reading.header.removeLast(header.count - used)
    return shape
  }
}
