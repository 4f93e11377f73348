// Errors that are alike, as people look at them: how often, since when, whom they met, and where they stand.

package import Access
package import EthicoTypes
package import FoundationEssentials

/// What failed.
package enum ErrorKind: String, Term {
  case request, job
}

/// Where a group of errors stands.
package enum ErrorState: String, Term {
  case open, resolved, muted
  /// Resolved, and there again in a later release.
  case regressed

  /// Which states may follow; the database holds the same list.
  package var next: Set<ErrorState> {
    switch self {
    case .open, .regressed: [.resolved, .muted]
    case .muted: [.open, .resolved]
    case .resolved: [.open, .regressed]
    }
  }
}

/// Errors that are alike.
package struct ErrorGroup: Sendable, Hashable {
  package let id: ID<ErrorGroup>
  package let kind: ErrorKind
  /// The name of a route, or the kind of a job.
  package let place: String
  package let message: String
  /// As it is stored; see `state(at:)`.
  let storedState: ErrorState
  package let mutedUntil: Date?
  /// The release in which it was last resolved.
  package let resolvedRelease: String?
  package let total: Int
  /// Exact up to `peopleLimit`, then that.
  package let people: Int
  package let firstAt: Date
  package let lastAt: Date
  package let firstRelease: String
  package let lastRelease: String
  /// How often on each of the last `dayCount` days of 24 hours, the present one last; counted by whole hours.
  package let days: [Int]
  package let version: Int

  /// So many people are told apart.
  package static let peopleLimit = 200
  static let dayCount = 14

  /// Where it stands: what was muted is open again when its time has come.
  package func state(at moment: Date) -> ErrorState {
    guard storedState == .muted, let mutedUntil, mutedUntil <= moment else { return storedState }
    return .open
  }

  /// How often in the last 24 hours, and in the last seven days.
  package var lastDay: Int { days.last ?? 0 }
  package var lastWeek: Int { days.suffix(7).reduce(0, +) }

  /// What the audit trail calls it.
  package static func object(_ id: ID<ErrorGroup>) -> AuditObject {
    AuditObject("error_group", id)
  }
}

/// One time that it happened.
package struct ErrorSample: Sendable, Hashable {
  /// The how manieth of its group it is, from 1.
  package let number: Int
  package let at: Date
  /// The request's correlation id; a job's own id.
  package let request: ID<Request>
  package let release: String
  /// What the request was answered with.
  package let status: Int?
  package let staff: ID<Staff>?
  package let subject: ID<ClientUser>?
  package let context: [ErrorContextKey: String]
}

/// What may be kept beside an error: words of the program's own, never of a person.
package enum ErrorContextKey: String, Term {
  case method, type, constraint, attempt
  case sqlState = "sql_state"
}

/// Why a group was left as it was.
package enum ErrorRefusal: Error, Sendable, Hashable {
  /// Somebody acted on it after this person began.
  case stale(ErrorState)
  case badTransition(ErrorAct, ErrorState)
}

/// What a person does to a group.
package enum ErrorAct: String, Term {
  case resolve, reopen, mute

  /// Whether a group that stands there takes it; what is muted can be muted until another day.
  package func applies(to state: ErrorState) -> Bool {
    switch self {
    case .resolve: state.next.contains(.resolved)
    case .reopen: state.next.contains(.open)
    case .mute: state == .muted || state.next.contains(.muted)
    }
  }
}
