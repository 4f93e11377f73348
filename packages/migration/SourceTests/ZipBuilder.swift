// Archives and workbooks made by hand, so that they can lie where a program would not.

import CZlib
import Foundation
import SourceFiles

/// A ZIP, entry by entry.
struct ZipBuilder {
  struct Entry {
    var name: String
    var content: [UInt8]
    var isStored = false
    var flags = 0x800
    var method: Int?
    var claimedSize: Int?
    var claimedPackedSize: Int?
    var checksum: UInt32?
    var attributes: UInt32 = 0
    /// Where the directory says that the entry is, if not where it is.
    var claimedOffset: Int?
  }

  var entries: [Entry] = []
  var leading: [UInt8] = []
  var claimedCount: Int?

  mutating func add(_ name: String, _ text: String) { entries.append(Entry(name: name, content: Array(text.utf8))) }

  static func of(_ files: [(String, String)]) -> [UInt8] {
    var builder = ZipBuilder()
    for (name, text) in files { builder.add(name, text) }
    return builder.bytes()
  }

  func bytes() -> [UInt8] {
    var output = leading
    var directory: [UInt8] = []
    for entry in entries {
      let packed = entry.isStored ? entry.content : Self.deflated(entry.content)
      let checksum = entry.checksum ?? UInt32(crc32(0, entry.content, UInt32(entry.content.count)))
      let method = entry.method ?? (entry.isStored ? 0 : 8)
      let size = entry.claimedSize ?? entry.content.count
      let packedSize = entry.claimedPackedSize ?? packed.count
      let offset = entry.claimedOffset ?? output.count - leading.count
      let name = Array(entry.name.utf8)
      let common =
        Self.number(20, 2) + Self.number(entry.flags, 2) + Self.number(method, 2) + Self.number(0, 4)
        + Self.number(Int(checksum), 4) + Self.number(packedSize, 4) + Self.number(size, 4)
        + Self.number(name.count, 2) + Self.number(0, 2)
      output += [0x50, 0x4B, 3, 4] + common + name + packed
      directory += [0x50, 0x4B, 1, 2, 20, 3] + common + Self.number(0, 2) + Self.number(0, 2) + Self.number(0, 2)
      directory += Self.number(Int(entry.attributes), 4) + Self.number(offset, 4) + name
    }
    let count = claimedCount ?? entries.count
    let end =
      [0x50, 0x4B, 5, 6] + Self.number(0, 4) + Self.number(count, 2) + Self.number(count, 2)
      + Self.number(directory.count, 4) + Self.number(output.count - leading.count, 4) + Self.number(0, 2)
    return output + directory + end
  }

  static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func deflated(_ content: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    let status = deflateInit2_(
      &stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { return [] }
    defer { deflateEnd(&stream) }
    var input = content
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(content.count))))
    return input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        _ = deflate(&stream, Z_FINISH)
        return Array(target.prefix(Int(stream.total_out)))
      }
    }
  }
}

/// A workbook of raw XML.
struct WorkbookBuilder {
  struct Sheet {
    var name: String
    var rows: String
    var state = ""
    var columns = ""
  }

  var sheets: [Sheet] = []
  var texts: [String] = []
  /// Number formats by id, and the format of each style.
  var formats: [(id: Int, code: String)] = []
  var styles: [Int] = [0]
  var is1904 = false
  var extra: [(String, String)] = []

  private static let head = #"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#
  private static let main = #"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#
  private static let types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006/relationships"

  func files() -> [(String, String)] {
    var files = [("[Content_Types].xml", Self.head + "<Types/>")]
    files.append(("_rels/.rels", relations([("rId1", "officeDocument", "xl/workbook.xml")])))
    let list = sheets.enumerated().map { index, sheet in
      #"<sheet name="\#(sheet.name)" sheetId="\#(index + 1)" r:id="rId\#(index + 1)" \#(sheet.state)/>"#
    }
    let settings = is1904 ? #"<workbookPr date1904="1"/>"# : ""
    files.append(
      ("xl/workbook.xml", Self.head + "<workbook \(Self.main)>\(settings)<sheets>\(list.joined())</sheets></workbook>"))
    var parts = sheets.indices.map { ("rId\($0 + 1)", "worksheet", "worksheets/sheet\($0 + 1).xml") }
    parts += [("rIdS", "styles", "styles.xml"), ("rIdT", "sharedStrings", "sharedStrings.xml")]
    files.append(("xl/_rels/workbook.xml.rels", relations(parts)))
    for (index, sheet) in sheets.enumerated() {
      let xml = "<worksheet \(Self.main)>\(sheet.columns)<sheetData>\(sheet.rows)</sheetData></worksheet>"
      files.append(("xl/worksheets/sheet\(index + 1).xml", Self.head + xml))
    }
    let codes = formats.map { #"<numFmt numFmtId="\#($0.id)" formatCode="\#($0.code)"/>"# }.joined()
    let cells = styles.map { #"<xf numFmtId="\#($0)"/>"# }.joined()
    files.append(
      (
        "xl/styles.xml",
        Self.head + "<styleSheet \(Self.main)><numFmts>\(codes)</numFmts><cellXfs>\(cells)</cellXfs></styleSheet>"
      ))
    let items = texts.map { "<si><t>\($0)</t></si>" }.joined()
    files.append(("xl/sharedStrings.xml", Self.head + "<sst \(Self.main)>\(items)</sst>"))
    return files.filter { file in !extra.contains { $0.0 == file.0 } } + extra.filter { !$0.1.isEmpty }
  }

  private func relations(_ parts: [(String, String, String)]) -> String {
    let list = parts.map { #"<Relationship Id="\#($0.0)" Type="\#(Self.types)/\#($0.1)" Target="\#($0.2)"/>"# }
    return Self.head + #"<Relationships xmlns="\#(Self.package)">\#(list.joined())</Relationships>"#
  }

  func bytes() -> [UInt8] { ZipBuilder.of(files()) }

  /// Rows of texts.
  static func rows(_ rows: [[String]], from first: Int = 1) -> String {
    rows.enumerated().map { index, cells in
      let inner = cells.map { "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>" }.joined()
      return "<row r=\"\(first + index)\">\(inner)</row>"
    }.joined()
  }
}

/// What reading a file gave.
struct Reading {
  let shape: SourceShape
  let rows: [SourceRow]
  let skipped: [Finding]
  let hidden: [Finding]

  init(_ bytes: [UInt8], _ options: ReadingOptions = ReadingOptions(), limits: SourceLimits = .standard) throws {
    let file = SourceFile(MemoryBytes(bytes), limits: limits)
    shape = try file.inspect(options)
    let reader = try file.rows(shape)
    var rows: [SourceRow] = []
    while let row = try reader.next() { rows.append(row) }
    self.rows = rows
    skipped = reader.skipped
    hidden = reader.hidden
  }

  init(_ text: String, _ options: ReadingOptions = ReadingOptions(), limits: SourceLimits = .standard) throws {
    try self.init(Array(text.utf8), options, limits: limits)
  }

  var cells: [[String]] { rows.map(\.cells) }
  var problems: [CellProblem.Code] { rows.flatMap(\.problems).map(\.code) }
}

/// The code that reading a file ends with, or `nil`.
func refusal(_ bytes: [UInt8], limits: SourceLimits = .standard) -> SourceError.Code? {
  do {
    _ = try Reading(bytes, limits: limits)
    return nil
  } catch {
    return (error as? SourceError)?.code
  }
}
