// How long a failed job waits: longer after each failure, and by chance, so that what failed together does not come
// back together ["full jitter", AWS Architecture Blog 2015].

import FoundationEssentials

/// How long a failed job waits.
package struct Backoff: Sendable {
  private let chance: @Sendable (ClosedRange<Double>) -> Double

  /// - Parameter chance: picks a number of the range; a test picks the one it wants.
  package init(_ chance: @escaping @Sendable (ClosedRange<Double>) -> Double) {
    self.chance = chance
  }

  package static let random = Backoff { Double.random(in: $0) }

  static let baseSeconds = 10.0
  static let longestSeconds = 6.0 * 3_600

  /// The wait after the failure of that attempt, counted from 1: at most 20 s, 40 s, 80 s … 6 h.
  package func seconds(after attempt: Int) -> Double {
    let limit = Self.baseSeconds * Double(1 << min(max(attempt, 1), 16))
    return chance(0...min(limit, Self.longestSeconds))
  }
}
