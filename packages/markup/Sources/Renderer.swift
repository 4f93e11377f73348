// Writes HTML as bytes. The only place where text is escaped.

extension HTML {
  /// The markup as UTF-8, behind `head`.
  func rendered(after head: StaticString = "") -> [UInt8] {
    var bytes: [UInt8] = []
    // Most pages with a list fit; a buffer that grows would be copied with all it holds.
    bytes.reserveCapacity(65_536)
    bytes.append(head)
    append(to: &bytes)
    return bytes
  }

  /// The markup as a string, for tests and small pieces.
  public var markup: String {
    String(decoding: rendered(), as: UTF8.self)
  }

  private func append(to bytes: inout [UInt8], _ place: Place = .page) {
    switch node {
    case .text(let text):
      bytes.appendEscaped(text, place)
    case .group(let pieces):
      for piece in pieces { piece.append(to: &bytes, place) }
    case .void(let name, let attributes):
      bytes.appendTag(name, attributes)
    case .element(let name, let attributes, let children):
      bytes.appendTag(name, attributes)
      let isField = name.isSame(as: "textarea")
      // A field gives back what it was given: HTML drops the first newline of a textarea, so one is put before the
      // text.
      if isField { bytes.append(UInt8(ascii: "\n")) }
      for child in children { child.append(to: &bytes, isField ? .field : place) }
      bytes.append("</")
      bytes.append(name)
      bytes.append(UInt8(ascii: ">"))
    }
  }
}

/// Where text stands: in a field it must come back unchanged, elsewhere it must not deceive the eye.
private enum Place {
  case page, field
}

extension StaticString {
  /// Compared where they lie: as strings each would be read and checked once for every element of a page.
  fileprivate func isSame(as other: StaticString) -> Bool {
    utf8CodeUnitCount == other.utf8CodeUnitCount
      && UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
        .elementsEqual(UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ name: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  fileprivate mutating func appendTag(_ name: StaticString, _ attributes: [Attribute]) {
    append(UInt8(ascii: "<"))
    append(name)
    for attribute in attributes where attribute.name.utf8CodeUnitCount > 0 {
      append(UInt8(ascii: " "))
      append(attribute.name)
      if let suffix = attribute.suffix { append(suffix) }
      guard let value = attribute.value else { continue }
      append("=\"")
      appendEscaped(value, attribute.name.isSame(as: "value") ? .field : .page)
      append(UInt8(ascii: "\""))
    }
    append(UInt8(ascii: ">"))
  }

  /// Escapes what could end a text or a quoted attribute. Bidi controls (U+202A–202E, U+2066–2069) are shown as their
  /// code, so that text from outside cannot turn the words around it; NUL, which HTML forbids, becomes U+FFFD.
  fileprivate mutating func appendEscaped(_ text: String, _ place: Place) {
    var text = text
    text.withUTF8 { utf8 in
      var index = 0
      // Most text needs nothing, so it is copied run by run.
      var start = 0
      while index < utf8.count {
        guard Self.needsCare[Int(utf8[index])] else {
          index += 1
          continue
        }
        append(contentsOf: utf8[start..<index])
        switch utf8[index] {
        case UInt8(ascii: "&"): append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "<"): append(contentsOf: "&lt;".utf8)
        case UInt8(ascii: ">"): append(contentsOf: "&gt;".utf8)
        case UInt8(ascii: "\""): append(contentsOf: "&quot;".utf8)
        case UInt8(ascii: "'"): append(contentsOf: "&#39;".utf8)
        case 0: append(contentsOf: "\u{FFFD}".utf8)
        case 0xE2
        where place == .page && index + 2 < utf8.count && Self.isBidiControl(utf8[index + 1], utf8[index + 2]):
          append(contentsOf: Self.name(ofBidiControl: utf8[index + 1], utf8[index + 2]).utf8)
          index += 2
        case let byte: append(byte)
        }
        index += 1
        start = index
      }
      append(contentsOf: utf8[start...])
    }
  }

  /// The bytes that may have to be written otherwise.
  private static let needsCare: [Bool] = (0...0xFF).map { [0, 0xE2].contains($0) || "&<>\"'".utf8.contains(UInt8($0)) }

  /// UTF-8 of U+202A…202E is E2 80 AA…AE, of U+2066…2069 it is E2 81 A6…A9.
  private static func isBidiControl(_ second: UInt8, _ third: UInt8) -> Bool {
    (second == 0x80 && (0xAA...0xAE).contains(third)) || (second == 0x81 && (0xA6...0xA9).contains(third))
  }

  private static func name(ofBidiControl second: UInt8, _ third: UInt8) -> String {
    let scalar = 0x2000 | (UInt32(second & 0x3F) << 6) | UInt32(third & 0x3F)
    return "[U+" + String(scalar, radix: 16, uppercase: true) + "]"
  }
}
