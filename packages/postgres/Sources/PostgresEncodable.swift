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
  /// False: only an optional, or a type that says so itself, is ever NULL.
  public var isPostgresNull: Bool { false }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  /// That of a value that is there: NULL is sent with the type of what it stands for.
  public static var postgresType: PostgresType { Wrapped.postgresType }

  /// True for `nil`, and for a value that says it is NULL.
  public var isPostgresNull: Bool { self?.isPostgresNull ?? true }

  /// What the value writes; `nil` writes nothing, as its being NULL is said beside the bytes.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    if let value = self { try value.encodePostgres(into: &bytes) }
  }

  /// What the value says; for `nil` nothing, since COPY asks first whether it is NULL.
  public var postgresText: String { self?.postgresText ?? "" }
}
