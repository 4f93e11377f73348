// What time it is, as a value that is passed: never read from the system inside a rule, so that a test decides it.

public import FoundationEssentials

/// Tells the time. The program uses `Timepiece.system`; a test passes one that it moves by hand.
public struct Timepiece: Sendable {
  private let read: @Sendable () -> Date

  /// - Parameter read: gives the present moment at each call; `now` cuts it.
  public init(_ read: @escaping @Sendable () -> Date) {
    self.read = read
  }

  /// The present moment, cut to whole microseconds: what PostgreSQL keeps.
  public func now() -> Date {
    let microseconds = (read().timeIntervalSince1970 * 1_000_000).rounded(.down)
    return Date(timeIntervalSince1970: microseconds / 1_000_000)
  }

  /// The machine's clock.
  public static let system = Timepiece { Date() }
}
