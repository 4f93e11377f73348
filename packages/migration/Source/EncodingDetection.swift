// How a text is encoded, found out from all of its bytes: a sample that is cut says nothing about the rest.

import CUchardet

/// What was found, and what a person should know of it.
struct EncodingDetection {
  let encoding: TextEncoding
  let finding: Finding?

  /// The order of the specification: mark, NULs, UTF-8, damaged UTF-8, statistics, ask.
  static func detect(_ source: any ByteSource) throws(SourceError) -> EncodingDetection {
    if let encoding = try ByteOrderMark.encoding(of: source) {
      return EncodingDetection(encoding: encoding, finding: nil)
    }
    let census = try ByteCensus.take(of: source)
    if let encoding = census.byNULs { return EncodingDetection(encoding: encoding, finding: nil) }
    if census.brokenSequences == 0 { return EncodingDetection(encoding: .utf8, finding: nil) }
    if let encoding = census.byFewNULs { return EncodingDetection(encoding: encoding, finding: nil) }
    if census.isDamagedUTF8 {
      let text =
        census.brokenSequences == 1
        ? "One byte sequence is no UTF-8; it is shown as �."
        : "\(census.brokenSequences) byte sequences are no UTF-8; they are shown as �."
      return EncodingDetection(
        encoding: .utf8, finding: Finding(code: .damagedEncoding, text: text, row: nil))
    }
    return try guess(source)
  }

  private static func guess(_ source: any ByteSource) throws(SourceError) -> EncodingDetection {
    let sample = try HighSample.take(from: source)
    if let encoding = EncodingGuess.best(sample) { return EncodingDetection(encoding: encoding, finding: nil) }
    return EncodingDetection(
      encoding: .windows1252,
      finding: Finding(
        code: .doubtfulEncoding, text: "The encoding could not be told. Look at the accents, and choose another.",
        row: nil
      ))
  }
}

/// Counts over all bytes of a file.
struct ByteCensus {
  private(set) var count = 0
  /// NULs at even and at odd places.
  private(set) var nuls = (even: 0, odd: 0)
  private(set) var validSequences = 0
  private(set) var brokenSequences = 0
  private(set) var highBytes = 0

  static func take(of source: any ByteSource) throws(SourceError) -> ByteCensus {
    var census = ByteCensus()
    let capacity = 1 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 8)
    defer { buffer.deallocate() }
    var offset = 0
    var carried = 0
    while true {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[carried...])
      let got = try source.read(at: offset, into: room)
      let isLast = got < room.count
      let fresh = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<got])
      census.countNULs(fresh, at: offset)
      offset += got
      let all = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<(carried + got)])
      let used = census.countSequences(all, isLast: isLast)
      carried = all.count - used
      for index in 0..<carried { buffer[index] = buffer[used + index] }
      if isLast { break }
    }
    census.count = offset
    return census
  }

  private mutating func countNULs(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    var index = 0
    while index < bytes.count {
      // A word without a NUL is passed at once [Hacker's Delight, 6-1].
      if index + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 == 0 {
          index += 8
          continue
        }
      }
      for place in index..<min(index + 8, bytes.count) where bytes[place] == 0 {
        if (offset + place) & 1 == 0 { nuls.even += 1 } else { nuls.odd += 1 }
      }
      index += 8
    }
  }

  private mutating func countSequences(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Int {
    var index = 0
    while index < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[index...])
      let (valid, bad) = UTF8Check.run(rest)
      count(rest, valid)
      index += valid
      if index == bytes.count { break }
      if index + bad == bytes.count, !isLast, let start = bytes.baseAddress,
        UTF8Check.mayContinue(start.assumingMemoryBound(to: UInt8.self) + index, bad)
      {
        break
      }
      brokenSequences += 1
      highBytes += bad
      index += bad
    }
    return index
  }

  private mutating func count(_ bytes: UnsafeRawBufferPointer, _ valid: Int) {
    let tops: UInt64 = 0x8080_8080_8080_8080
    var index = 0
    while index + 8 <= valid {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      highBytes += (word & tops).nonzeroBitCount
      // A sequence begins with a byte whose two upper bits are set.
      validSequences += (word & word << 1 & tops).nonzeroBitCount
      index += 8
    }
    while index < valid {
      if bytes[index] >= 0x80 { highBytes += 1 }
      if bytes[index] >= 0xC0 { validSequences += 1 }
      index += 1
    }
  }

  /// UTF-16 without a mark: NULs at one parity, in a tenth of the units or more.
  var byNULs: TextEncoding? {
    let most = max(nuls.even, nuls.odd)
    let least = min(nuls.even, nuls.odd)
    guard most > 1 || count == 2, most > 0, most * 10 >= count / 2, least * 50 <= most else { return nil }
    return nuls.odd > nuls.even ? .utf16LittleEndian : .utf16BigEndian
  }

  /// UTF-16 of East Asia, where only delimiters and line ends have NULs; no other text that is no UTF-8 has them.
  var byFewNULs: TextEncoding? {
    let most = max(nuls.even, nuls.odd)
    guard most >= 4, min(nuls.even, nuls.odd) == 0, most * 100 >= count / 2, count % 2 == 0 else { return nil }
    return nuls.odd > 0 ? .utf16LittleEndian : .utf16BigEndian
  }

  /// At least 99 % of the sequences are valid, or at most three are not and more are.
  var isDamagedUTF8: Bool {
    guard validSequences > brokenSequences else { return false }
    return brokenSequences <= 3 || brokenSequences * 99 <= validSequences
  }
}

/// The parts of a text that are not ASCII, as far as statistics need them.
enum HighSample {
  private static let wanted = 4 << 20
  private static let piece = 4096

  static func take(from source: any ByteSource) throws(SourceError) -> [UInt8] {
    var sample: [UInt8] = []
    var offset = 0
    let capacity = 1 << 18
    while sample.count < wanted {
      let bytes = try source.read(at: offset, count: capacity)
      if bytes.isEmpty { break }
      offset += bytes.count
      // Cut at line ends, so that no character of several bytes is cut.
      var start = 0
      while start < bytes.count {
        var end = min(start + piece, bytes.count)
        while end < bytes.count, end - start < 4 * piece, bytes[end - 1] != 10 { end += 1 }
        if bytes[start..<end].contains(where: { $0 >= 0x80 || $0 == 0x1B }) { sample += bytes[start..<end] }
        start = end
      }
    }
    return sample
  }
}

/// Statistics on bytes that are no UTF-8.
enum EncodingGuess {
  static func best(_ sample: [UInt8]) -> TextEncoding? { AlphabetReview.review(uchardet(sample), sample) }

  static func uchardet(_ sample: [UInt8]) -> TextEncoding? {
    guard let detector = uchardet_new() else { return nil }
    defer { uchardet_delete(detector) }
    let status = sample.withUnsafeBytes { bytes in
      uchardet_handle_data(detector, bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count)
    }
    guard status == 0 else { return nil }
    uchardet_data_end(detector)
    guard let name = uchardet_get_charset(detector) else { return nil }
    return TextEncoding.named(String(cString: name))
  }
}
