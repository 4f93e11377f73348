// A picture as its own bytes tell: what it is and how large. The name it came with says nothing.

import EthicoTypes
import FoundationEssentials
import Web

/// What a logo can be.
enum LogoKind: String, Term {
  case png, jpg, webp

  var label: String {
    switch self {
    case .png: "PNG"
    case .jpg: "JPEG"
    case .webp: "WebP"
    }
  }

  var mediaType: String {
    switch self {
    case .png: "image/png"
    case .jpg: "image/jpeg"
    case .webp: "image/webp"
    }
  }
}

/// A logo as somebody wants it, checked.
struct LogoPicture: Sendable, Hashable {
  let kind: LogoKind
  let width: Int
  let height: Int
  let bytes: Data
  let sha256: [UInt8]

  static let byteLimit = 524_288
  static let sideLimit = 2_048
  static let upload = UploadLimit(fileBytes: byteLimit)
  static let sizeLimit = "\(byteLimit / 1_024) KiB"

  /// - Throws: `Invalid` with the rule that the file breaks.
  init(_ file: SubmittedFile?) throws {
    guard let file else { throw Invalid("file", "Choose a file.") }
    guard !file.isTooLarge, file.bytes.count <= Self.byteLimit else {
      throw Invalid("file", "“\(file.name)” is too large: a logo has at most \(Self.sizeLimit).")
    }
    guard let head = PictureHead([UInt8](file.bytes)) else {
      throw Invalid("file", "“\(file.name)” is not a PNG, JPEG or WebP picture, or is not whole.")
    }
    guard (1...Self.sideLimit).contains(head.width), (1...Self.sideLimit).contains(head.height) else {
      throw Invalid(
        "file",
        "“\(file.name)” has \(grouped(head.width)) × \(grouped(head.height)) pixels: each side has 1 to "
          + "\(grouped(Self.sideLimit)).")
    }
    kind = head.kind
    width = head.width
    height = head.height
    bytes = file.bytes
    sha256 = file.sha256
  }
}

/// What the first bytes of a picture say.
struct PictureHead: Sendable, Hashable {
  let kind: LogoKind
  let width: Int
  let height: Int

  /// `nil` for what is none of the three.
  init?(_ bytes: [UInt8]) {
    let reader = ByteReader(bytes: bytes)
    guard let found = Self.png(reader) ?? Self.jpg(reader) ?? Self.webp(reader) else { return nil }
    self = found
  }

  private init(_ kind: LogoKind, _ width: Int, _ height: Int) {
    self.kind = kind
    self.width = width
    self.height = height
  }

  /// The signature, then the chunk IHDR [PNG, 5.2 and 11.2.1].
  private static func png(_ bytes: ByteReader) -> PictureHead? {
    guard bytes.holds([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0), bytes.holds("IHDR", at: 12),
      let width = bytes.big(4, at: 16), let height = bytes.big(4, at: 20)
    else { return nil }
    return PictureHead(.png, width, height)
  }

  /// Segments up to the head of the frame [ITU-T T.81, B.1.1 and B.2.2].
  private static func jpg(_ bytes: ByteReader) -> PictureHead? {
    guard bytes.holds([0xFF, 0xD8, 0xFF], at: 0) else { return nil }
    var place = 2
    while let first = bytes.big(1, at: place), first == 0xFF, let marker = bytes.big(1, at: place + 1) {
      // A marker may have any number of fill bytes before it.
      if marker == 0xFF {
        place += 1
        continue
      }
      guard let length = bytes.big(2, at: place + 2), length >= 2 else { return nil }
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
        guard let height = bytes.big(2, at: place + 5), let width = bytes.big(2, at: place + 7) else { return nil }
        return PictureHead(.jpg, width, height)
      }
      place += 2 + length
    }
    return nil
  }

  /// One of three chunks comes first [RFC 9649, 2.5 to 2.7].
  private static func webp(_ bytes: ByteReader) -> PictureHead? {
    guard bytes.holds("RIFF", at: 0), bytes.holds("WEBP", at: 8) else { return nil }
    if bytes.holds("VP8X", at: 12), let width = bytes.little(3, at: 24), let height = bytes.little(3, at: 27) {
      return PictureHead(.webp, width + 1, height + 1)
    }
    if bytes.holds("VP8L", at: 12), bytes.holds([0x2F], at: 20), let sizes = bytes.little(4, at: 21) {
      return PictureHead(.webp, sizes & 0x3FFF + 1, sizes >> 14 & 0x3FFF + 1)
    }
    if bytes.holds("VP8 ", at: 12), bytes.holds([0x9D, 0x01, 0x2A], at: 23), let width = bytes.little(2, at: 26),
      let height = bytes.little(2, at: 28)
    {
      return PictureHead(.webp, width & 0x3FFF, height & 0x3FFF)
    }
    return nil
  }
}

/// Reads numbers and words out of bytes; nothing beyond their end.
private struct ByteReader {
  let bytes: [UInt8]

  func holds(_ signature: [UInt8], at offset: Int) -> Bool {
    bytes.dropFirst(offset).prefix(signature.count).elementsEqual(signature)
  }

  func holds(_ word: String, at offset: Int) -> Bool {
    holds(Array(word.utf8), at: offset)
  }

  /// The highest byte first.
  func big(_ count: Int, at offset: Int) -> Int? {
    guard offset + count <= bytes.count else { return nil }
    return bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
  }

  /// The lowest byte first.
  func little(_ count: Int, at offset: Int) -> Int? {
    guard offset + count <= bytes.count else { return nil }
    return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
