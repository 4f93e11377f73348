// What each column of a batch means, as it was suggested and as a person decided it.

package import Mapping

/// What every column of a batch means. A save makes the next one; those that rows came by are kept as they were.
package struct BatchMapping: Sendable, Hashable {
  package let number: Int
  package var columns: [ColumnDecision]
  /// Values that every record gets, by target.
  package var constants: [String: String]
  package var rules: MappingRules

  package init(
    number: Int, columns: [ColumnDecision], constants: [String: String], rules: MappingRules = MappingRules()
  ) {
    self.number = number
    self.columns = columns
    self.constants = constants
    self.rules = rules
  }
}

/// What one column means.
package struct ColumnDecision: Sendable, Hashable, Codable {
  package let index: Int
  package let name: String
  /// A field of the target schema, numbered where it has to be: `notes[2].body`; `nil` for none.
  package var target: String?
  package var act: Act
  package let band: Band
  package let score: Double
  /// What else it could be, best first.
  package let ranked: [Ranked]
  /// Why, each a sentence.
  package let reasons: [String]
  package var reading: CellReading

  /// What becomes of a column.
  package enum Act: String, Sendable, Codable, CaseIterable {
    /// It becomes its target.
    case matched
    /// Somebody has to look.
    case review
    /// It has no target and stays with the record under its own name.
    case keep
    /// It is left out.
    case ignore
    /// It looks like who a reporter is: it is never kept with an anonymous record.
    case quarantined
  }

  /// How sure the suggestion is.
  package enum Band: String, Sendable, Codable {
    case high, low, unmapped
  }

  /// A field that the column could be.
  package struct Ranked: Sendable, Hashable, Codable {
    package let target: String
    package let score: Double

    package init(target: String, score: Double) {
      self.target = target
      self.score = score
    }
  }

  package init(
    index: Int, name: String, target: String?, act: Act, band: Band, score: Double, ranked: [Ranked],
    reasons: [String], reading: CellReading
  ) {
    self.index = index
    self.name = name
    self.target = target
    self.act = act
    self.band = band
    self.score = score
    self.ranked = ranked
    self.reasons = reasons
    self.reading = reading
  }
}

extension BatchMapping {
  /// The columns that become fields.
  package var matched: [ColumnDecision] { columns.filter { $0.act == .matched && $0.target != nil } }

  /// The columns that nobody decided about, or not about all of it.
  package var undecided: [ColumnDecision] {
    columns.filter { $0.act == .review || ($0.act == .matched && !$0.reading.isSettled) }
  }

  /// The fields that every record of that kind needs and no column or constant gives: each as the fields of which one
  /// would do.
  package func missing(of entity: ImportEntity) -> [[TargetField]] {
    let given = Set(matched.compactMap(\.target).compactMap { TargetSchema.field(named: $0, of: entity)?.name })
      .union(constants.keys)
    return TargetSchema.requirements(of: entity).filter { $0.condition == nil }.compactMap { requirement in
      let fields = requirement.anyOf.compactMap { TargetSchema.field(named: $0, of: entity) }
      let isGiven = fields.contains { given.contains($0.name) || $0.defaultValue != nil || $0.mayBeAssumed }
      return isGiven ? nil : fields
    }
  }
}

extension TargetField {
  /// Whether a record without it is read all the same: who reported is anonymous where nothing says otherwise.
  var mayBeAssumed: Bool { name == "reporter_type" }
}
