// The system that rows come from. Keys, parents and references meet within one system alone, so that files of one move
// have to say the same one, whatever each of them looks like.

import Mapping

/// A system that data comes from: one whose exports are known, or one that somebody gave a name.
package struct SourceSystem: Sendable, Hashable {
  /// What rows are kept under: `navex_ethicspoint`, or the name.
  package let code: String

  package init(_ code: String) {
    self.code = code
  }

  /// Where nobody has said it.
  package static let unnamed = SourceSystem("file")

  /// Those whose exports are known.
  package static let known = Mapping.vendors.map { SourceSystem($0.code) }

  /// The longest name, in characters.
  package static let nameLimit = 64

  package var isNamed: Bool { self != .unnamed }

  /// As people call it.
  package var label: String {
    isNamed ? Mapping.vendors.first { $0.code == code }?.name ?? code : "a system that nobody has named"
  }

  /// The one of these systems, or of those that are known, that somebody calls so; else one of that name.
  package static func called(_ name: String, among systems: [SourceSystem]) -> SourceSystem {
    let folded = ValueWords.fold(name)
    let meant = (systems + known).first { system in
      system.code == name || !folded.isEmpty && [system.code, system.label].map(ValueWords.fold).contains(folded)
    }
    return meant ?? SourceSystem(name)
  }
}

/// The systems that a project's data comes from.
package struct ProjectSources: Sendable, Hashable {
  /// What somebody said of the whole project.
  package let said: SourceSystem?
  /// What its batches say: the system that records came from first, else the first that one names.
  package let found: SourceSystem?
  /// Those of its batches that were not cancelled.
  package let used: [SourceSystem]

  /// What a new batch counts as coming from. What its own file looks like counts only where this is `nil`: an export
  /// that looks otherwise than the last one would bring every record a second time.
  package var ofNewBatches: SourceSystem? { said ?? found }

  /// Those that a batch can be said to come from, beside one of another name.
  package var offered: [SourceSystem] {
    var offered: [SourceSystem] = []
    for system in used + [said].compactMap(\.self) + SourceSystem.known where !offered.contains(system) {
      offered.append(system)
    }
    return offered.filter(\.isNamed) + offered.filter { !$0.isNamed }
  }
}
