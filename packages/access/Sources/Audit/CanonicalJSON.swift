// JSON in the one form that a hash can rely on [RFC 8785]: members by UTF-16 code units, no spaces, shortest escapes.

import EthicoTypes

/// A JSON value without fractions: what an event's body is made of.
enum CanonicalJSON: Sendable, Hashable {
  case string(String)
  case integer(Int)
  case array([CanonicalJSON])
  case object([String: CanonicalJSON])

  var text: String {
    switch self {
    case .string(let string): JSONString.quoted(string)
    case .integer(let integer): String(integer)
    case .array(let items): "[" + items.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
        .map { JSONString.quoted($0.key) + ":" + $0.value.text }.joined(separator: ",") + "}"
    }
  }
}
