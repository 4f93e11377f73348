// An XLSX workbook [ECMA-376]: its sheets, its styles as far as they tell dates, and its shared texts.

/// What is the same for all sheets of a workbook.
final class Workbook: Sendable {
  struct Sheet: Sendable {
    let name: String
    let isHidden: Bool
    let path: String
  }

  let archive: ZipArchive
  let sheets: [Sheet]
  let is1904: Bool
  let styles: [NumberStyle]
  let texts: SharedTexts

  init(_ archive: ZipArchive) throws(SourceError) {
    self.archive = archive
    let main = try Self.main(of: archive)
    let relations = try Relations.read(archive, for: main)
    let book = BookHandler()
    try XMLStream(try Self.open(archive, main), part: "the workbook", handler: book).readAll()
    is1904 = book.is1904
    sheets = book.sheets.compactMap { sheet in
      guard let target = relations.byID[sheet.relation], target.type.hasSuffix("/worksheet") else { return nil }
      return Sheet(name: sheet.name, isHidden: sheet.isHidden, path: target.path)
    }
    if sheets.isEmpty { throw .xlsxDamaged("it has no sheet") }
    if let path = relations.path(ofType: "/styles"), let entry = archive.entry(named: path) {
      let handler = StylesHandler()
      try XMLStream(try archive.open(entry), part: "its styles", handler: handler).readAll()
      styles = handler.styles
    } else {
      styles = []
    }
    if let path = relations.path(ofType: "/sharedStrings"), let entry = archive.entry(named: path) {
      texts = try SharedTexts.read(archive.open(entry))
    } else {
      texts = try SharedTexts.none()
    }
  }

  /// Whether an archive is a workbook of any kind.
  static func isWorkbook(_ archive: ZipArchive) throws(SourceError) -> Bool {
    if archive.entry(named: "xl/workbook.bin") != nil {
      throw .unsupported("This is a binary workbook (.xlsb); save it as .xlsx")
    }
    if let entry = archive.entry(named: "mimetype"), entry.size < 200 {
      let type = String(decoding: try archive.open(entry).readAll(), as: UTF8.self)
      if type.contains("opendocument") { throw .unsupported("This is an OpenDocument file; save it as .xlsx") }
    }
    guard archive.entry(named: "[Content_Types].xml") != nil else { return false }
    if archive.entry(named: "word/document.xml") != nil { throw .unsupported("This is a Word document") }
    if archive.entry(named: "ppt/presentation.xml") != nil { throw .unsupported("This is a presentation") }
    return true
  }

  /// Whether the first entry is one that workbooks begin with; for archives whose directory is gone.
  static func beginsLikeOne(_ bytes: any ByteSource) throws(SourceError) -> Bool {
    let name = String(decoding: try bytes.read(at: 30, count: 19), as: UTF8.self)
    return ["[Content_Types].xml", "_rels/.rels", "xl/", "docProps/"].contains(where: name.hasPrefix)
  }

  static func open(_ archive: ZipArchive, _ path: String) throws(SourceError) -> ZipEntryReader {
    guard let entry = archive.entry(named: path) else { throw .xlsxDamaged("\(path) is missing") }
    return try archive.open(entry)
  }

  private static func main(of archive: ZipArchive) throws(SourceError) -> String {
    let relations = try Relations.read(archive, for: "")
    return relations.path(ofType: "/officeDocument") ?? "xl/workbook.xml"
  }
}

/// Which part of a package belongs to which [ECMA-376 part 2].
private struct Relations {
  var byID: [String: (type: String, path: String)] = [:]

  static func read(_ archive: ZipArchive, for part: String) throws(SourceError) -> Relations {
    let slash = part.lastIndex(of: "/")
    let folder = slash.map { String(part[..<$0]) } ?? ""
    let file = slash.map { String(part[part.index(after: $0)...]) } ?? part
    let path = (folder.isEmpty ? "" : folder + "/") + "_rels/" + file + ".rels"
    guard let entry = archive.entry(named: path) else { return Relations() }
    let handler = RelationsHandler(folder: folder)
    try XMLStream(try archive.open(entry), part: "its list of parts", handler: handler).readAll()
    return Relations(byID: handler.found)
  }

