// What may stand in an interpolation of `SQL`. Values cross in PostgreSQL's binary form, so that nothing is quoted or
// parsed; only text whose type the server infers crosses as text.

/// A value that can be bound as a parameter. A type of one's own conforms by handing on to a value that does.
public protocol PostgresEncodable: Sendable {
  /// The type declared to the server; `.inferred` makes the value cross as text.
  static var postgresType: PostgresType { get }
  /// Whether the value is NULL; then nothing else of it is asked.
  var isPostgresNull: Bool { get }
  /// Appends the value in binary form, or as UTF-8 when the type is inferred.
  func encodePostgres(into bytes: inout [UInt8]) throws(BindingError)
  /// The value as PostgreSQL reads it from text, unescaped: for COPY.
  var postgresText: String { get }
}

extension PostgresEncodable {
  public var isPostgresNull: Bool { false }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  public static var postgresType: PostgresType { Wrapped.postgresType }

  public var isPostgresNull: Bool { self?.isPostgresNull ?? true }

  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    if let value = self { try value.encodePostgres(into: &bytes) }
  }

  public var postgresText: String { self?.postgresText ?? "" }
}
