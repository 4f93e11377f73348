// Randomness that repeats: the same seed makes the same clients, people and cases.

import EthicoTypes
import FoundationEssentials
import Synchronization

extension SplitMix64 {
  /// One of the items, each as likely as the others.
  mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int.random(in: 0..<items.count, using: &self)]
  }

  /// True with that chance, 0 to 1.
  mutating func chance(_ probability: Double) -> Bool {
    Double.random(in: 0..<1, using: &self) < probability
  }

  /// An item by weight.
  mutating func pick<Item>(weighted items: [(Item, Double)]) -> Item {
    var left = Double.random(in: 0..<items.reduce(0) { $0 + $1.1 }, using: &self)
    for (item, weight) in items {
      left -= weight
      if left < 0 { return item }
    }
    return items[items.count - 1].0
  }
}

/// Ids that repeat, too.
final class SeededIDs: Sendable {
  private let generator: Mutex<SplitMix64>

  init(seed: UInt64) {
    generator = Mutex(SplitMix64(seed: seed))
  }

  var source: IDSource {
    IDSource { date in
      self.generator.withLock { generator in UUID.version7(at: date, using: &generator) }
    }
  }
}

/// A clock that the seed sets to the day it tells of.
final class SeedClock: Sendable {
  private let moment: Mutex<Date>

  init(_ date: Date) {
    moment = Mutex(date)
  }

  func set(_ date: Date) {
    moment.withLock { $0 = date }
  }

  func advance(_ seconds: TimeInterval) {
    moment.withLock { $0 = $0.addingTimeInterval(seconds) }
  }

  var timepiece: Timepiece {
    Timepiece { self.moment.withLock { $0 } }
  }
}
