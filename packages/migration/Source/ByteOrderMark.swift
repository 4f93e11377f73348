// What the first bytes of a text say about its encoding.

/// The mark that some programs put before a text.
enum ByteOrderMark {
  private static let marks: [(bytes: [UInt8], encoding: TextEncoding)] = [
    ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE, 0, 0], .utf32LittleEndian), ([0, 0, 0xFE, 0xFF], .utf32BigEndian),
    ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
  ]

  static func encoding(of source: any ByteSource) throws(SourceError) -> TextEncoding? {
    let head = try source.read(at: 0, count: 4)
    return marks.first { head.starts(with: $0.bytes) }?.encoding
  }

  static func length(in source: any ByteSource, _ encoding: TextEncoding) throws(SourceError) -> Int {
    let head = try source.read(at: 0, count: 4)
    return marks.first { $0.encoding == encoding && head.starts(with: $0.bytes) }?.bytes.count ?? 0
  }
}
