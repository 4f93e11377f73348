// The central directory of a ZIP: where its entries are and what they claim to be.

import CIconv

/// The records of a directory, before anything is decided about them.
struct ZipDirectory {
  struct Record {
    let name: String
    let isNameUsable: Bool
    let method: Int
    let flags: Int
    let checksum: UInt32
    let packedSize: Int
    let size: Int
    let headerOffset: Int
    let headerSize: Int
    let isSymlink: Bool

    var isFolder: Bool { name.hasSuffix("/") && size == 0 }
  }

  private(set) var records: [Record] = []
  private var start = 0

  /// Above this, what unpacks to more than a hundred times its size is a bomb.
  private static let ratioFrom = 10 << 20
  private static let ratioAtMost = 100

  static func read(_ source: any ByteSource, limits: SourceLimits) throws(SourceError) -> ZipDirectory {
    let end = try ZipEnd.find(in: source)
    if end.count > limits.entries { throw .tooManyEntries(limits.entries) }
    guard end.size <= source.size, end.count * 46 <= end.size else {
      throw .zipDamaged("its directory does not fit its size")
    }
    var directory = ZipDirectory()
    directory.start = end.start
    directory.records.reserveCapacity(end.count)
    var cursor = ByteCursor(source, at: end.start, end: end.start + end.size)
    for _ in 0..<end.count { directory.records.append(try record(&cursor, shift: end.shift)) }
    return directory
  }

  private static func record(_ cursor: inout ByteCursor, shift: Int) throws(SourceError) -> Record {
    let head = try cursor.take(46)
    guard head.starts(with: [0x50, 0x4B, 1, 2]) else { throw .zipDamaged("its directory is cut off") }
    func number(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(head[at + $1]) << (8 * $1) } }
    let rawName = try cursor.take(number(28, 2))
    let extra = try cursor.take(number(30, 2))
    _ = try cursor.take(number(32, 2))
    var large = ZipExtra(extra)
    let size = try large.value(number(24, 4))
    let packedSize = try large.value(number(20, 4))
    let offset = try large.value(number(42, 4))
    guard let headerOffset = Optional(offset &+ shift), headerOffset >= 0, size >= 0, packedSize >= 0,
      packedSize <= cursor.source.size, headerOffset <= cursor.source.size
    else { throw .zipDamaged("an entry lies outside of it") }
    let isUnix = head[5] == 3
    return Record(
      name: name(rawName, isUTF8: number(8, 2) & 0x800 != 0), isNameUsable: isUsable(rawName), method: number(10, 2),
      flags: number(8, 2), checksum: UInt32(number(16, 4)), packedSize: packedSize, size: size,
      headerOffset: headerOffset, headerSize: 30 + rawName.count,
      isSymlink: isUnix && number(40, 2) & 0xF000 == 0xA000)
  }

  private static func isUsable(_ name: [UInt8]) -> Bool { !name.isEmpty && !name.contains(0) }

  /// UTF-8 where it says so or is; else the code page of DOS, which old programs write.
  private static func name(_ bytes: [UInt8], isUTF8: Bool) -> String {
    let slashes = bytes.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
    let isValid = slashes.withUnsafeBytes { UTF8Check.run($0).bad == 0 }
    if isUTF8 || isValid { return String(decoding: slashes, as: UTF8.self) }
    guard let conversion = Iconv(TextEncoding(name: "IBM437", iconvName: "CP437")) else {
      return String(decoding: slashes, as: UTF8.self)
    }
    var output = [UInt8](repeating: 0, count: slashes.count * 3)
    let written = slashes.withUnsafeBytes { input in
      output.withUnsafeMutableBytes { conversion.convert(input, into: $0).written }
    }
    return String(decoding: output.prefix(written), as: UTF8.self)
  }

  /// Refuses an archive whose entries share bytes, or unpack to far more than they are.
  func refuseBombs(size: Int) throws(SourceError) {
    var end = 0
    for record in records.sorted(by: { $0.headerOffset < $1.headerOffset }) {
      if record.headerOffset < end { throw .zipOverlap }
      end = record.headerOffset + record.headerSize + record.packedSize
    }
    if end > start { throw .zipOverlap }
    var total = 0
    for record in records {
      let (sum, isTooLarge) = total.addingReportingOverflow(record.size)
      total = isTooLarge ? Int.max : sum
      if record.size > Self.ratioFrom, record.size / Self.ratioAtMost > record.packedSize {
        throw .zipRatio("“\(record.name.prefix(100))”")
      }
    }
    if total > Self.ratioFrom, total / Self.ratioAtMost > size { throw .zipRatio("The ZIP") }
  }

  static func isBomb(unpacked: Int, packed: Int) -> Bool {
    unpacked > ratioFrom && unpacked / ratioAtMost > max(1, packed)
  }
}

