// Single values as parameters, in the binary forms of PostgreSQL [its source, utils/adt, the `_recv` functions].

public import EthicoTypes
public import FoundationEssentials

extension String: PostgresEncodable {
  public static var postgresType: PostgresType { .inferred }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    let start = bytes.count
    bytes.append(contentsOf: utf8)
    if bytes[start...].contains(0) { throw .zeroByte }
  }

  public var postgresText: String { self }
}

extension Int: PostgresEncodable {
  public static var postgresType: PostgresType { .int8 }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(Int64(self))
  }

  public var postgresText: String { description }
}

extension Int32: PostgresEncodable {
  public static var postgresType: PostgresType { .int4 }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(self)
  }

  public var postgresText: String { description }
}

extension Int16: PostgresEncodable {
  public static var postgresType: PostgresType { .int2 }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(self)
  }

  public var postgresText: String { description }
}

extension Bool: PostgresEncodable {
  public static var postgresType: PostgresType { .bool }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.append(self ? 1 : 0)
  }

  public var postgresText: String { self ? "t" : "f" }
}

extension Double: PostgresEncodable {
  public static var postgresType: PostgresType { .float8 }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(bitPattern)
  }

  public var postgresText: String { description }
}

extension UUID: PostgresEncodable {
  public static var postgresType: PostgresType { .uuid }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
  }

  public var postgresText: String { uuidString }
}

extension ID: PostgresEncodable {
  public static var postgresType: PostgresType { .uuid }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    try uuid.encodePostgres(into: &bytes)
  }

  public var postgresText: String { description }
}

extension Date: PostgresEncodable {
  public static var postgresType: PostgresType { .timestamptz }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    guard let timestamp = Timestamp(self) else { throw .dateOutOfRange }
    bytes.appendBigEndian(timestamp.microsecondsSince2000)
  }

  /// A date that PostgreSQL cannot count becomes text that it refuses, as COPY has no other way to refuse a value.
  public var postgresText: String { Timestamp(self)?.description ?? "a date out of range" }
}

extension [UInt8] {
  mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