  func path(ofType ending: String) -> String? {
    byID.sorted { $0.key < $1.key }.first { $0.value.type.hasSuffix(ending) }?.value.path
  }
}

private final class RelationsHandler: XMLHandler {
  private let folder: String
  private(set) var found: [String: (type: String, path: String)] = [:]

  init(folder: String) { self.folder = folder }

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    guard name == "Relationship", found.count < 10000, let id = attributes["Id"], let target = attributes["Target"]
    else {
      return
    }
    found[id] = (attributes["Type"] ?? "", resolved(target))
  }

  func end(_ name: XMLName) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

  private func resolved(_ target: String) -> String {
    if target.hasPrefix("/") { return String(target.dropFirst()) }
    var parts = folder.split(separator: "/")
    for part in target.split(separator: "/") {
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }
}

private final class BookHandler: XMLHandler {
  private(set) var sheets: [(name: String, isHidden: Bool, relation: String)] = []
  private(set) var is1904 = false

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "workbookPr" { is1904 = attributes.isTrue("date1904") }
    guard name == "sheet", sheets.count < 10000, let title = attributes["name"] else { return }
    let state = attributes["state"]
    sheets.append((title, state == "hidden" || state == "veryHidden", attributes["id"] ?? ""))
  }

  func end(_ name: XMLName) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// What the format of a cell makes of a number.
enum NumberStyle: Sendable, Equatable {
  case general
  case date
  case dateTime
  case time
  /// `00000`: leading zeros that the number itself has not.
  case zeros(Int)

  /// The formats that have a number instead of a code [ECMA-376 18.8.30], those of East Asia included.
  static func builtIn(_ id: Int) -> NumberStyle {
    switch id {
    case 14...17, 27...31, 34...36, 50...54, 57, 58: .date
    case 22: .dateTime
    case 18...21, 32, 33, 45...47, 55, 56: .time
    default: .general
    }
  }

  static func of(code: String) -> NumberStyle {
    let first = code.split(separator: ";", omittingEmptySubsequences: false).first.map(String.init) ?? code
    if first.count > 1, first.count <= 30, first.allSatisfy({ $0 == "0" }) { return .zeros(first.count) }
    let letters = significant(first)
    if letters.contains("e+") || letters.contains("0") || letters.contains("#") || letters.contains("general") {
      return .general
    }
    let hasDay = letters.contains("d") || letters.contains("y")
    let hasTime = letters.contains("h") || letters.contains("s")
    if hasDay { return hasTime ? .dateTime : .date }
    if hasTime { return .time }
    return letters.contains("m") ? .date : .general
  }

  /// Without quoted text, escaped characters, and conditions or colours in brackets.
  private static func significant(_ code: String) -> String {
    var result = ""
    var isQuoted = false
    var isBracketed = false
    var isEscaped = false
    for character in code.lowercased() {
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        isQuoted = character != "\""
      } else if isBracketed {
        isBracketed = character != "]"
      } else if character == "\"" {
        isQuoted = true
      } else if character == "[" {
        isBracketed = true
      } else if character == "\\" || character == "_" || character == "*" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}

private final class StylesHandler: XMLHandler {
  private(set) var styles: [NumberStyle] = []
  private var codes: [Int: String] = [:]
  private var isInCells = false

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "numFmt", codes.count < 10000, let id = attributes.number("numFmtId"),
      let code = attributes["formatCode"]
    {
      codes[id] = code
    } else if name == "cellXfs" {
      isInCells = true
    } else if isInCells, name == "xf", styles.count < 100_000 {
      let id = attributes.number("numFmtId") ?? 0
      styles.append(codes[id].map(NumberStyle.of) ?? NumberStyle.builtIn(id))
    }
  }

  func end(_ name: XMLName) {
    if name == "cellXfs" { isInCells = false }
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}
