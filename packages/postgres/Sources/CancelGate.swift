// Carries the cancellation of a Swift task to the statement it runs, and to no other statement.

import CPostgres
import Glibc
import Synchronization

/// Cancels the statement that runs on one connection. Statements are numbered; a cancellation holds the lock while it
/// is sent, and a statement must take the lock to leave, so a late one can never hit the statement after it.
final class CancelGate: Sendable {
  private struct State {
    var handle: CancelHandle?
    var running: Int?
    var entered = 0
  }

  private let state = Mutex(State())

  /// One thread for all connections: cancelling is rare, and it blocks until the server has taken note.
  private static let thread = WorkerThread(name: "pg-cancel")
  /// The server ignores a cancellation that overtakes its statement, so it is sent again until the statement has ended.
  private static let attempts = 500
  private static let pauseMicroseconds: UInt32 = 10_000

  func connect(_ handle: CancelHandle?) {
    state.withLock { $0.handle = handle }
  }

  /// A statement is about to be sent; returns its number.
  func enter() -> Int {
    state.withLock { state in
      state.entered += 1
      state.running = state.entered
      return state.entered
    }
  }

  /// The statement has ended. Waits for a cancellation that is being sent.
  func leave() {
    state.withLock { $0.running = nil }
  }

  func cancel(_ statement: Int) {
    Self.thread.submit { self.attempt(statement, left: Self.attempts) }
  }

  private func attempt(_ statement: Int, left: Int) {
    let isRunning = state.withLock { state in
      guard state.running == statement, let handle = state.handle else { return false }
      handle.send()
      return true
    }
    guard isRunning, left > 0 else { return }
    Self.thread.submit {
      usleep(Self.pauseMicroseconds)
      self.attempt(statement, left: left - 1)
    }
  }
}

/// What libpq needs to cancel on a connection.
///
/// Unchecked: a PGcancel is a copy of the address and the key that never changes after it is made, and libpq documents
/// PQcancel as safe to call on it from any thread; it is freed only when nobody refers to it any more.
final class CancelHandle: @unchecked Sendable {
  private let handle: OpaquePointer

  init?(connection: OpaquePointer) {
    guard let handle = PQgetCancel(connection) else { return nil }
    self.handle = handle
  }

  deinit {
    PQfreeCancel(handle)
  }

  /// Asks the server to cancel; whether it did shows in the end of the statement.
  func send() {
    var message = [CChar](repeating: 0, count: 256)
    _ = PQcancel(handle, &message, Int32(message.count))
  }
}
