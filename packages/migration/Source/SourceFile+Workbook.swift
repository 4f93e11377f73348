// XLSX.

extension SourceFile {
  func inspectWorkbook(_ options: ReadingOptions) throws(SourceError) -> SourceShape {
    let workbook = try workbook()
    var shape = SourceShape(kind: .xlsx)
    shape.tables = workbook.sheets.prefix(limits.tables).map { sheet in
      OfferedTable(
        name: sheet.name, isHidden: sheet.isHidden, size: workbook.archive.entry(named: sheet.path)?.size)
    }
    shape.reading.hidden = options.hidden ?? .read
    let hidden = workbook.sheets.filter(\.isHidden).map(\.name)
    if !hidden.isEmpty {
      let names = hidden.prefix(5).map { "“\($0)”" }.joined(separator: ", ")
      shape.findings.append(Finding(code: .hiddenSheet, text: "Hidden in the workbook: \(names).", row: nil))
    }
    if let name = options.sheet {
      guard workbook.sheets.contains(where: { $0.name == name }) else {
        throw .unknownOption("sheet", name, offered: workbook.sheets.map(\.name))
      }
      return try inspectSheet(name, shape, options)
    }
    return try firstSheet(workbook, shape, options)
  }

  /// The first visible sheet that holds anything; a hidden one only where there is no other.
  private func firstSheet(
    _ workbook: Workbook, _ shape: SourceShape, _ options: ReadingOptions
  ) throws(SourceError) -> SourceShape {
    for sheet in workbook.sheets.filter({ !$0.isHidden }) + workbook.sheets.filter(\.isHidden) {
      do throws(SourceError) {
        return try inspectSheet(sheet.name, shape, options)
      } catch {
        guard error.code == .fileEmpty else { throw error }
      }
    }
    throw .empty
  }

  private func inspectSheet(
    _ name: String, _ shape: SourceShape, _ options: ReadingOptions
  ) throws(SourceError) -> SourceShape {
    var shape = shape
    shape.table = name
    shape.reading.sheet = name
    return try complete(shape, options, firstRecord: 1)
  }

  func sheet(_ shape: SourceShape) throws(SourceError) -> SheetReader {
    let workbook = try workbook()
    guard let sheet = workbook.sheets.first(where: { $0.name == shape.reading.sheet }) else {
      throw .unknownOption("sheet", shape.reading.sheet ?? "", offered: workbook.sheets.map(\.name))
    }
    return try SheetReader(workbook, sheet, hidden: shape.reading.hidden, limits: limits)
  }
}
