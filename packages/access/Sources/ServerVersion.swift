// Which PostgreSQL the program serves on: an old one lacks what the schema relies on, an old minor has known faults.

/// The version of a PostgreSQL server.
public struct ServerVersion: Sendable, Hashable {
  /// As the server says it: 150020 is 15.20.
  let number: Int

  /// What follows from a version.
  public enum Verdict: Sendable, Hashable {
    case sound
    /// It can be served on, though not in production; the sentence is for whoever operates it.
    case faulty(String)
    case tooOld(String)
  }

  /// PostgreSQL 15 is the oldest that is taken; of its releases, those before 15.20 have known faults.
  public var verdict: Verdict {
    switch number {
    case ..<150_000: .tooOld("the server is PostgreSQL \(number / 10_000), and it takes 15 or newer")
    case ..<150_020: .faulty("the server is PostgreSQL 15.\(number % 10_000), and 15.20 mends known faults")
    default: .sound
    }
  }
}
