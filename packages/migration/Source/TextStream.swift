// A text as a stream of valid UTF-8, whatever its bytes are. What cannot be decoded becomes U+FFFD, and where it was is
// kept until somebody asks.

/// A window on a text that moves forward.
final class TextStream {
  /// Bytes that could not be decoded.
  struct Replacement {
    /// Where U+FFFD stands, in bytes of the UTF-8 from its beginning.
    let position: Int
    /// Where the bytes stand in the file.
    let offset: Int
  }

  /// The present window; whole characters, `count` bytes of it.
  let base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  /// How many bytes of UTF-8 came before the window.
  private(set) var delivered = 0
  /// What was replaced and not yet taken.
  private var replacements: [Replacement] = []

  private let source: any ByteSource
  private let decoder: Decoder
  private let limit: Int
  private let raw: UnsafeMutablePointer<UInt8>
  private var rawCount = 0
  private var rawOffset = 0
  private var ended = false

  private static let rawCapacity = 128 * 1024
  /// The most that UTF-8 needs for a byte of any encoding is three; a replacement is three.
  private static let capacity = rawCapacity * 3 + 64
  /// So many replacements are kept: a text that is all garbage must not fill the memory.
  private static let replacementsKept = 10000

  private enum Decoder {
    case utf8
    case utf16(bigEndian: Bool)
    case table([UInt32])
    case iconv(IconvBox)
  }

  private final class IconvBox {
    let conversion: Iconv
    init(_ conversion: consuming Iconv) { self.conversion = conversion }
  }

  /// Reads the text from its beginning, at most `limit` bytes of the file.
  init(_ source: any ByteSource, _ encoding: TextEncoding, limit: Int = .max) throws(SourceError) {
    self.source = source
    self.limit = min(limit, source.size)
    decoder = try Self.decoder(encoding)
    rawOffset = min(try ByteOrderMark.length(in: source, encoding), self.limit)
    base = .allocate(capacity: Self.capacity)
    raw = .allocate(capacity: Self.rawCapacity)
  }

  deinit {
    base.deallocate()
    raw.deallocate()
  }

  private static func decoder(_ encoding: TextEncoding) throws(SourceError) -> Decoder {
    switch encoding {
    case .utf8: return .utf8
    case .utf16LittleEndian: return .utf16(bigEndian: false)
    case .utf16BigEndian: return .utf16(bigEndian: true)
    default:
      guard let conversion = Iconv(encoding) else {
        throw SourceError(.fileUnsupported, "This machine cannot read texts in \(encoding.name). Save it as UTF-8.")
      }
      let table = conversion.table()
      // Where a byte above 127 never stands alone, the encoding is one of several bytes a character.
      guard table[128...].contains(where: { !$0.isEmpty }), !isMultibyte(encoding) else {
        return .iconv(IconvBox(conversion))
      }
      return .table(
        table.map { bytes in
          bytes.enumerated().reduce(UInt32(bytes.count) << 24) { $0 | UInt32($1.element) << (8 * UInt32($1.offset)) }
        })
    }
  }

  private static func isMultibyte(_ encoding: TextEncoding) -> Bool {
    ["Shift_JIS", "EUC-JP", "ISO-2022-JP", "GB18030", "Big5", "EUC-KR", "EUC-TW", "UTF-32LE", "UTF-32BE"]
      .contains(encoding.name)
  }

  /// Moves the window on; `false` at the end. The bytes of the former window are gone.
  func advance() throws(SourceError) -> Bool {
    delivered += count
    count = 0
    while count == 0 {
      if ended { return false }
      let wanted = min(Self.rawCapacity - rawCount, limit - rawOffset - rawCount)
      if wanted > 0 {
        let room = UnsafeMutableRawBufferPointer(start: raw + rawCount, count: wanted)
        let got = try source.read(at: rawOffset + rawCount, into: room)
        rawCount += got
        if got < wanted { ended = true }
      }
      if rawOffset + rawCount >= limit { ended = true }
      let used = decode(isLast: ended)
      rawOffset += used
      rawCount -= used
      if rawCount > 0 { raw.update(from: raw + used, count: rawCount) }
    }
    return true
  }

  var hasReplacements: Bool { !replacements.isEmpty }

  /// Replacements before a position, oldest first; each is given out once.
  func takeReplacements(before position: Int) -> ArraySlice<Replacement> {
    guard let first = replacements.first, first.position < position else { return [] }
    let taken = replacements.prefix { $0.position < position }
    replacements.removeFirst(taken.count)
    return taken
  }

