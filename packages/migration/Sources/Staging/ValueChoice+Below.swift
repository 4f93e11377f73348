// What a source has below its categories wants a decision too: by what stands together in its rows.

import Access
import EthicoTypes
import Mapping
import Postgres

extension ValueChoice {
  /// What the source has below its categories, category by category. Which stands below which only rows say, so there
  /// is nothing to decide before they have been read.
  /// - Parameter choices: what the categories themselves become.
  static func below(
    _ choices: [ValueChoice], of batch: Batch, _ mapping: BatchMapping, _ decided: [ValueMapping],
    _ categories: ClientCategories, in tx: AuditedTransaction
  ) async throws -> [ValueChoice] {
    guard batch.stagedNumber != nil, let reading = SourceCategoryReading(mapping, of: batch.entity) else { return [] }
    let named = choices.filter { $0.target == SourceCategory.target }
    let places = Dictionary(named.enumerated().map { ($1.value, $0) }) { first, _ in first }
    let constant = mapping.constants[SourceCategory.target].map(ValueMapping.Act.value)
    let ofBelow = decided.filter { $0.target == SourceCategory.targetBelow }
    let acts = Dictionary(ofBelow.map { ($0.value, $0.act) }) { $1 }
    let counts = try await counts(by: reading, in: batch.id, tx).sorted { one, other in
      let (place, otherPlace) = (places[one.key.category] ?? 0, places[other.key.category] ?? 0)
      return (place, other.value, one.key.below) < (otherPlace, one.value, other.key.below)
    }
    var own: [String: ClientCategories] = [:]
    return counts.prefix(ValueMapping.limit).compactMap { pair, count in
      // Without a category the row says nothing, or stays behind for that.
      guard reading.category.isEmpty || places[pair.category] != nil else { return nil }
      let becomes: String?
      switch places[pair.category].flatMap({ named[$0].shown }) ?? constant {
      case .value(let word)?, .newCategory(let word)?: becomes = word
      case .empty?, .reject?: return nil
      case nil: becomes = nil
      }
      if let becomes, own[becomes] == nil { own[becomes] = categories.below(becomes) }
      return ValueChoice(
        pair, count, below: becomes, among: becomes.flatMap { own[$0] }, acts[pair.key], categories)
    }
  }

  private init(
    _ pair: SourceCategory, _ count: Int, below category: String?, among own: ClientCategories?,
    _ decided: ValueMapping.Act?, _ categories: ClientCategories
  ) {
    let act = decided ?? own?.match(pair.below).map { .value($0) }
    let near = act == nil ? own?.near(pair.below) ?? categories.match(pair.below) : nil
    self.init(
      target: SourceCategory.targetBelow, value: pair.below, count: count, act: act,
      suggested: near.map { .value($0) },
      above: Above(
        source: pair.category, becomes: category.map(categories.label),
        takesMore: category.map(categories.mayStandBelow) ?? true))
  }

  private static func counts(
    by reading: SourceCategoryReading, in batch: ID<Batch>, _ tx: AuditedTransaction
  ) async throws -> [SourceCategory: Int] {
    let positions = Set((reading.category + reading.below).map(\.index)).sorted()
    let rows = try await tx.query(
      """
      SELECT ARRAY(
          SELECT COALESCE(s.cells[u.p + 1], '') FROM unnest(\(positions)) WITH ORDINALITY AS u (p, n) ORDER BY u.n
        ) AS cells, count(*) AS count
      FROM migration_staged_row s
      WHERE s.batch_id = \(batch)
      GROUP BY 1
      ORDER BY 2 DESC, 1
      LIMIT \(ValueMapping.limit)
      """, as: CountedCells.self)
    var counts: [SourceCategory: Int] = [:]
    for row in rows {
      var cells = Array(repeating: "", count: (positions.last ?? 0) + 1)
      for (position, cell) in zip(positions, row.cells) { cells[position] = cell }
      if let pair = reading.read(cells) { counts[pair, default: 0] += row.count }
    }
    return counts
  }
}

private struct CountedCells: Sendable, RowDecodable {
  let cells: [String]
  let count: Int

  init(row: Row) throws {
    cells = try row["cells"]
    count = try row["count"]
  }
}
