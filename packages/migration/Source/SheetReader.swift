// A sheet of a workbook as records, row by row while its XML streams past.

/// Reads the rows of a sheet; where rows are missing, one blank one stands for them.
final class SheetReader: RecordReader {
  private let stream: XMLStream
  private let handler: SheetHandler

  init(_ workbook: Workbook, _ sheet: Workbook.Sheet, hidden: HiddenCells, limits: SourceLimits) throws(SourceError) {
    handler = SheetHandler(workbook, hidden: hidden, limits: limits)
    stream = try XMLStream(
      try Workbook.open(workbook.archive, sheet.path), part: "sheet “\(sheet.name)”", handler: handler)
  }

  var hiddenRows: Int { handler.hiddenRows }
  var hiddenColumns: Int { handler.hiddenColumns }

  func next() throws(SourceError) -> SourceRow? {
    while true {
      if let row = handler.rows.popFirst() { return row }
      handler.rows = []
      if stream.isDone { return nil }
      _ = try stream.advance()
      if let error = handler.error { throw error }
    }
  }
}

/// Makes rows of the events of a sheet.
private final class SheetHandler: XMLHandler {
  var rows: ArraySlice<SourceRow> = []
  private(set) var error: SourceError?
  private(set) var hiddenRows = 0
  private(set) var hiddenColumns = 0

  private let styles: [NumberStyle]
  private let is1904: Bool
  private var texts: SharedTextsCache
  private let hidden: HiddenCells
  private let limits: SourceLimits

  private var hiddenRanges: [ClosedRange<Int>] = []
  /// Where each column stands once those that are left out are gone; empty where none is.
  private var places: [Int?] = []
  private var isInSheet = false
  private var number = 0
  private var isLeftOut = false
  private var cells: [String] = []
  private var problems = RowProblems()
  private var cellsSeen = 0
  private var rowBytes = 0
  private var column = -1
  private var kind = Kind.number
  private var style = NumberStyle.general
  private var isFormula = false
  private var content: [UInt8] = []
  private var isCut = false
  private var isCollecting = false
  private var isInInline = false
  private var phonetic = 0
  private static let columnsOfASheet = 16384

  private enum Kind {
    case number
    case shared
    case text
    case boolean
    case date
    case error
  }

