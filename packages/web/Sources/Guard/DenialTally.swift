// Which peers were refused in this minute: the first refusal of a peer and minute is an event, the rest are counted.

import FoundationEssentials
import Synchronization

/// Remembers refused peers for a minute, at most ten thousand of them.
final class DenialTally: Sendable {
  private struct Minute {
    var number = 0
    var peers: Set<String> = []
  }

  private static let limit = 10_000
  private let minute = Mutex(Minute())

  func isFirst(peer: String, at moment: Date) -> Bool {
    let number = Int(moment.timeIntervalSince1970 / 60)
    return minute.withLock { minute in
      if minute.number != number { minute = Minute(number: number) }
      guard minute.peers.count < Self.limit else { return false }
      return minute.peers.insert(peer).inserted
    }
  }
}
