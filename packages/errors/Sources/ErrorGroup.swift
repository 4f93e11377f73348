// Errors that are alike, as people look at them: how often, since when, whom they met, and where they stand.

public import Access
public import EthicoTypes
public import FoundationEssentials

/// What failed.
public enum ErrorKind: String, Term {
  case request, job
}

/// Where a group of errors stands.
public enum ErrorState: String, Term {
  case open, resolved, muted
  /// Resolved, and there again in a later release.
  case regressed

  /// Which states may follow; the database holds the same list.
  public var next: Set<ErrorState> {
    switch self {
    case .open, .regressed: [.resolved, .muted]
    case .muted: [.open, .resolved]
    case .resolved: [.open, .regressed]
    }
  }
}

/// Errors that are alike.
public struct ErrorGroup: Sendable, Hashable {
  public let id: ID<ErrorGroup>
  public let kind: ErrorKind
  /// The name of a route, or the kind of a job.
  public let place: String
  public let message: String
  /// As it is stored; see `state(at:)`.
  let storedState: ErrorState
  public let mutedUntil: Date?
  /// The release in which it was last resolved.
  public let resolvedRelease: String?
  public let total: Int
  /// Exact up to `peopleLimit`, then that.
  public let people: Int
  public let firstAt: Date
  public let lastAt: Date
  public let firstRelease: String
  public let lastRelease: String
  /// How often on each of the last `dayCount` days of 24 hours, the present one last; counted by whole hours.
  public let days: [Int]
  public let version: Int

  /// So many people are told apart.
  public static let peopleLimit = 200
  static let dayCount = 14

  /// Where it stands: what was muted is open again when its time has come.
  public func state(at moment: Date) -> ErrorState {
    guard storedState == .muted, let mutedUntil, mutedUntil <= moment else { return storedState }
    return .open
  }

  /// How often in the last 24 hours, and in the last seven days.
  public var lastDay: Int { days.last ?? 0 }
  public var lastWeek: Int { days.suffix(7).reduce(0, +) }

  /// What the audit trail calls it.
  public static func object(_ id: ID<ErrorGroup>) -> AuditObject {
    AuditObject("error_group", id)
  }
}

/// One time that it happened.
public struct ErrorSample: Sendable, Hashable {
  /// The how manieth of its group it is, from 1.
  public let number: Int
  public let at: Date
  /// The request's correlation id; a job's own id.
  public let request: ID<Request>
  public let release: String
  /// What the request was answered with.
  public let status: Int?
  public let staff: ID<Staff>?
  public let subject: ID<ClientUser>?
  public let context: [ErrorContextKey: String]
}

/// What may be kept beside an error: words of the program's own, never of a person.
public enum ErrorContextKey: String, Term {
  case method, type, constraint, attempt
  case sqlState = "sql_state"
}

/// Why a group was left as it was.
public enum ErrorRefusal: Error, Sendable, Hashable {
  /// Somebody acted on it after this person began.
  case stale(ErrorState)
  case badTransition(ErrorAct, ErrorState)
}

/// What a person does to a group.
public enum ErrorAct: String, Term {
  case resolve, reopen, mute

  /// Whether a group that stands there takes it; what is muted can be muted until another day.
  public func applies(to state: ErrorState) -> Bool {
    switch self {
    case .resolve: state.next.contains(.resolved)
    case .reopen: state.next.contains(.open)
    case .mute: state == .muted || state.next.contains(.muted)
    }
  }
}