  init(_ workbook: Workbook, hidden: HiddenCells, limits: SourceLimits) {
    styles = workbook.styles
    is1904 = workbook.is1904
    texts = SharedTextsCache(workbook.texts)
    self.hidden = hidden
    self.limits = limits
  }

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    guard isInSheet else {
      if name == "sheetData" { begin() } else if name == "col" { look(attributes) }
      return
    }
    switch name {
    case "c": startCell(attributes)
    case "v": isCollecting = true
    case "f": isFormula = true
    case "is": isInInline = true
    case "rPh": phonetic += 1
    case "t": isCollecting = isInInline && phonetic == 0
    case "row": startRow(attributes)
    default: break
    }
  }

  func end(_ name: XMLName) {
    switch name {
    case "c": endCell()
    case "v", "t": isCollecting = false
    case "is": isInInline = false
    case "rPh": phonetic -= 1
    case "row": endRow()
    case "sheetData": isInSheet = false
    default: break
    }
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard isCollecting else { return }
    let room = limits.cellBytes - content.count
    if bytes.count > room { isCut = true }
    if room > 0 { content.append(contentsOf: bytes.prefix(room)) }
  }

  private func look(_ attributes: XMLAttributes) {
    guard attributes.isTrue("hidden"), let first = attributes.number("min"), let last = attributes.number("max"),
      first >= 1, first <= last, first <= Self.columnsOfASheet, hiddenRanges.count < Self.columnsOfASheet
    else { return }
    // A range up to the edge of the sheet is how programs hide what is empty.
    let range = (first - 1)...(min(last, Self.columnsOfASheet) - 1)
    hiddenRanges.append(range)
    if last < Self.columnsOfASheet { hiddenColumns += range.count }
  }

  private func begin() {
    isInSheet = true
    guard hidden == .leftOut, !hiddenRanges.isEmpty else { return }
    var isHidden = Array(repeating: false, count: Self.columnsOfASheet)
    for range in hiddenRanges {
      for column in range { isHidden[column] = true }
    }
    var next = 0
    places = isHidden.map { isHidden in
      defer { if !isHidden { next += 1 } }
      return isHidden ? nil : next
    }
  }

  private func startRow(_ attributes: XMLAttributes) {
    let named = attributes.number("r") ?? 0
    let next = max(number + 1, named)
    if next > number + 1, number > 0 || next > 1 {
      rows.append(SourceRow(number: next - 1, cells: [], problems: []))
    }
    number = next
    if attributes.isTrue("hidden") { hiddenRows += 1 }
    isLeftOut = hidden == .leftOut && attributes.isTrue("hidden")
    cells = []
    cells.reserveCapacity(16)
    problems = RowProblems()
    cellsSeen = 0
    rowBytes = 0
    column = -1
  }

  private func endRow() {
    if isLeftOut { return }
    while cells.last?.isEmpty == true { cells.removeLast() }
    rows.append(SourceRow(number: number, cells: cells, problems: problems.all))
    cells = []
  }

  private func startCell(_ attributes: XMLAttributes) {
    cellsSeen += 1
    column = attributes.bytes("r").flatMap(Self.column) ?? column + 1
    kind = attributes.bytes("t").map(Self.kind) ?? .number
    let index = attributes.number("s") ?? 0
    style = index < styles.count ? styles[index] : .general
    isFormula = false
    content.removeAll(keepingCapacity: true)
    isCut = false
    isCollecting = false
    isInInline = false
    phonetic = 0
  }

  /// `BC12` is column 54.
  private static func column(_ reference: UnsafePointer<CChar>) -> Int? {
    var byte = reference
    var value = 0
    while true {
      let letter = UInt8(bitPattern: byte.pointee) & 0xDF
      guard letter >= 65, letter <= 90, value < 1 << 20 else { break }
      value = value * 26 + Int(letter - 64)
      byte += 1
    }
    return value > 0 ? value - 1 : nil
  }

  private static func kind(_ type: UnsafePointer<CChar>) -> Kind {
    switch XMLName(type) {
    case "s": .shared
    case "str", "inlineStr": .text
    case "b": .boolean
    case "d": .date
    case "e": .error
    default: .number
    }
  }

  private func endCell() {
    guard error == nil, !content.isEmpty, !isLeftOut else { return }
    guard column < Self.columnsOfASheet else {
      error = .xlsxDamaged("a cell lies beyond the last column")
      return
    }
    guard cellsSeen <= Self.columnsOfASheet else {
      error = .xlsxDamaged("row \(number) has more cells than a sheet has columns")
      return
    }
    guard let found = place(column) else { return }
    // One place is kept for whatever is too far right, so that the limit is seen.
    let place = min(found, limits.columns)
    let before = problems.all.count
    do throws(SourceError) {
      let text = try value(place)
      guard !text.isEmpty || problems.all.count > before else { return }
      while cells.count <= place { cells.append("") }
      cells[place] = text
    } catch {
      self.error = error
    }
  }

  /// Where a column stands; `nil` for one that is left out.
  private func place(_ column: Int) -> Int? {
    places.isEmpty ? column : places[column]
  }

  private func value(_ place: Int) throws(SourceError) -> String {
    if isFormula { problem(.formulaValue, place, "The value that the formula last had was read.") }
    switch kind {
    case .number: return number(place)
    case .shared:
      guard let index = Int(String(decoding: content, as: UTF8.self)), let shared = try texts.text(index) else {
        throw .xlsxDamaged("a cell names a text that is not there")
      }
      return limited(shared.text, isCut: shared.isCut, place)
    case .boolean: return content.first == UInt8(ascii: "1") ? "true" : "false"
    case .text, .date, .error: return limited(plain(), isCut: isCut, place)
    }
  }

  private func plain() -> String {
    content.withUnsafeBufferPointer { String(decoding: UTF8Cut.wholeCharacters($0), as: UTF8.self) }
  }

  private func limited(_ text: String, isCut: Bool, _ place: Int) -> String {
    let text = XLSXEscape.removed(text)
    if isCut || rowBytes + text.utf8.count > limits.rowBytes || text.utf8.count > limits.cellBytes {
      problem(.textTooLong, place, "The text is longer than \(limits.cellBytes) bytes, or makes its row too long.")
      var text = text
      let room = max(0, min(limits.cellBytes, limits.rowBytes - rowBytes))
      return text.withUTF8 { String(decoding: UTF8Cut.prefix($0, room), as: UTF8.self) }
    }
    rowBytes += text.utf8.count
    var copy = text
    let (code, reason) = copy.withUTF8 { bytes in
      let cell = SpreadsheetMark.read(bytes)
      return (cell.code, cell.reason)
    }
    guard let code else { return text }
    problem(code, place, reason)
    return code == .textFormula ? String(text.dropFirst(2).dropLast()) : text
  }

  private func number(_ place: Int) -> String {
    let text = plain()
    // Most numbers are whole and small, and stand as they are shown.
    if style == .general, content.count <= 15, content[0] != UInt8(ascii: "0") || content.count == 1,
      content.allSatisfy({ $0 >= 48 && $0 <= 57 })
    {
      return text
    }
    guard let value = Double(ColumnNames.collapsed(text)), value.isFinite else {
      return limited(text, isCut: isCut, place)
    }
    switch style {
    case .date, .dateTime, .time:
      if let date = ExcelDate.text(value, is1904: is1904, style: style) { return date }
      let plain = NumberText.text(value, text)
      problem(.unparsableDate, place, "The day number \(plain) is no date.")
      return plain
    case .zeros(let count) where value >= 0 && value.rounded() == value:
      let plain = NumberText.text(value, text)
      return String(repeating: "0", count: max(0, count - plain.count)) + plain
    case .general, .zeros:
      if NumberText.hasLostDigits(value) {
        problem(.precisionLost, place, "Excel keeps 15 digits of a number; the last ones may be lost.")
      }
      return NumberText.text(value, text)
    }
  }

  private func problem(_ code: CellProblem.Code, _ place: Int, _ text: String) {
    problems.add(code, at: place, text)
  }
}