extension ZipDirectory.Record {
  var refusal: ZipArchive.Refusal.Code? {
    if !isNameUsable { return .name }
    let isDrive = name.utf8.dropFirst().first == UInt8(ascii: ":")
    if name.hasPrefix("/") || isDrive { return .absolute }
    if name.split(separator: "/").contains("..") { return .traversal }
    if isSymlink { return .symlink }
    if flags & 0x2041 != 0 || method == 99 { return .encrypted }
    return method == 0 || method == 8 ? nil : .method
  }
}

/// Where the directory is, as the end of the file says.
private struct ZipEnd {
  let start: Int
  let size: Int
  let count: Int
  /// How far everything lies behind where it says: what stands before the archive.
  let shift: Int

  static func find(in source: any ByteSource) throws(SourceError) -> ZipEnd {
    let tailSize = min(source.size, 65557)
    let tailStart = source.size - tailSize
    let tail = try source.read(at: tailStart, count: tailSize)
    var index = tail.count - 22
    while index >= 0 {
      if tail[index] == 0x50, tail[index..<index + 4].elementsEqual([0x50, 0x4B, 5, 6]),
        let end = try end(Array(tail[index..<index + 22]), at: tailStart + index, source)
      {
        return end
      }
      index -= 1
    }
    throw .zipDamaged("its directory is missing, as when a transfer broke off")
  }

  private static func end(
    _ bytes: [UInt8], at place: Int, _ source: any ByteSource
  ) throws(SourceError) -> ZipEnd? {
    func number(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    var count = number(10, 2)
    var size = number(12, 4)
    var offset = number(16, 4)
    var place = place
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF, place >= 20 {
      let locator = try source.read(at: place - 20, count: 20)
      if locator.starts(with: [0x50, 0x4B, 6, 7]) {
        place = try large(locator, 8)
        let record = try source.read(at: place, count: 56)
        guard record.count == 56, record.starts(with: [0x50, 0x4B, 6, 6]) else { return nil }
        count = try large(record, 32)
        size = try large(record, 40)
        offset = try large(record, 48)
      }
    } else if number(4, 2) != 0 || number(8, 2) != count {
      throw .zipDamaged("it is one of several parts")
    }
    guard size <= place else { return nil }
    let start = place - size
    guard start >= offset else { return nil }
    return ZipEnd(start: start, size: size, count: count, shift: start - offset)
  }

  private static func large(_ bytes: [UInt8], _ at: Int) throws(SourceError) -> Int {
    let value = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
    guard let number = Int(exactly: value), number <= 1 << 48 else { throw .zipDamaged("its sizes are impossible") }
    return number
  }
}

/// Sizes that do not fit 32 bits [APPNOTE 4.5.3].
private struct ZipExtra {
  private var values: [Int] = []

  init(_ bytes: [UInt8]) {
    var index = 0
    while index + 4 <= bytes.count {
      let kind = Int(bytes[index]) | Int(bytes[index + 1]) << 8
      let length = Int(bytes[index + 2]) | Int(bytes[index + 3]) << 8
      let content = bytes[(index + 4)...].prefix(length)
      if kind == 1 {
        var at = content.startIndex
        while at + 8 <= content.endIndex {
          let value = (0..<8).reduce(UInt64(0)) { $0 | UInt64(content[at + $1]) << (8 * UInt64($1)) }
          values.append(value > 1 << 48 ? -1 : Int(value))
          at += 8
        }
      }
      index += 4 + length
    }
  }

  /// The value itself, or the next large one where it only says that there is one.
  mutating func value(_ small: Int) throws(SourceError) -> Int {
    guard small == 0xFFFF_FFFF else { return small }
    guard !values.isEmpty, values[0] >= 0 else { throw .zipDamaged("its sizes are impossible") }
    return values.removeFirst()
  }
}

/// Reads forward through a part of a source.
struct ByteCursor {
  let source: any ByteSource
  private var place: Int
  private let end: Int
  private var buffer: [UInt8] = []
  private var used = 0

  init(_ source: any ByteSource, at place: Int, end: Int) {
    self.source = source
    self.place = place
    self.end = end
  }

  mutating func take(_ count: Int) throws(SourceError) -> [UInt8] {
    if buffer.count - used < count {
      buffer.removeFirst(used)
      used = 0
      let more = try source.read(at: place, count: min(max(count, 1 << 16), end - place))
      place += more.count
      buffer += more
    }
    guard buffer.count - used >= count else { throw .zipDamaged("its directory is cut off") }
    defer { used += count }
    return Array(buffer[used..<used + count])
  }
}
