// Single values as parameters, in the binary forms of PostgreSQL [its source, utils/adt, the `_recv` functions].

package import EthicoTypes
package import FoundationEssentials

extension String: PostgresEncodable {
  package static var postgresType: PostgresType { .inferred }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    let start = bytes.count
    bytes.append(contentsOf: utf8)
    if bytes[start...].contains(0) { throw .zeroByte }
  }

  package var postgresText: String { self }
}

extension Int: PostgresEncodable {
  package static var postgresType: PostgresType { .int8 }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(Int64(self))
  }

  package var postgresText: String { description }
}

extension Int32: PostgresEncodable {
  package static var postgresType: PostgresType { .int4 }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(self)
  }

  package var postgresText: String { description }
}

extension Int16: PostgresEncodable {
  package static var postgresType: PostgresType { .int2 }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(self)
  }

  package var postgresText: String { description }
}

extension Bool: PostgresEncodable {
  package static var postgresType: PostgresType { .bool }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.append(self ? 1 : 0)
  }

  package var postgresText: String { self ? "t" : "f" }
}

extension Double: PostgresEncodable {
  package static var postgresType: PostgresType { .float8 }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(bitPattern)
  }

  package var postgresText: String { description }
}

extension UUID: PostgresEncodable {
  package static var postgresType: PostgresType { .uuid }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
  }

  package var postgresText: String { uuidString }
}

extension ID: PostgresEncodable {
  package static var postgresType: PostgresType { .uuid }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    try uuid.encodePostgres(into: &bytes)
  }

  package var postgresText: String { description }
}

extension Date: PostgresEncodable {
  package static var postgresType: PostgresType { .timestamptz }

  package func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    guard let timestamp = Timestamp(self) else { throw .dateOutOfRange }
    bytes.appendBigEndian(timestamp.microsecondsSince2000)
  }

  /// A date that PostgreSQL cannot count becomes text that it refuses, as COPY has no other way to refuse a value.
  package var postgresText: String { Timestamp(self)?.description ?? "a date out of range" }
}

extension [UInt8] {
  mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
