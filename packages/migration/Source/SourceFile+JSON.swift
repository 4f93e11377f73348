// JSON and NDJSON.

extension SourceFile {
  func inspectJSON(
    _ options: ReadingOptions, _ encoding: TextEncoding, _ finding: Finding?
  ) throws(SourceError) -> SourceShape {
    let found = try JSONTables.find(try TextStream(bytes, encoding), limits: limits)
    var shape = SourceShape(kind: found.isLines ? .ndjson : .json)
    shape.encoding = encoding.name
    if let finding { shape.findings.append(finding) }
    if found.isLines {
      if let sheet = options.sheet { throw .unknownOption("list", sheet, offered: []) }
    } else {
      shape.tables = found.tables
      let pointer = try chosen(found.tables, options.sheet)
      shape.table = pointer
      shape.reading.sheet = pointer
      if found.tables.count > 1, options.sheet == nil {
        let text = "The file holds \(found.tables.count) lists; the longest is read."
        shape.findings.append(Finding(code: .severalTables, text: text, row: nil))
      }
    }
    return try withColumns(shape, encoding)
  }

  private func chosen(_ tables: [OfferedTable], _ pointer: String?) throws(SourceError) -> String {
    guard let longest = tables.max(by: { ($0.size ?? 0) < ($1.size ?? 0) }) else { throw .jsonNotATable }
    guard let pointer else { return tables.first { $0.size == longest.size }?.name ?? longest.name }
    let wanted = pointer.hasPrefix("#") ? String(pointer.dropFirst()) : pointer == "/" ? "" : pointer
    guard tables.contains(where: { $0.name == wanted }) else {
      throw .unknownOption("list", pointer, offered: tables.map(\.name))
    }
    return wanted
  }

  /// The names of all objects, in the order in which they first come.
  private func withColumns(_ shape: SourceShape, _ encoding: TextEncoding) throws(SourceError) -> SourceShape {
    var shape = shape
    let reader = JSONReader(
      try TextStream(bytes, encoding), pointer: shape.reading.sheet, columns: JSONColumns(growingTo: limits.columns),
      limits: limits)
    var rows: [SourceRow] = []
    while let row = try reader.next() {
      if rows.count < 200 { rows.append(row) }
    }
    shape.reading.header = reader.columns.names
    shape.columns = ColumnNames.unique(reader.columns.names)
    if shape.columns.isEmpty { throw .jsonNotATable }
    shape.grid = grid(rows)
    return shape
  }

  func json(_ shape: SourceShape) throws(SourceError) -> JSONReader {
    guard let name = shape.encoding, let encoding = TextEncoding.named(name) else {
      throw .unreadable("its shape belongs to another kind of file")
    }
    return JSONReader(
      try TextStream(bytes, encoding), pointer: shape.reading.sheet,
      columns: JSONColumns(names: shape.reading.header), limits: limits)
  }
}
