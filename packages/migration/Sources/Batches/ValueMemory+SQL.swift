// What people decided about the words of a client's system before: the next batch of that kind of record from there
// begins with it, and everything stays theirs to change.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Postgres

extension ValueMapping {
  /// How far another batch has to be: its rows were checked by what was decided, and are not all taken back.
  private static let checked: [BatchState] = [.validated, .committing, .paused, .committed, .undoing, .partiallyUndone]

  /// Who reported is decided for each batch by itself: no earlier word makes an anonymous reporter one who is not.
  private static let decidedAnew = "reporter_type"

  /// What was decided last about another batch of the same system, as far as it still leads somewhere.
  static func remembered(
    for batch: ID<Batch>, of entity: ImportEntity, from source: SourceSystem, _ categories: ClientCategories,
    in tx: AuditedTransaction
  ) async throws -> [ValueMapping] {
    let decided = try await tx.query(
      """
      SELECT v.target, v.source_value, v.act, v.target_value
      FROM migration_value_mapping v
      WHERE v.target <> \(decidedAnew) AND v.batch_id = (
        SELECT d.batch_id
        FROM migration_value_mapping d
        JOIN migration_batch b ON b.tenant_id = d.tenant_id AND b.id = d.batch_id
        WHERE b.entity = \(entity.rawValue) AND b.source_system = \(source.code) AND b.id <> \(batch)
          AND b.state = ANY(\(checked)) AND d.target <> \(decidedAnew)
        ORDER BY d.changed_at DESC, d.batch_id DESC
        LIMIT 1)
      ORDER BY v.target, v.source_value
      LIMIT \(limit)
      """, as: ValueMapping.self)
    let above = decided.filter { $0.target == SourceCategory.target }
    let acts = Dictionary(above.map { ($0.value, $0.act) }) { $1 }
    return decided.compactMap { $0.standing(in: entity, categories, acts) }
  }

  /// Begins a batch with that. What somebody decided about it already stays.
  static func recall(
    for batch: ID<Batch>, of entity: ImportEntity, from source: SourceSystem, in tx: AuditedTransaction
  ) async throws {
    let categories = try await ClientCategories.inUse(in: tx)
    let known = try await remembered(for: batch, of: entity, from: source, categories, in: tx)
    guard !known.isEmpty else { return }
    let stored = known.map(\.act.stored)
    try await tx.execute(
      """
      INSERT INTO migration_value_mapping (tenant_id, batch_id, target, source_value, act, target_value)
      SELECT \(tx.author.tenant), \(batch), k.target, k.value, k.act, NULLIF(k.word, '')
      FROM unnest(\(known.map(\.target))::text[], \(known.map(\.value))::text[], \(stored.map(\.act))::text[],
        \(stored.map { $0.word ?? "" })::text[]) AS k (target, value, act, word)
      ON CONFLICT (tenant_id, batch_id, target, source_value) DO NOTHING
      """)
  }

  /// The same decision, if what it leads to is there: a category that was to be made is one of the client's by now, and
  /// one that is in use no more is asked about again.
  /// - Parameter above: what the source's categories became.
  func standing(in entity: ImportEntity, _ categories: ClientCategories, _ above: [String: Act]) -> ValueMapping? {
    let word: String?
    switch act {
    case .empty, .reject: return self
    case .value(let chosen):
      if ClientCategories.areNamed(by: target, of: entity) {
        word = categories.match(chosen)
      } else {
        word = ValueWords.offered(target, of: entity).contains(chosen) ? chosen : nil
      }
    case .newCategory(let name):
      word = target == SourceCategory.targetBelow ? made(name, categories, above) : categories.match(name)
    }
    return word.map { ValueMapping(target: target, value: value, act: .value($0)) }
  }

  /// A category that was made below what the source's category became.
  private func made(_ name: String, _ categories: ClientCategories, _ above: [String: Act]) -> String? {
    guard let pair = SourceCategory(key: value) else { return nil }
    switch above[pair.category] {
    case .value(let parent)?, .newCategory(let parent)?: return categories.match(name, below: parent)
    case .empty?, .reject?: return nil
    case nil:
      // All records got one category, or the source's is the client's own by name.
      return pair.category.isEmpty ? categories.match(name) : categories.match(name, below: pair.category)
    }
  }
}

extension SourceCategory {
  /// Reads it as it was kept; `nil` where it was cut.
  fileprivate init?(key: String) {
    guard let words = try? JSONDecoder().decode([String].self, from: Data(key.utf8)), words.count == 2 else {
      return nil
    }
    self.init(category: words[0], below: words[1])
  }
}
