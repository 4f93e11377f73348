// One reckoning of a client's move: somebody orders it, a job does it, and everybody can look how far it is.

package import EthicoTypes
package import FoundationEssentials

/// One reckoning of a client's move.
package struct Reckoning: Sendable, Hashable {
  package let id: ID<Reckoning>
  package let state: State
  /// Who ordered it, as the trail names them.
  package let orderedBy: String
  package let beganAt: Date
  package let endedAt: Date?
  /// Why nothing came of it, a sentence.
  package let failure: String?
  /// How far its job is; `nil` where none works on it any more, or it has not said so yet.
  package let done: Int?
  package let total: Int?
  package let workedSince: Date?

  /// How it ended, if it has.
  package enum State: String, Term {
    case running, done, failed, stopped
  }

  /// Whether it goes on. One whose job was lost or cancelled does not.
  package var isRunning: Bool { state == .running }
}
