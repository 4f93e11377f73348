// Who may use which connection: the places of a pool and the line before them, under one lock. First come, first
// served.

import Synchronization

/// The places of a pool and those who wait for one. Somebody waits only while every place is taken.
final class WaitingLine: Sendable {
  /// What someone is let in with: a connection to use again, or the right to open one.
  enum Turn: Sendable {
    case reuse(Connection)
    case open
  }

  private struct Waiter {
    let id: Int
    let began: ContinuousClock.Instant
    /// When its wait is over.
    let end: ContinuousClock.Instant
    let continuation: CheckedContinuation<Turn, any Error>
  }

  private struct State {
    var idle: [Connection] = []
    var taken = 0
    var waiters: [Waiter] = []
    /// Those who gave up before they stood in line.
    var cancelled: Set<Int> = []
    var ids = 0
    /// Whether somebody looks after those who wait too long.
    var isWatched = false
    var isClosed = false

    /// A turn for who comes first, if there is a free place.
    mutating func turn(within limit: Int) throws -> Turn? {
      guard !isClosed else { throw PoolError.closed }
      guard taken < limit else { return nil }
      taken += 1
      return idle.popLast().map { .reuse($0) } ?? .open
    }

    /// Puts somebody behind all who began no later.
    mutating func stand(_ waiter: Waiter) {
      let place = (waiters.lastIndex { $0.began <= waiter.began }).map { $0 + 1 } ?? 0
      waiters.insert(waiter, at: place)
    }

    /// Those whose wait is over.
    mutating func takeLate(at now: ContinuousClock.Instant) -> [Waiter] {
      let late = waiters.filter { $0.end <= now }
      waiters.removeAll { $0.end <= now }
      return late
    }
  }

  private let limit: Int
  private let waitSeconds: Double
  private let state = Mutex(State())

  init(limit: Int, waitSeconds: Double) {
    self.limit = limit
    self.waitSeconds = waitSeconds
  }

  var status: PoolStatus {
    state.withLock { state in
      let open = state.taken + state.idle.count
      return PoolStatus(open: open, idle: state.idle.count, waiting: state.waiters.count, limit: limit)
    }
  }

  /// A turn at once, or when it comes, or an error when the wait is over.
  func enter() async throws -> Turn {
    let (turn, id) = try state.withLock { state in
      state.ids += 1
      return (try state.turn(within: limit), state.ids)
    }
    if let turn { return turn }
    defer { state.withLock { _ = $0.cancelled.remove(id) } }
    return try await wait(id)
  }

  /// Gives a place back with a connection that can be used again; returns whether the pool is closed, so that the
  /// connection has to be closed too.
  func leave(_ connection: Connection) -> Bool {
    let (waiter, isClosed): (Waiter?, Bool) = state.withLock { state in
      guard state.waiters.isEmpty else { return (state.waiters.removeFirst(), false) }
      state.taken -= 1
      if !state.isClosed { state.idle.append(connection) }
      return (nil, state.isClosed)
    }
    waiter?.continuation.resume(returning: .reuse(connection))
    return isClosed
  }

  /// Gives a place back whose connection is no more.
  func leave() {
    let waiter: Waiter? = state.withLock { state in
      guard state.waiters.isEmpty else { return state.waiters.removeFirst() }
      state.taken -= 1
      return nil
    }
    waiter?.continuation.resume(returning: .open)
  }

  /// Lets nobody in any more and sends away who waits; returns the idle connections, to be closed.
  func close() -> [Connection] {
    let (idle, waiters) = state.withLock { state in
      defer {
        state.isClosed = true
        state.idle = []
        state.waiters = []
      }
      return (state.idle, state.waiters)
    }
    for waiter in waiters { waiter.continuation.resume(throwing: PoolError.closed) }
    return idle
  }

  private func wait(_ id: Int) async throws -> Turn {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome: Result<Turn?, any Error> = state.withLock { state in
          Result {
            guard !state.cancelled.contains(id) else { throw CancellationError() }
            let turn = try state.turn(within: limit)
            if turn == nil { stand(id, continuation, in: &state) }
            return turn
          }
        }
        switch outcome {
        case .success(nil): break
        case .success(let turn?): continuation.resume(returning: turn)
        case .failure(let error): continuation.resume(throwing: error)
        }
      }
    } onCancel: {
      giveUp(id)
    }
  }

  private func stand(_ id: Int, _ continuation: CheckedContinuation<Turn, any Error>, in state: inout State) {
    let now = ContinuousClock.now
    state.stand(
      Waiter(
        id: id, began: Undertaking.began ?? now, end: now + .seconds(waitSeconds), continuation: continuation))
    guard !state.isWatched else { return }
    state.isWatched = true
    // Of nobody's task, since it is there for all who wait, and no reason to keep a line that nobody else has:
    // docs/decisions/006.
    Task.detached(priority: .high) { [weak self] in
      while let end = self?.nextEnd() {
        try? await Task.sleep(until: end, clock: .continuous)
        self?.sendAwayLate()
      }
    }
  }

  /// When the next wait is over; `nil` where nobody waits, and with that nobody looks after those who do. One watch for
  /// all of them: a timer for each would cost more than most waits last.
  private func nextEnd() -> ContinuousClock.Instant? {
    state.withLock { state in
      state.isWatched = !state.waiters.isEmpty
      return state.waiters.map(\.end).min()
    }
  }

  private func sendAwayLate() {
    for waiter in state.withLock({ $0.takeLate(at: .now) }) {
      waiter.continuation.resume(throwing: PoolError.exhausted(waitedSeconds: waitSeconds))
    }
  }

  private func giveUp(_ id: Int) {
    let waiter: Waiter? = state.withLock { state in
      guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
        state.cancelled.insert(id)
        return nil
      }
      return state.waiters.remove(at: index)
    }
    waiter?.continuation.resume(throwing: CancellationError())
  }
}
