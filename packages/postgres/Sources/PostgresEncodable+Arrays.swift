// Lists as parameters, for `= ANY(…)` and array columns: one dimension, counted from 1 [array_recv of PostgreSQL].

package import EthicoTypes
package import FoundationEssentials

/// A value that can stand in a list bound as a parameter.
package protocol PostgresEncodableElement: Sendable {
  /// The type of the list.
  static var arrayType: PostgresType { get }
  /// Appends the whole list in binary form.
  static func encodePostgres(_ array: [Self], into bytes: inout [UInt8]) throws(BindingError)
  /// The whole list as PostgreSQL reads it from text.
  static func postgresText(_ array: [Self]) -> String
}

/// An element that crosses as a value of its own behind its length, as all but bytes do.
package protocol PostgresScalarElement: PostgresEncodableElement, PostgresEncodable {
  /// The type of one element, which is never inferred.
  static var elementType: PostgresType { get }
}

extension PostgresScalarElement {
  package static var elementType: PostgresType { postgresType }

  package static func encodePostgres(_ array: [Self], into bytes: inout [UInt8]) throws(BindingError) {
    let hasNull: Int32 = array.contains(where: \.isPostgresNull) ? 1 : 0
    bytes.appendBigEndian(Int32(array.isEmpty ? 0 : 1))
    bytes.appendBigEndian(hasNull)
    bytes.appendBigEndian(elementType.oid)
    guard !array.isEmpty else { return }
    bytes.appendBigEndian(Int32(array.count))
    bytes.appendBigEndian(Int32(1))
    for element in array {
      let start = bytes.count
      bytes.appendBigEndian(Int32(-1))
      guard !element.isPostgresNull else { continue }
      try element.encodePostgres(into: &bytes)
      let length = UInt32(bytes.count - start - 4)
      for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index)) }
    }
  }

  package static func postgresText(_ array: [Self]) -> String {
    "{" + array.map { $0.isPostgresNull ? "NULL" : quoted($0.postgresText) }.joined(separator: ",") + "}"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    var plain = text.startIndex
    for position in text.utf8.indices
    where text.utf8[position] == UInt8(ascii: "\"") || text.utf8[position] == UInt8(ascii: "\\") {
      result += text[plain..<position]
      result += "\\"
      plain = position
    }
    result += text[plain...]
    return result + "\""
  }
}

extension Array: PostgresEncodable where Element: PostgresEncodableElement {
  package static var postgresType: PostgresType { Element.arrayType }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    try Element.encodePostgres(self, into: &bytes)
  }

  package var postgresText: String { Element.postgresText(self) }
}

extension String: PostgresScalarElement {
  package static var arrayType: PostgresType { .textArray }
  package static var elementType: PostgresType { .text }
}

extension Int: PostgresScalarElement {
  package static var arrayType: PostgresType { .int8Array }
}

extension Int32: PostgresScalarElement {
  package static var arrayType: PostgresType { .int4Array }
}

extension Int16: PostgresScalarElement {
  package static var arrayType: PostgresType { .int2Array }
}

extension Bool: PostgresScalarElement {
  package static var arrayType: PostgresType { .boolArray }
}

extension Double: PostgresScalarElement {
  package static var arrayType: PostgresType { .float8Array }
}

extension UUID: PostgresScalarElement {
  package static var arrayType: PostgresType { .uuidArray }
}

extension ID: PostgresScalarElement, PostgresEncodableElement {
  package static var arrayType: PostgresType { .uuidArray }
}

extension Date: PostgresScalarElement {
  package static var arrayType: PostgresType { .timestamptzArray }
}

extension Optional: PostgresEncodableElement, PostgresScalarElement where Wrapped: PostgresScalarElement {
  package static var arrayType: PostgresType { Wrapped.arrayType }
  package static var elementType: PostgresType { Wrapped.elementType }
}

/// A list of bytes is one `bytea`, not a list of numbers.
extension UInt8: PostgresEncodableElement {
  package static var arrayType: PostgresType { .bytea }

  package static func encodePostgres(_ array: [UInt8], into bytes: inout [UInt8]) throws(BindingError) {
    bytes.append(contentsOf: array)
  }

  package static func postgresText(_ array: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text = Array("\\x".utf8)
    for byte in array {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
