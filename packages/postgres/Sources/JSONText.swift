// JSON as text on its way into a `jsonb` column: encoding a value to JSON is the caller's business.

/// A JSON document as text, bound as `jsonb`. The server refuses text that is not JSON.
public struct JSONText: Hashable, Sendable {
  /// The document as it was given, or as the server printed what it keeps as `jsonb`.
  public let text: String

  /// Takes the text as it is: whether it is JSON, the server says when it is bound.
  public init(_ text: String) {
    self.text = text
  }
}

extension JSONText: PostgresEncodable {
  /// Always `jsonb`; a text that the server is to read as something else is bound as a `String`.
  public static var postgresType: PostgresType { .jsonb }

  /// The binary form of `jsonb` is its text behind the version number 1.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.append(1)
    try text.encodePostgres(into: &bytes)
  }

  /// The document itself, for COPY into a `jsonb` column.
  public var postgresText: String { text }
}

extension JSONText: PostgresDecodable {
  /// Reads `jsonb` or `json`, or JSON kept as text, without a look at what it says.
  public init(cell: Cell) throws {
    self.init(try String(cell: cell))
  }
}
