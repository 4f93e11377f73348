// Source against target for one kind of record: every row of the source is accounted for, every record here is counted,
// and each difference has its reason.

package import EthicoTypes
package import FoundationEssentials
package import Mapping

/// What one kind of record came to, as it is frozen when it is reckoned.
package struct EntityFigures: Codable, Sendable, Hashable {
  package let entity: ImportEntity
  package let batches: [BatchFigures]
  /// Records that came over and are here.
  package let records: Int
  /// Of them those whose source was removed, some time after a client had signed off: they are counted, and held
  /// against nothing. `nil` in figures of before this was told.
  package let emptied: Int?
  package let groups: [FigureGroup]
  package let money: [MoneyFigures]
  /// For files alone.
  package let files: FileFigures?
  /// References to records that have not come.
  package let unresolved: Int
  /// People who are only stood in for.
  package let placeholders: Int
  /// Fields that wait for a decision.
  package let conflicts: Int
  /// What does not add up, each a sentence; none where all of it does.
  package let differences: [String]

  package var addsUp: Bool { differences.isEmpty }

  /// All batches together.
  package var sum: RowFigures { batches.reduce(RowFigures()) { $0 + $1.rows } }

  /// Why rows stayed behind, over all batches.
  package var reasons: [FigureReason] { FigureReason.sum(batches.flatMap(\.reasons)) }
}

/// The rows of one batch.
package struct BatchFigures: Codable, Sendable, Hashable {
  package let id: ID<Batch>
  /// The file, and the table of it.
  package let title: String
  /// The version of the batch that was counted; `nil` in figures of before this was told.
  package let version: Int?
  package let rows: RowFigures
  package let reasons: [FigureReason]

  /// What does not add up, each a sentence.
  package var differences: [String] {
    var found: [String] = []
    if rows.accounted != rows.source {
      found.append("\(title): rows in the source \(rows.source), accounted for \(rows.accounted).")
    }
    if rows.made != rows.inserted {
      found.append("\(title): rows to become records \(rows.inserted), records made \(rows.made).")
    }
    if rows.changed != rows.updated {
      found.append("\(title): rows to change a record \(rows.updated), records changed \(rows.changed).")
    }
    let explained = reasons.reduce(0) { $0 + $1.count }
    if explained != rows.rejected {
      found.append("\(title): rows that stayed behind \(rows.rejected), of which it is known why \(explained).")
    }
    return found
  }
}

/// What became of rows.
package struct RowFigures: Codable, Sendable, Hashable {
  package var source = 0
  package var inserted = 0
  package var updated = 0
  package var unchanged = 0
  package var rejected = 0
  package var skipped = 0
  /// Rows that did become a record, or did change one, as the records themselves tell.
  package var made = 0
  package var changed = 0
  /// Of those that became a record: taken back since.
  package var undone = 0

  package var accounted: Int { inserted + updated + unchanged + rejected + skipped }

  static func + (left: RowFigures, right: RowFigures) -> RowFigures {
    RowFigures(
      source: left.source + right.source, inserted: left.inserted + right.inserted,
      updated: left.updated + right.updated, unchanged: left.unchanged + right.unchanged,
      rejected: left.rejected + right.rejected, skipped: left.skipped + right.skipped, made: left.made + right.made,
      changed: left.changed + right.changed, undone: left.undone + right.undone)
  }
}

/// How often something is the reason.
package struct FigureReason: Codable, Sendable, Hashable {
  /// The code of an issue, or one of our own.
  package let code: String
  package let count: Int

  /// In words.
  package var label: String {
    if let issue = IssueCode(rawValue: code) { return issue.label }
    switch code {
    case Self.edited: return "Changed here since it came"
    case Self.rule: return "Put in order by a rule of the import"
    case Self.unsaid: return "Not said by the source"
    default: return code
    }
  }

  static let edited = "edited_since"
  static let rule = "import.rule"
  static let unsaid = "source.not_said"

  /// The same reasons together, the most frequent first.
  static func sum(_ reasons: [FigureReason]) -> [FigureReason] {
    Dictionary(grouping: reasons, by: \.code)
      .map { FigureReason(code: $0.key, count: $0.value.reduce(0) { $0 + $1.count }) }
      .filter { $0.count > 0 }
      .sorted { ($1.count, $0.code) < ($0.count, $1.code) }
  }
}

/// Records by one thing that is said of each: its status, its year.
package struct FigureGroup: Codable, Sendable, Hashable {
  package let name: String
  package let lines: [FigureLine]
  /// Further values that are counted together, if there are very many.
  package let others: Int

  /// So many values are listed.
  static let listed = 200

  package var label: String { name.capitalizedFirst }
}

/// How many records of one value the source has, and how many are here.
package struct FigureLine: Codable, Sendable, Hashable {
  /// Empty where nothing is said.
  package let value: String
  package let source: Int
  package let here: Int
  package let reasons: [FigureReason]

  package var difference: Int { here - source }
}

/// What amounts of one currency come to.
package struct MoneyFigures: Codable, Sendable, Hashable {
  /// Empty where none is said.
  package let currency: String
  package let source: Decimal
  package let here: Decimal
  package let reasons: [FigureReason]

  package var difference: Decimal { here - source }
}

/// How many files, and how large together.
package struct FileFigures: Codable, Sendable, Hashable {
  package let count: Int
  package let bytes: Int
  /// What the source says of them; `nil` where it does not.
  package let sourceBytes: Int?

  enum CodingKeys: String, CodingKey {
    case count, bytes
    case sourceBytes = "source_bytes"
  }
}
