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
  /// That of a single value; only text, whose type is otherwise inferred, says another one.
  public static var elementType: PostgresType { postgresType }

  /// Each element behind its length, NULL as the length −1; an empty list has no dimension at all.
  /// - Throws: what the first element throws that cannot be sent.
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

  /// `{"a","b \"c\"",NULL}`: every element in quotes, so that none is taken for NULL or for two.
  public static func postgresText(_ array: [Self]) -> String {
    var list = "{"
    for (index, element) in array.enumerated() {
      if index > 0 { list += "," }
      if element.isPostgresNull { list += "NULL" } else { append(quoted: element.postgresText, to: &list) }
    }
    return list + "}"
  }

  private static func append(quoted text: String, to list: inout String) {
    list += "\""
    var plain = text.startIndex
    var place = plain
    while let found = text.utf8[place...].firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
      list += text[plain..<found]
      list += "\\"
      plain = found
      place = text.utf8.index(after: found)
    }
    list += text[plain...]
    list += "\""
  }
}

extension Array: PostgresEncodable where Element: PostgresEncodableElement {
  /// The type of the list, as its elements name it.
  public static var postgresType: PostgresType { Element.arrayType }

  /// Leaves it to the elements, as a list of bytes is written unlike any other.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    try Element.encodePostgres(self, into: &bytes)
  }

  /// The list in braces; bytes as `\x` and their digits.
  public var postgresText: String { Element.postgresText(self) }
}

extension String: PostgresScalarElement {
  /// `text[]`, declared: the type of a list is never inferred.
  public static var arrayType: PostgresType { .textArray }
  /// `text`, since what stands in a list has no place that it could take its type from.
  public static var elementType: PostgresType { .text }
}

extension Int: PostgresScalarElement {
  /// `bigint[]`, which the server compares with columns of any whole number.
  public static var arrayType: PostgresType { .int8Array }
}

extension Int32: PostgresScalarElement {
  /// `integer[]`, for a function or column that takes no `bigint[]`.
  public static var arrayType: PostgresType { .int4Array }
}

extension Int16: PostgresScalarElement {
  /// `smallint[]`, for a function or column that takes no wider ones.
  public static var arrayType: PostgresType { .int2Array }
}

extension Bool: PostgresScalarElement {
  /// `boolean[]`.
  public static var arrayType: PostgresType { .boolArray }
}

extension Double: PostgresScalarElement {
  /// `double precision[]`.
  public static var arrayType: PostgresType { .float8Array }
}

extension UUID: PostgresScalarElement {
  /// `uuid[]`, as for `= ANY(…)` over ids.
  public static var arrayType: PostgresType { .uuidArray }
}

extension ID: PostgresScalarElement, PostgresEncodableElement {
  /// `uuid[]`: whose ids they are stays on this side.
  public static var arrayType: PostgresType { .uuidArray }
}

extension Date: PostgresScalarElement {
  /// `timestamptz[]`, each moment to the microsecond.
  public static var arrayType: PostgresType { .timestamptzArray }
}

extension Optional: PostgresEncodableElement, PostgresScalarElement where Wrapped: PostgresScalarElement {
  /// The list's type without the option: any array of PostgreSQL may have NULL in it.
  public static var arrayType: PostgresType { Wrapped.arrayType }
  /// That of a value that is there; NULL in a list has no type of its own.
  public static var elementType: PostgresType { Wrapped.elementType }
}

/// A list of bytes is one `bytea`, not a list of numbers.
extension UInt8: PostgresEncodableElement {
  /// `bytea`, which is one value to PostgreSQL.
  public static var arrayType: PostgresType { .bytea }

  /// The bytes alone, without a length or a dimension before them.
  public static func encodePostgres(_ array: [UInt8], into bytes: inout [UInt8]) throws(BindingError) {
    bytes.append(contentsOf: array)
  }

  /// `\x` and two lower case hexadecimal digits for each byte: `\x00ff`.
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
