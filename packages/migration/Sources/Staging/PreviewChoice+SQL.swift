// Chooses the rows of a preview by what is known of them already and by indexes: however many rows a batch has, no page
// reads more than a few dozen of them.

package import Access
package import EthicoTypes
import Postgres
package import SourceFiles

extension PreviewChoice {
  /// Rows that are looked at for each kind, as one may be of several.
  private static let candidates = 60
  private static let seed: UInt64 = 20

  /// The rows of a batch that its preview shows.
  /// - Parameters:
  ///   - notable: the rows that reading its table found to stand out.
  ///   - issues: what is wrong with it, blockers first.
  package static func of(
    _ batch: ID<Batch>, _ notable: NotableRows?, _ issues: [IssueGroup], in tx: AuditedTransaction
  ) async throws -> PreviewChoice {
    guard let ends = try await tx.first(Self.ends(of: batch), as: Ends.self) else {
      return PreviewChoice([:], within: nil)
    }
    var dice = SplitMix64(seed: seed)
    let picked = (0..<candidates).map { _ in Int.random(in: ends.first...ends.last, using: &dice) }
    let here = Set(
      try await tx.query(known((notable?.longest ?? []) + (notable?.rarest ?? []), of: batch), as: Int.self))
    return PreviewChoice(
      [
        .first: try await tx.query(first(of: batch), as: Int.self),
        .issues: try await withIssues(codes(issues), of: batch, in: tx),
        .longest: (notable?.longest ?? []).filter(here.contains),
        .rarest: (notable?.rarest ?? []).filter(here.contains),
        .random: try await tx.query(next(to: picked, of: batch), as: Int.self),
      ], within: ends.first...ends.last)
  }

  private struct Ends: Sendable, RowDecodable {
    let first: Int
    let last: Int

    init(row: Row) throws {
      first = try row["first"]
      last = try row["last"]
    }
  }

  /// The rules that rows of a batch break, each once.
  private static func codes(_ issues: [IssueGroup]) -> [IssueCode] {
    var seen: Set<IssueCode> = []
    return issues.map(\.code).filter { $0.level != .info && seen.insert($0).inserted }
  }

  /// The first row of each rule, then the second of each.
  private static func withIssues(
    _ codes: [IssueCode], of batch: ID<Batch>, in tx: AuditedTransaction
  ) async throws -> [Int] {
    guard !codes.isEmpty else { return [] }
    let found = try await tx.query(broken(codes, of: batch), as: Broken.self)
    let rows = codes.map { code in found.filter { $0.code == code }.map(\.row) }
    return (0..<candidates).flatMap { place in
      rows.compactMap { $0.indices.contains(place) ? $0[place] : nil }
    }
  }

  private struct Broken: Sendable, RowDecodable {
    let code: IssueCode
    let row: Int

    init(row: Row) throws {
      code = try row["code"]
      self.row = try row["row_no"]
    }
  }

  // MARK: Questions, each answered by an index

  static func ends(of batch: ID<Batch>) -> SQL {
    """
    SELECT f.row_no AS first, l.row_no AS last
    FROM (SELECT row_no FROM migration_staged_row WHERE batch_id = \(batch) ORDER BY row_no LIMIT 1) f
    CROSS JOIN (SELECT row_no FROM migration_staged_row WHERE batch_id = \(batch) ORDER BY row_no DESC LIMIT 1) l
    """
  }

  static func first(of batch: ID<Batch>) -> SQL {
    """
    SELECT row_no FROM migration_staged_row
    WHERE batch_id = \(batch)
    ORDER BY row_no
    LIMIT \(PreviewSample.first.limit)
    """
  }

  static func known(_ numbers: [Int], of batch: ID<Batch>) -> SQL {
    "SELECT row_no FROM migration_staged_row WHERE batch_id = \(batch) AND row_no = ANY(\(numbers))"
  }

  /// The rows that stand at some numbers, or next behind them, in the order of these.
  static func next(to numbers: [Int], of batch: ID<Batch>) -> SQL {
    """
    SELECT r.row_no
    FROM unnest(\(numbers)) WITH ORDINALITY AS p (number, n)
    CROSS JOIN LATERAL (
      SELECT s.row_no FROM migration_staged_row s
      WHERE s.batch_id = \(batch) AND s.row_no >= p.number
      ORDER BY s.row_no
      LIMIT 1
    ) r
    ORDER BY p.n
    """
  }

  static func broken(_ codes: [IssueCode], of batch: ID<Batch>) -> SQL {
    """
    SELECT c.code, r.row_no
    FROM unnest(\(codes.map(\.rawValue))) AS c (code)
    CROSS JOIN LATERAL (
      SELECT DISTINCT i.row_no FROM migration_row_issue i
      WHERE i.batch_id = \(batch) AND i.code = c.code AND i.row_no > 0
      ORDER BY i.row_no
      LIMIT \(candidates)
    ) r
    ORDER BY c.code, r.row_no
    """
  }
}
