// What was reckoned of one kind of record, frozen, and who at the client agreed to it.

import Access
package import EthicoTypes
package import FoundationEssentials
package import Mapping

/// The figures of one kind of record at one moment.
package struct Reconciliation: Sendable {
  package let id: ID<Reconciliation>
  package let figures: EntityFigures
  package let madeAt: Date
  /// Who had it reckoned, as the trail names them.
  package let madeBy: String
  /// Who at the client agreed, and when.
  package let confirmation: Confirmation?

  /// Somebody at the client agreed.
  package struct Confirmation: Sendable, Hashable {
    package let by: String
    package let at: Date
  }

  /// The longest name of who agreed, in characters.
  package static let confirmedByLimit = 200
}

/// How many kinds of data are in, and reckoned without a rest.
package struct MigrationReadiness: Sendable, Hashable {
  package let ready: Int
  package let chosen: Int
}

/// For how many days what came in files is kept once the client has signed off.
package struct PurgeDelay: Sendable, Hashable {
  package let days: Int

  package static let range = 7...365

  /// - Parameter days: brought into the range that is allowed.
  package init(days: Int) {
    self.days = min(max(days, Self.range.lowerBound), Self.range.upperBound)
  }
}

/// Why nothing was reckoned, or signed.
package enum ReconcileRefusal: Error, Sendable, Hashable {
  /// Nothing has been imported yet.
  case nothing
  /// The project stands where that cannot follow.
  case illegalTransition(from: ProjectState, to: ProjectState)
  /// What stands in the way, each a sentence.
  case obstacles([String])
  /// These kinds of record were imported or taken back since they were reckoned.
  case changed([ImportEntity])
  /// It is being reckoned.
  case running
  /// Nothing is being reckoned that could be stopped.
  case notRunning
  /// Somebody moved the project on after this person began.
  case stale
}
