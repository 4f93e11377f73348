// Waiting for notifications, on the thread of the connection that listens.

import CPostgres
import Glibc

extension Connection {
  /// What was notified, in its order; nothing when the task was cancelled meanwhile.
  func notifications() throws -> [String] {
    let wire = try openWire()
    var heard = try wire.notifications()
    while heard.isEmpty, !Task.isCancelled {
      wire.waitForInput(milliseconds: Self.sliceMilliseconds)
      heard = try wire.notifications()
    }
    return heard
  }

  /// So often a wait looks whether its task was cancelled.
  private static let sliceMilliseconds: Int32 = 500
}

extension Wire {
  /// The notifications that have come in by now.
  fileprivate func notifications() throws -> [String] {
    let connection = try open()
    guard PQconsumeInput(connection) == 1 else { throw try lastError() }
    var payloads: [String] = []
    while let notification = PQnotifies(connection) {
      payloads.append(String(cString: notification.pointee.extra))
      PQfreemem(notification)
    }
    return payloads
  }

  /// Returns when the server has sent something, or the time is over.
  fileprivate func waitForInput(milliseconds: Int32) {
    guard let connection else { return }
    var socket = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
    _ = poll(&socket, 1, milliseconds)
  }
}
