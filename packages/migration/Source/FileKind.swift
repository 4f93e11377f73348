// What a file is by its first bytes; its name says nothing.

/// The families of files that are told apart before any text is read.
enum FileKind {
  case zip
  case text

  static func sniff(_ source: any ByteSource) throws(SourceError) -> FileKind {
    let head = try source.read(at: 0, count: 4096)
    if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) { return .zip }
    if head.starts(with: [0x50, 0x4B, 7, 8]) { throw .unsupported("This is a ZIP in several parts") }
    if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { throw try compound(source) }
    if head.count > 4, head[0] == 9, [0, 2, 4, 8].contains(head[1]), head[3] == 0 { throw .xls }
    for (magic, name) in magics where head.starts(with: magic) { throw .unsupported(name) }
    return .text
  }

  private static let magics: [([UInt8], String)] = [
    (Array("%PDF".utf8), "This is a PDF"), ([0x1F, 0x8B], "This is a gzip archive"),
    (Array("BZh".utf8), "This is a bzip2 archive"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "This is an xz archive"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "This is a 7-Zip archive"), (Array("Rar!".utf8), "This is a RAR archive"),
    ([0x89, 0x50, 0x4E, 0x47], "This is a picture"), ([0xFF, 0xD8, 0xFF], "This is a picture"),
    (Array("GIF8".utf8), "This is a picture"), ([0x7F, 0x45, 0x4C, 0x46], "This is a program"),
    (Array("MZ\u{90}".unicodeScalars.map { UInt8($0.value) }), "This is a program"),
    (Array("PAR1".utf8), "This is a Parquet file"), (Array("SQLite format 3".utf8), "This is an SQLite database"),
    (Array("PGDMP".utf8), "This is a dump of a database"), (Array("{\\rtf".utf8), "This is a text document (RTF)"),
    ([0x28, 0xB5, 0x2F, 0xFD], "This is a zstd archive"),
  ]

  /// Compound files [MS-CFB] hold old workbooks and those under a password; the directory has names in UTF-16.
  private static func compound(_ source: any ByteSource) throws(SourceError) -> SourceError {
    let encrypted: [UInt8] = "EncryptedPackage".utf8.reduce(into: []) { $0 += [$1, 0] }
    let piece = 1 << 20
    var offset = 0
    while offset < min(source.size, 64 << 20) {
      let bytes = try source.read(at: offset, count: piece + encrypted.count)
      if bytes.isEmpty { break }
      if contains(bytes, encrypted) { return .encrypted }
      offset += piece
    }
    return .xls
  }

  private static func contains(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
    guard bytes.count >= wanted.count else { return false }
    var index = 0
    while index + wanted.count <= bytes.count {
      if bytes[index] == wanted[0], bytes[index..<index + wanted.count].elementsEqual(wanted) { return true }
      index += 1
    }
    return false
  }

  enum Text {
    case delimited
    case json
  }

  /// What a text is, by its first characters; refuses what is no text at all.
  static func sniffText(_ source: any ByteSource, _ encoding: TextEncoding) throws(SourceError) -> Text {
    let stream = try TextStream(source, encoding)
    var head: [UInt8] = []
    var seen = 0
    var controls = 0
    // A file may begin with any number of blank lines or NULs; only what follows tells.
    while head.count < 256, try stream.advance() {
      for byte in UnsafeBufferPointer(start: stream.base, count: stream.count) {
        if byte & 0xC0 != 0x80 { seen += 1 }
        if byte < 32, byte != 0, byte != 9, byte != 10, byte != 13, byte != 12, byte != 27 { controls += 1 }
        if head.isEmpty, byte <= 32 { continue }
        if head.count < 256 { head.append(byte) }
      }
    }
    if controls * 20 > seen { throw .unsupported("This is no text but a binary file") }
    if head.isEmpty { throw .empty }
    let text = String(decoding: head, as: UTF8.self).lowercased()
    if ["<!doctype html", "<html", "<table", "<head", "<body", "<meta"].contains(where: text.hasPrefix) { throw .html }
    if text.hasPrefix("<?xml") || text.hasPrefix("<!doctype") || text.hasPrefix("<!--") {
      if text.contains("<html") { throw .html }
      throw .unsupported("This is an XML file")
    }
    return isJSON(head) ? .json : .delimited
  }

  /// A list or an object, but neither `[Name],[Date]` nor `{6F9619FF-…}`, which begin tables too.
  private static func isJSON(_ head: [UInt8]) -> Bool {
    guard head[0] == UInt8(ascii: "{") || head[0] == UInt8(ascii: "[") else { return false }
    let rest = head.dropFirst().drop { $0 <= 32 }
    guard let next = rest.first else { return true }
    if head[0] == UInt8(ascii: "{") {
      let run = rest.prefix { $0 != UInt8(ascii: "-") }
      return !(run.count == 8 && run.allSatisfy { ($0 >= 48 && $0 <= 57) || (($0 | 32) >= 97 && ($0 | 32) <= 102) })
    }
    if (next | 32) >= 97, (next | 32) <= 122 {
      let word = String(decoding: rest.prefix { ($0 | 32) >= 97 && ($0 | 32) <= 122 }, as: UTF8.self)
      return ["true", "false", "null", "NaN"].contains(word)
        && rest.dropFirst(word.utf8.count).first != UInt8(ascii: "]")
    }
    return true
  }
}
