// JSON in the one form that a hash can rely on [RFC 8785]: members by UTF-16 code units, no spaces, shortest escapes.

import EthicoTypes
import FoundationEssentials

/// A JSON value without fractions: what an event's body is made of.
enum CanonicalJSON: Sendable, Hashable {
  case string(String)
  case integer(Int)
  case array([CanonicalJSON])
  case object([String: CanonicalJSON])

  /// The canonical text form of a UUID.
  static func uuid(_ uuid: UUID) -> CanonicalJSON { .string(uuid.lowercaseText) }

  var text: String {
    switch self {
    case .string(let string): Self.quote(string)
    case .integer(let integer): String(integer)
    case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
        .map { Self.quote($0.key) + ":" + $0.value.text }.joined(separator: ",") + "}"
    }
  }

  /// Escapes only what JSON demands, in the form of [RFC 8785, 3.2.2.2].
  static func quote(_ string: String) -> String {
    if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      return "\"" + string + "\""
    }
    var quoted = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{8}": quoted += "\\b"
      case "\t": quoted += "\\t"
      case "\n": quoted += "\\n"
      case "\u{C}": quoted += "\\f"
      case "\r": quoted += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
