// A page of a list with its count, as the lists of a client's records are asked for.

public import Postgres

/// The rows of a page, and how many match.
public struct ListedRows<Record: RowDecodable>: Sendable {
  /// As the query orders them, no more than the page holds.
  public let rows: [Record]
  /// How many match, on whatever page, as far as they are counted.
  public let count: Int
  /// Whether a page follows.
  public let isMore: Bool
}

extension AuditedTransaction {
  /// A page of a list. What matches is counted only where it is more than the first page holds: a few rows are found by
  /// reading all the others, and once is enough.
  /// - Parameters:
  ///   - page: one row more than `limit`, where there are so many.
  ///   - count: how many match, up to where counting ends.
  ///   - position: what the page follows; `nil` for the first one.
  public func list<Record: RowDecodable, Position>(
    _ page: SQL, counted count: SQL, limit: Int, behind position: Position?, as type: Record.Type = Record.self
  ) async throws -> ListedRows<Record> {
    let found = try await query(page, as: type)
    let rows = Array(found.prefix(limit))
    let isWhole = position == nil && found.count <= limit
    let matching = try await isWhole ? rows.count : first(count, as: Int.self) ?? 0
    return ListedRows(rows: rows, count: matching, isMore: found.count > limit)
  }
}
