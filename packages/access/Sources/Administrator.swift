// Who administers staff and clients, and why an act on staff was refused.

public import EthicoTypes

/// A person with `staff.admin`, for a client's status with `fleet.write`, or the command line.
public struct Administrator: Sendable, Hashable {
  /// In whose name the events of an act are written; what is about a client goes to that client's chain.
  public let author: Author
  /// As rows and pages name who did it.
  public let name: String

  /// The person of a request.
  public init(_ signedIn: SignedIn, request: RequestFacts) {
    author = signedIn.author(request)
    name = signedIn.staff.name
  }

  /// A part of the program.
  public init(_ author: Author, name: String) {
    self.author = author
    self.name = name
  }

  var staff: ID<Staff>? {
    if case .staff(let id) = author.actor { id } else { nil }
  }
}

/// Why nothing was changed.
public enum StaffRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  case emailTaken(String)
  case emailUnreadable(String)
  /// A name is one line of 1 to `StaffInvitation.nameLimit` characters.
  case nameUnreadable(String)
  case unknown(String)
  case unknownPreset(String, known: [String])
  /// Nobody grants to themselves, or lets themselves in again.
  case ownGrant
  /// Nobody locks or deactivates themselves.
  case ownAccount
  /// Without an administrator nobody could grant anything.
  case lastAdmin
  /// What was to be granted is held already, for as long or longer.
  case alreadyGranted
  case badTransition(from: StaffState, to: StaffState)
  /// Somebody changed the person, or the preset, after this administrator began.
  case stale

  /// A sentence for the command line; pages have words of their own for most refusals.
  public var description: String {
    switch self {
    case .emailTaken(let email): "There is a staff person with the address \(email) already."
    case .emailUnreadable(let text): "\"\(text)\" is not an e-mail address."
    case .nameUnreadable(let text): "\"\(text)\" is no name: it has to be one line of at most 200 characters."
    case .unknown(let who): "There is no staff person \(who)."
    case .unknownPreset(let preset, let known):
      "There is no preset \"\(preset)\". The presets are: \(known.joined(separator: ", "))."
    case .ownGrant: "Nobody grants to themselves, and nobody unlocks themselves."
    case .ownAccount: "Nobody locks or deactivates themselves."
    case .lastAdmin: "One active administrator of staff has to stay."
    case .alreadyGranted: "All of it is held already, for as long or longer."
    case .badTransition(let state, let next): "A person who is \(state.rawValue) cannot become \(next.rawValue)."
    case .stale: "This was changed while you worked on it."
    }
  }
}
