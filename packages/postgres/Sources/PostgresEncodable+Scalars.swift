// Single values as parameters, in the binary forms of PostgreSQL [its source, utils/adt, the `_recv` functions].

public import EthicoTypes
public import FoundationEssentials

extension String: PostgresEncodable {
  /// Inferred, so that text can be put into a column of any type: a word, a date, a `uuid`, JSON.
  public static var postgresType: PostgresType { .inferred }

  /// The text in UTF-8.
  /// - Throws: `BindingError.zeroByte` for text with U+0000, which PostgreSQL cannot keep.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    let start = bytes.count
    bytes.append(contentsOf: utf8)
    if bytes[start...].contains(0) { throw .zeroByte }
  }

  /// The text as it is; what COPY needs escaped, `CopyRow` escapes.
  public var postgresText: String { self }
}

extension Int: PostgresEncodable {
  /// `bigint`; where a column is narrower, the server refuses what does not fit.
  public static var postgresType: PostgresType { .int8 }

  /// Eight bytes, the highest first.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(Int64(self))
  }

  /// Decimal digits, with a minus where it is negative.
  public var postgresText: String { description }
}

extension Int32: PostgresEncodable {
  /// `integer`, for functions that take no `bigint`.
  public static var postgresType: PostgresType { .int4 }

  /// Four bytes, the highest first.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(self)
  }

  /// Decimal digits, with a minus where it is negative.
  public var postgresText: String { description }
}

extension Int16: PostgresEncodable {
  /// `smallint`, for functions that take nothing wider.
  public static var postgresType: PostgresType { .int2 }

  /// Two bytes, the highest first.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(self)
  }

  /// Decimal digits, with a minus where it is negative.
  public var postgresText: String { description }
}

extension Bool: PostgresEncodable {
  /// `boolean`.
  public static var postgresType: PostgresType { .bool }

  /// One byte, 1 for true.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.append(self ? 1 : 0)
  }

  /// `t` or `f`, as PostgreSQL prints them too.
  public var postgresText: String { self ? "t" : "f" }
}

extension Double: PostgresEncodable {
  /// `double precision`.
  public static var postgresType: PostgresType { .float8 }

  /// The eight bytes of IEEE 754, so that every value comes back as it was: −0, infinity, not a number.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.appendBigEndian(bitPattern)
  }

  /// The shortest digits that read back as the same number; `inf` and `nan` are words that PostgreSQL knows.
  public var postgresText: String { description }
}

extension UUID: PostgresEncodable {
  /// `uuid`.
  public static var postgresType: PostgresType { .uuid }

  /// The 16 bytes in the order in which they are written.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
  }

  /// The canonical form in upper case, which PostgreSQL reads as well.
  public var postgresText: String { uuidString }
}

extension ID: PostgresEncodable {
  /// `uuid`, with nothing of whose id it is.
  public static var postgresType: PostgresType { .uuid }

  /// The 16 bytes, as of any `UUID`.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    try uuid.encodePostgres(into: &bytes)
  }

  /// The canonical form in lower case, as PostgreSQL prints it.
  public var postgresText: String { description }
}

extension Date: PostgresEncodable {
  /// `timestamptz`: a moment, whatever the zone it was written in.
  public static var postgresType: PostgresType { .timestamptz }

  /// Eight bytes: whole microseconds since 2000-01-01 00:00 UTC, the nearest.
  /// - Throws: `BindingError.dateOutOfRange` for what is not a number or beyond that count.
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
