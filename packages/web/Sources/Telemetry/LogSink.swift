// Where finished lines of the log go.

import Glibc
import Synchronization

/// Takes one line at a time, from any thread.
public struct LogSink: Sendable {
  let write: @Sendable ([UInt8]) -> Void

  /// - Parameter write: gets a whole line with its line feed.
  public init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
    self.write = write
  }

  /// Where the program logs, for whoever collects its output.
  public static let standardOutput = LogSink(StandardStream(STDOUT_FILENO))

  private init(_ stream: StandardStream) {
    self.init { stream.write($0) }
  }
}

/// A stream of the process, not buffered: what was logged before a crash is out.
private final class StandardStream: Sendable {
  private let descriptor: Int32
  /// A pipe keeps only 4 KiB together (PIPE_BUF); longer lines wait for each other here.
  private let turn = Mutex(())

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// One write(2), and more only for what the kernel left over, so each pass either gets shorter or ends. A line that
  /// cannot be written is lost: there is nowhere left to say so.
  func write(_ line: [UInt8]) {
    turn.withLock { _ in
      var rest = line[...]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return }
        rest = rest.dropFirst(written)
      }
    }
  }
}
