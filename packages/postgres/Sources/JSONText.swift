// JSON as text on its way into a `jsonb` column: encoding a value to JSON is the caller's business.

/// A JSON document as text, bound as `jsonb`. The server refuses text that is not JSON.
public struct JSONText: Hashable, Sendable {
  public let text: String

  public init(_ text: String) {
    self.text = text
  }
}

extension JSONText: PostgresEncodable {
  public static var postgresType: PostgresType { .jsonb }

  /// The binary form of `jsonb` is its text behind the version number 1.
  public func encodePostgres(into bytes: inout [UInt8]) throws(BindingError) {
    bytes.append(1)
    try text.encodePostgres(into: &bytes)
  }

  public var postgresText: String { text }
}

extension JSONText: PostgresDecodable {
  public init(cell: Cell) throws {
    self.init(try String(cell: cell))
  }
}
