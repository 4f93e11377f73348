// Reads what is wrong with a batch, its rows, and the values that want a decision.

package import Access
package import EthicoTypes
import FoundationEssentials
package import Mapping
package import Postgres

extension IssueGroup: RowDecodable {
  package init(row: Row) throws {
    code = try row["code"]
    position = try row["position"]
    count = try row["count"]
    self.row = try row["row_no"]
    value = try row["value"]
  }

  /// The issues of a batch by rule and column, blockers first.
  package static func all(of batch: ID<Batch>) -> Query<IssueGroup> {
    Query(
      """
      SELECT code, position, count(*) AS count, min(row_no) AS row_no,
        (array_agg(value ORDER BY row_no) FILTER (WHERE value IS NOT NULL))[1] AS value
      FROM migration_row_issue
      WHERE batch_id = \(batch)
      GROUP BY code, level, position
      ORDER BY array_position(ARRAY['blocker', 'warning', 'info'], level), count(*) DESC, code, position
      LIMIT 500
      """)
  }
}

extension PreviewRow {
  /// Some rows of a batch, in their order.
  package static func all(_ numbers: [Int], of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> [PreviewRow]
  {
    numbers.isEmpty ? [] : try await rows(batch, in: tx, "AND s.row_no = ANY(\(numbers)) ORDER BY s.row_no")
  }

  /// One row.
  package static func find(_ number: Int, of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> PreviewRow? {
    try await rows(batch, in: tx, "AND s.row_no = \(number)").first
  }

  /// The rows that stay behind, from behind a row on.
  static func stayingBehind(
    after number: Int, limit: Int, of batch: ID<Batch>, in tx: AuditedTransaction
  ) async throws -> [PreviewRow] {
    try await rows(
      batch, in: tx, "AND s.decision = 'reject' AND s.row_no > \(number) ORDER BY s.row_no LIMIT \(limit)")
  }

  /// More than this is not said of one row: something about each cell of the widest table.
  private static let issuesOfARow = 1_000

  private static func rows(_ batch: ID<Batch>, in tx: AuditedTransaction, _ rest: SQL) async throws -> [PreviewRow] {
    let found = try await tx.query(
      """
      SELECT s.row_no, s.cells, s.parsed, s.legacy, s.source_record_id, s.decision, s.target_id
      FROM migration_staged_row s
      WHERE s.batch_id = \(batch) \(fragment: rest)
      """, as: StoredRow.self)
    let issues = try await tx.query(
      """
      SELECT row_no, code, position, value FROM migration_row_issue
      WHERE batch_id = \(batch) AND row_no = ANY(\(found.map(\.number)))
      ORDER BY n
      LIMIT \(found.count * issuesOfARow)
      """, as: StoredIssue.self)
    let byRow = Dictionary(grouping: issues, by: \.row)
    return found.map { row in
      PreviewRow(
        number: row.number, cells: row.cells, parsed: row.parsed.text, legacy: row.legacy.text, key: row.key,
        decision: row.decision, target: row.target, issues: (byRow[row.number] ?? []).map(\.issue))
    }
  }
}

private struct StoredRow: Sendable, RowDecodable {
  let number: Int
  let cells: [String]
  let parsed: JSONText
  let legacy: JSONText
  let key: String?
  let decision: StagedDecision?
  let target: UUID?

  init(row: Row) throws {
    number = try row["row_no"]
    cells = try row["cells"]
    parsed = try row["parsed"]
    legacy = try row["legacy"]
    key = try row["source_record_id"]
    decision = try row["decision"]
    target = try row["target_id"]
  }
}

private struct StoredIssue: Sendable, RowDecodable {
  let row: Int
  let issue: RowIssue

  init(row: Row) throws {
    self.row = try row["row_no"]
    issue = RowIssue(try row["code"], at: try row["position"], value: try row["value"])
  }
}

extension ValueMapping: RowDecodable {
  package init(row: Row) throws {
    self.init(
      target: try row["target"], value: try row["source_value"],
      act: Act(act: try row["act"], word: try row["target_value"]))
  }

  /// Everything that was decided about the values of a batch.
  package static func all(of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> [ValueMapping] {
    try await tx.query(
      """
      SELECT target, source_value, act, target_value FROM migration_value_mapping
      WHERE batch_id = \(batch)
      ORDER BY target, source_value
      LIMIT \(limit)
      """, as: ValueMapping.self)
  }
}

extension ValueChoice {
  /// The values of the columns that take only certain words, each with how often it stands there and what it becomes:
  /// of all rows once they have been read, else the most frequent ones.
  package static func all(
    of batch: Batch, _ mapping: BatchMapping, in tx: AuditedTransaction
  ) async throws -> [ValueChoice] {
    let columns = mapping.matched.filter { $0.takesWords(in: batch.entity) }
    let decided = try await ValueMapping.all(of: batch.id, in: tx)
    let acts = Dictionary(decided.map { (Key(target: $0.target, value: $0.value), $0.act) }) { $1 }
    let categories = try await ClientCategories.inUse(in: tx)
    let nothing = mapping.rules.words
    let profiles = batch.stagedNumber == nil ? try await batch.profiles(in: tx) : []
    var choices: [ValueChoice] = []
    for column in columns where column.target != SourceCategory.targetBelow {
      guard let target = column.target else { continue }
      let counted: [CountedText]
      if batch.stagedNumber == nil {
        counted = (profiles.first { $0.index == column.index }?.top ?? []).said(column.reading, nothing)
      } else {
        counted = try await counts(of: column, nothing, in: batch.id, tx)
      }
      let isCategory = ClientCategories.areNamed(by: target, of: batch.entity)
      // Of columns that become one field each value is decided once.
      let known = Set(choices.filter { $0.target == target }.map(\.value))
      choices += counted.filter { !known.contains($0.text) }.map { counted in
        let plain =
          isCategory
          ? categories.match(counted.text) : ValueWords.suggestion(counted.text, target: target, of: batch.entity)
        let act = acts[Key(target: target, value: counted.text)] ?? plain.map { .value($0) }
        return ValueChoice(
          target: target, value: counted.text, count: counted.count, act: act,
          suggested: isCategory && act == nil ? categories.near(counted.text).map { .value($0) } : nil)
      }
    }
    // Beside the categories that they stand below.
    let place = choices.lastIndex { $0.target == SourceCategory.target }.map { $0 + 1 } ?? choices.endIndex
    choices.insert(
      contentsOf: try await below(choices, of: batch, mapping, decided, categories, in: tx), at: place)
    let remembered = try await ValueMapping.remembered(
      for: batch.id, of: batch.entity, from: batch.source, categories, in: tx)
    let last = Dictionary(remembered.map { (Key(target: $0.target, value: $0.value), $0.act) }) { $1 }
    for index in choices.indices {
      let key = Key(target: choices[index].target, value: choices[index].key)
      choices[index].isAsLastTime = acts[key] != nil && acts[key] == last[key]
    }
    return choices
  }

  private struct Key: Hashable {
    let target: String
    let value: String
  }

  private static func counts(
    of column: ColumnDecision, _ nothing: Set<String>, in batch: ID<Batch>, _ tx: AuditedTransaction
  ) async throws -> [CountedText] {
    // A cell is looked up by what `trimmed` leaves of it: what is counted here has to be the same.
    let cell: SQL = "btrim(cells[\(column.index + 1)], \(String.trimmedSigns))"
    // A repair is not the database's to make: then each cell is counted as it came.
    let said: SQL =
      if let split = column.reading.split, column.reading.repair == nil {
        "btrim(split_part(\(fragment: cell), \(split.separator), \(split.part)::integer), \(String.trimmedSigns))"
      } else {
        cell
      }
    let counted = try await tx.query(
      """
      SELECT left(\(fragment: said), \(ValueMapping.valueLimit)::integer) AS text, count(*) AS count
      FROM migration_staged_row
      WHERE batch_id = \(batch) AND \(fragment: said) <> '' AND lower(\(fragment: cell)) <> ALL(\(nothing.sorted()))
        AND lower(\(fragment: said)) <> ALL(\(nothing.sorted()))
      GROUP BY 1
      ORDER BY 2 DESC, 1
      LIMIT \(ValueMapping.limit)
      """, as: StoredCount.self
    ).map(\.counted)
    return column.reading.repair == nil ? counted : counted.said(column.reading, nothing)
  }
}

extension [CountedText] {
  /// What these cells say, each with how often.
  fileprivate func said(_ reading: CellReading, _ nothing: Set<String>) -> [CountedText] {
    let said = compactMap { counted in reading.said(by: counted.text.trimmed, nothing).map { ($0, counted.count) } }
    return Dictionary(said, uniquingKeysWith: +).filter { !$0.key.isEmpty }
      .map { CountedText(text: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.text) < ($0.count, $1.text) }
  }
}

private struct StoredCount: Sendable, RowDecodable {
  let counted: CountedText

  init(row: Row) throws {
    counted = CountedText(text: try row["text"], count: try row["count"])
  }
}

extension ColumnDecision {
  /// Whether its values are decided one by one: the words of an enumeration, and categories.
  package func takesWords(in entity: ImportEntity) -> Bool {
    guard let target, act == .matched, let field = TargetSchema.field(named: target, of: entity) else { return false }
    if case .enumeration = field.kind { return true }
    return ClientCategories.areNamed(by: target, of: entity)
  }
}
