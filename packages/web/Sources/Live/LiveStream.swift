// One open stream: what became dirty since it last looked. A set and never a queue, so that a slow reader costs no more
// than a fast one.

import Access
import EthicoTypes
import NIOCore
import Synchronization

/// One open stream. Its place is free again when nobody holds it any more.
final class LiveStream: Sendable {
  let keys: Set<LiveKey>
  /// One signal for however much became dirty; the end of the signals is the end of the stream.
  let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation
  private let dirty: Mutex<Set<LiveKey>>
  private let channel: (any Channel)?
  private let leave: @Sendable () -> Void

  /// Everything is dirty at first: what changed between the proof of a right and the opening is seen at once.
  init(_ keys: Set<LiveKey>, channel: (any Channel)?, leave: @escaping @Sendable () -> Void) {
    self.keys = keys
    self.channel = channel
    self.leave = leave
    dirty = Mutex(keys)
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    signal.yield()
  }

  deinit {
    leave()
  }

  func mark(_ keys: Set<LiveKey>) {
    dirty.withLock { $0.formUnion(keys) }
    signal.yield()
  }

  /// What became dirty since the last time.
  func take() -> Set<LiveKey> {
    dirty.withLock { dirty in
      defer { dirty = [] }
      return dirty
    }
  }

  /// Ends the stream at its next look, which is now unless it is being written to.
  func end() {
    signal.finish()
  }

  /// Ends it however long the other side takes to read.
  func breakOff() {
    channel?.close(mode: .all, promise: nil)
  }
}
