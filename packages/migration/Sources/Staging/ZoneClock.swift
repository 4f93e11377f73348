// Local times of one zone as instants.

import FoundationEssentials

struct ZoneClock: Sendable {
  private let zone: TimeZone

  init(_ zone: TimeZone) {
    self.zone = zone
  }

  /// The instant of a local time, both in seconds since 1970, and whether the clocks skipped that time (then they had
  /// gone forward) or had it twice (then the first is meant).
  func instant(ofLocal local: Int) -> (instant: Int, isShifted: Bool) {
    let before = offset(local - 86_400)
    let after = offset(local + 86_400)
    guard before != after else { return (local - before, false) }
    let candidates = [before, after].filter { offset(local - $0) == $0 }.map { local - $0 }
    switch candidates.count {
    case 1: return (candidates[0], false)
    case 2: return (min(candidates[0], candidates[1]), true)
    default: return (local - before, true)
    }
  }

  private func offset(_ instant: Int) -> Int {
    zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(instant)))
  }
}
