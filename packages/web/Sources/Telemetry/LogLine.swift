// One line of the log while it is being written: a JSON object [RFC 8259] of strings that never outgrows its limit.

import EthicoTypes

/// Takes fields until it is full; what no longer fits is cut, and the line says so.
struct LogLine {
  static let limitBytes = 16 * 1_024
  /// Metadata of these names is written as `metadata.time` and so on: a name appears once in an object.
  static let ownNames: Set = ["time", "level", "label", "message", "truncated"]

  private static let nameLimitBytes = 128
  private static let ending = Array("}\n".utf8)
  private static let truncatedEnding = Array(",\"truncated\":\"true\"}\n".utf8)
  private static let end = limitBytes - truncatedEnding.count

  private var bytes = Array("{".utf8)
  private var isTruncated = false

  init() {
    bytes.reserveCapacity(512)
  }

  /// A name that does not fit takes its field with it, since a shortened one could be another's. A value is cut.
  mutating func add(_ name: String, _ value: String, limitBytes: Int = Self.limitBytes) {
    let start = bytes.count
    let isNamed = append(name, after: start > 1 ? ",\"" : "\"", limitBytes: Self.nameLimitBytes)
    guard isNamed, bytes.count + "\":\"\"".utf8.count <= Self.end else {
      bytes.removeSubrange(start...)
      isTruncated = true
      return
    }
    if !append(value, after: "\":\"", limitBytes: limitBytes) { isTruncated = true }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The whole line with its line feed.
  func ended() -> [UInt8] {
    bytes + (isTruncated ? Self.truncatedEnding : Self.ending)
  }

  /// Whether all of it fitted. One byte stays free for the closing quotation mark.
  private mutating func append(_ text: String, after opening: String, limitBytes: Int) -> Bool {
    bytes += opening.utf8
    let end = min(Self.end - 1, bytes.count + limitBytes)
    for scalar in text.unicodeScalars {
      let start = bytes.count
      append(scalar)
      if bytes.count > end {
        bytes.removeSubrange(start...)
        return false
      }
    }
    return true
  }

  /// Besides what JSON demands, DEL, C1, the line separators, the marks that turn the direction of text and the byte
  /// order mark are escaped: a terminal obeys some, and readers split at, or strip, the others.
  private mutating func append(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"", "\\":
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    case "\u{20}"..."\u{7E}":
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{FEFF}":
      bytes += ("\\u" + scalar.value.padded(to: 4, radix: 16)).utf8
    default:
      bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
    }
  }
}
