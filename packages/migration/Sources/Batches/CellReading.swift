// How the cells of one column are read: what they prove, and what a person has to say because they do not.

package import Mapping

/// How the cells of a column are read, as far as they do not say it themselves.
package struct CellReading: Sendable, Hashable, Codable {
  package var order: DateOrder?
  package var separator: DecimalSeparator?
  /// What no value of the column proves, so that a person chooses it.
  package var wants: Wish?
  /// The part of each cell that is meant; `nil` for all of it.
  package var split: CellSplit?
  /// Where its times are that do not say it themselves, by the name of the zone; `nil` for the client's own.
  package var zone: String?
  /// Which words mean yes and which no; `nil` for those that sources usually have.
  package var truth: TruthWords?
  /// What stands between two values of one cell; `nil` where each cell tells.
  package var list: String?
  /// What is done to its text before it is read; `nil` where it is taken as it came.
  package var repair: TextRepair?

  /// Something about a column that a person has to say.
  package enum Wish: String, Sendable, Codable {
    case order, separator
  }

  package init(order: DateOrder? = nil, separator: DecimalSeparator? = nil) {
    self.order = order
    self.separator = separator
  }

  /// Whether everything is said that has to be.
  package var isSettled: Bool {
    switch wants {
    case .order: order != nil
    case .separator: separator != nil
    case nil: true
    }
  }
}

extension CellReading {
  /// How a column's cells are read as values of a field, by what they prove.
  package init(_ profile: ColumnProfile, _ field: TargetField?) {
    self.init()
    switch field?.kind {
    case .timestamp, .date:
      switch profile.dates.verdict {
      case .proved(let order, _), .convention(let order): self.order = order
      case .ambiguous, .mixed: wants = .order
      case .none, .selfEvident: break
      }
    case .number, .money:
      switch profile.numbers.verdict {
      case .proved(let separator, _): self.separator = separator
      case .ambiguous, .mixed: wants = .separator
      case .none, .plain: break
      }
    case .text, .longText, .enumeration, .boolean, nil: break
    }
  }
}
