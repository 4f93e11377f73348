// Lists as parameters, for `= ANY(…)` and array columns: one dimension, counted from 1 [array_recv of PostgreSQL].

public import EthicoTypes
public import FoundationEssentials

/// A value that can stand in a list bound as a parameter.
public protocol PostgresEncodableElement: Sendable {
  /// The type of the list.
  static var arrayType: PostgresType { get }
  /// Appends the whole list in binary form.
  static func encodePostgres(_ array: [Self], into bytes: inout [UInt8]) throws(BindingError)
  /// The whole list as PostgreSQL reads it from text.
  static func postgresText(_ array: [Self]) -> String
}

/// An element that crosses as a value of its own behind its length, as all but bytes do.
public protocol PostgresScalarElement: PostgresEncodableElement, PostgresEncodable {
  /// The type of one element, which is never inferred.
  static var elementType: PostgresType { get }
}

extension PostgresScalarElement {
  public static var elementType: PostgresType { postgresType }

  public static func encodePostgres(_ array: [Self], into bytes: inout [UInt8]) throws(BindingError) {
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

  public static func postgresText(_ array: [Self]) -> String {
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
  public static var postgresType: PostgresType { Element.arrayType }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    try Element.encodePostgres(self, into: &bytes)
  }

  public var postgresText: String { Element.postgresText(self) }
}

extension String: PostgresScalarElement {
  public static var arrayType: PostgresType { .textArray }
  public static var elementType: PostgresType { .text }
}

extension Int: PostgresScalarElement {
  public static var arrayType: PostgresType { .int8Array }
}

extension Int32: PostgresScalarElement {
  public static var arrayType: PostgresType { .int4Array }
}

extension Int16: PostgresScalarElement {
  public static var arrayType: PostgresType { .int2Array }
}

extension Bool: PostgresScalarElement {
  public static var arrayType: PostgresType { .boolArray }
}

extension Double: PostgresScalarElement {
  public static var arrayType: PostgresType { .float8Array }
}

extension UUID: PostgresScalarElement {
  public static var arrayType: PostgresType { .uuidArray }
}

extension ID: PostgresScalarElement, PostgresEncodableElement {
  public static var arrayType: PostgresType { .uuidArray }
}

extension Date: PostgresScalarElement {
  public static var arrayType: PostgresType { .timestamptzArray }
}

extension Optional: PostgresEncodableElement, PostgresScalarElement where Wrapped: PostgresScalarElement {
  public static var arrayType: PostgresType { Wrapped.arrayType }
  public static var elementType: PostgresType { Wrapped.elementType }
}

/// A list of bytes is one `bytea`, not a list of numbers.
extension UInt8: PostgresEncodableElement {
  public static var arrayType: PostgresType { .bytea }

  public static func encodePostgres(_ array: [UInt8], into bytes: inout [UInt8]) throws(BindingError) {
    bytes.append(contentsOf: array)
  }

  public static func postgresText(_ array: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text = Array("\\x".utf8)
    for byte in array {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
