// A value that a row becomes; a statement that asks for one value per row is read as that value.

public import EthicoTypes
public import FoundationEssentials

/// A value that a row becomes.
public protocol RowDecodable: Sendable {
  /// Reads what it needs of a row, which is lent for this call alone. What it throws, the query throws.
  init(row: Row) throws
}

extension RowDecodable where Self: PostgresDecodable {
  /// Reads the first column.
  public init(row: Row) throws {
    self = try row.first()
  }
}

extension String: RowDecodable {}
extension Int: RowDecodable {}
extension Bool: RowDecodable {}
extension Double: RowDecodable {}
extension UUID: RowDecodable {}
extension ID: RowDecodable {}
extension Date: RowDecodable {}
extension JSONText: RowDecodable {}
extension Optional: RowDecodable where Wrapped: PostgresDecodable {}
extension Array: RowDecodable where Element: PostgresDecodableElement {}