  private func decode(isLast: Bool) -> Int {
    switch decoder {
    case .utf8: decodeUTF8(isLast: isLast)
    case .utf16(let bigEndian): decodeUTF16(bigEndian: bigEndian, isLast: isLast)
    case .table(let table): decodeBytes(table)
    case .iconv(let box): convert(box.conversion, isLast: isLast)
    }
  }

  private func replace(at index: Int) {
    if replacements.count < Self.replacementsKept {
      replacements.append(Replacement(position: delivered + count, offset: rawOffset + index))
    }
    base[count] = 0xEF
    base[count + 1] = 0xBF
    base[count + 2] = 0xBD
    count += 3
  }

  private func decodeUTF8(isLast: Bool) -> Int {
    var index = 0
    while index < rawCount {
      let (valid, bad) = UTF8Check.run(UnsafeRawBufferPointer(start: raw + index, count: rawCount - index))
      (base + count).update(from: raw + index, count: valid)
      count += valid
      index += valid
      if index == rawCount { break }
      if index + bad == rawCount, !isLast, UTF8Check.mayContinue(raw + index, bad) { break }
      replace(at: index)
      index += bad
    }
    return index
  }

  private func decodeUTF16(bigEndian: Bool, isLast: Bool) -> Int {
    var index = 0
    while index + 1 < rawCount {
      let unit = unit(at: index, bigEndian)
      guard unit & 0xF800 == 0xD800 else {
        write(UInt32(unit))
        index += 2
        continue
      }
      if unit < 0xDC00, index + 3 >= rawCount, !isLast { break }
      let next = unit < 0xDC00 && index + 3 < rawCount ? self.unit(at: index + 2, bigEndian) : 0
      if next & 0xFC00 == 0xDC00 {
        write(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(next) - 0xDC00))
        index += 4
      } else {
        replace(at: index)
        index += 2
      }
    }
    if isLast, index < rawCount {
      replace(at: index)
      index = rawCount
    }
    return index
  }

  private func unit(at index: Int, _ bigEndian: Bool) -> UInt16 {
    let first = UInt16(raw[index])
    let second = UInt16(raw[index + 1])
    return bigEndian ? first << 8 | second : second << 8 | first
  }

  private func write(_ scalar: UInt32) {
    if scalar < 0x80 {
      base[count] = UInt8(scalar)
      count += 1
    } else if scalar < 0x800 {
      base[count] = UInt8(0xC0 | scalar >> 6)
      base[count + 1] = UInt8(0x80 | scalar & 0x3F)
      count += 2
    } else if scalar < 0x10000 {
      base[count] = UInt8(0xE0 | scalar >> 12)
      base[count + 1] = UInt8(0x80 | scalar >> 6 & 0x3F)
      base[count + 2] = UInt8(0x80 | scalar & 0x3F)
      count += 3
    } else {
      base[count] = UInt8(0xF0 | scalar >> 18)
      base[count + 1] = UInt8(0x80 | scalar >> 12 & 0x3F)
      base[count + 2] = UInt8(0x80 | scalar >> 6 & 0x3F)
      base[count + 3] = UInt8(0x80 | scalar & 0x3F)
      count += 4
    }
  }

  private func decodeBytes(_ table: [UInt32]) -> Int {
    table.withUnsafeBufferPointer { table in
      for index in 0..<rawCount {
        let byte = raw[index]
        if byte < 0x80 {
          base[count] = byte
          count += 1
          continue
        }
        let entry = table[Int(byte)]
        if entry == 0 {
          replace(at: index)
          continue
        }
        let length = Int(entry >> 24)
        base[count] = UInt8(truncatingIfNeeded: entry)
        base[count + 1] = UInt8(truncatingIfNeeded: entry >> 8)
        base[count + 2] = UInt8(truncatingIfNeeded: entry >> 16)
        count += length
      }
      return rawCount
    }
  }

  private func convert(_ conversion: borrowing Iconv, isLast: Bool) -> Int {
    var index = 0
    while index < rawCount {
      let room = UnsafeMutableRawBufferPointer(start: base + count, count: Self.capacity - 8 - count)
      let input = UnsafeRawBufferPointer(start: raw + index, count: rawCount - index)
      let (read, written, stop) = conversion.convert(input, into: room)
      index += read
      count += written
      switch stop {
      case .done: return index
      case .full: return index
      case .incomplete where !isLast: return index
      case .incomplete, .invalid:
        guard count + 3 <= Self.capacity - 8 else { return index }
        replace(at: index)
        index += 1
      }
    }
    return index
  }
}
