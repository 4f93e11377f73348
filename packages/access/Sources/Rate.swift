// How often somebody may do something in a minute. Counted in the database, so that every instance counts alike.

import EthicoTypes
public import FoundationEssentials
import Postgres

/// What is counted, each by the minute.
public enum Meter: String, Sendable, CaseIterable {
  /// By person; leading into an access that is open already does not count.
  case accessStarts = "access_starts"
  /// By person.
  case directorySearches = "directory_searches"
  /// At the identity provider, by address.
  case signIns = "sign_ins"

  /// What was asked for too often, as a sentence.
  public var sentence: String {
    switch self {
    case .accessStarts: "You have entered many clients in this minute."
    case .directorySearches: "You have searched very often in this minute."
    case .signIns: "Many sign-ins were begun from your address in this minute."
    }
  }
}

/// How many of each a minute.
public struct RateLimits: Sendable, Hashable {
  /// Accesses that a person may begin.
  public var accessStarts: Int
  /// Searches of the directory that a person may make.
  public var directorySearches: Int
  /// Sign-ins at the identity provider that an address may begin.
  public var signIns: Int

  /// Left out, 30 accesses, 600 searches and 10 sign-ins a minute.
  public init(accessStarts: Int = 30, directorySearches: Int = 600, signIns: Int = 10) {
    self.accessStarts = accessStarts
    self.directorySearches = directorySearches
    self.signIns = signIns
  }

  /// What holds where the settings say nothing.
  public static let standard = RateLimits()

  /// The limit that a meter is held against.
  public func limit(of meter: Meter) -> Int {
    switch meter {
    case .accessStarts: accessStarts
    case .directorySearches: directorySearches
    case .signIns: signIns
    }
  }
}

/// Somebody did something more often than a minute allows. Nothing was changed.
public struct RateExceeded: Error, Sendable, Hashable {
  /// What was done too often.
  public let meter: Meter
  /// Until the next minute begins.
  public let retryAfterSeconds: Int
  /// The first refusal of a minute is an event; the rest would only fill the trail.
  public let isFirst: Bool

  /// - Returns: `nil` while the limit holds.
  public init?(_ meter: Meter, spent: Int, limit: Int, at moment: Date) {
    guard spent > limit else { return nil }
    self.meter = meter
    isFirst = spent == limit + 1
    let passed = moment.timeIntervalSince1970.truncatingRemainder(dividingBy: 60)
    retryAfterSeconds = max(1, Int((60 - passed).rounded(.up)))
  }
}

extension Ledger {
  /// Counts one more.
  /// - Throws: `RateExceeded` beyond the limit.
  public func spend(_ meter: Meter, by subject: some CustomStringConvertible & Sendable, limit: Int) async throws {
    let now = timepiece.now()
    let spent =
      try await database.query(
        .fleet, "SELECT rate_spend(\(meter.rawValue), \(subject.description), \(now))", as: Int.self
      ).first ?? 0
    if let exceeded = RateExceeded(meter, spent: spent, limit: limit, at: now) { throw exceeded }
  }
}
