// Has documents set by a process of their own, which ends with the document: what it needs for that goes with it, and
// whatever a text does to a library that draws stays in there.

import FoundationEssentials
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// Why there is no document.
package enum PrinterFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The program that sets documents is not beside this one.
  case missing(String)
  /// It ended without one; what it said, in place of one.
  case refused(String)
  /// It took longer than its printer has patience.
  case late(Duration)
  /// As many documents are being set as there may be at once.
  case busy

  /// For the log, as the rest of a sentence.
  package var description: String {
    switch self {
    case .missing(let program): "\(program) could not be started"
    case .refused(let words): "the document could not be set: \(words)"
    case .late(let patience): "the document was not set within \(patience)"
    case .busy: "\(Printer.places) documents are being set"
    }
  }
}

/// The program that makes PDF of documents, and how many of it run at once.
package final class Printer: Sendable {
  /// Where the program is.
  package let program: String
  private let patience: Duration
  private let running = Mutex(0)

  /// - Parameters:
  ///   - program: its path.
  ///   - patience: how long a document may take.
  package init(program: String, patience: Duration = .seconds(20)) {
    self.program = program
    self.patience = patience
  }

  /// The one that was installed beside the running program.
  package static func besideThisProgram() -> Printer {
    var path = FilePath("/proc/self/exe")
    if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path.string) { path = FilePath(target) }
    return Printer(program: path.removingLastComponent().appending("ops-print").string)
  }

  /// So many documents are set at once: each takes some seventy megabytes of the machine.
  package static let places = 2
  /// The largest document that is taken back, in bytes.
  private static let limit = 16_777_216
  /// So much of why there is none.
  private static let wordsLimit = 4_096

  /// Sets a document.
  /// - Returns: PDF.
  /// - Throws: `PrinterFailure`; `CancellationError`, with the program ended.
  package func pdf(_ document: PrintedDocument) async throws -> [UInt8] {
    let hasPlace = running.withLock { running in
      guard running < Self.places else { return false }
      running += 1
      return true
    }
    guard hasPlace else { throw PrinterFailure.busy }
    defer { running.withLock { $0 -= 1 } }
    let input = try JSONEncoder().encode(document)
    return try await withThrowingTaskGroup(of: [UInt8].self) { group in
      group.addTask { try await self.run(Array(input)) }
      group.addTask {
        try await Task.sleep(for: self.patience)
        throw PrinterFailure.late(self.patience)
      }
      defer { group.cancelAll() }
      guard let set = try await group.next() else { throw CancellationError() }
      return set
    }
  }

  /// It reads a file that has no name, not a pipe: whoever writes into a pipe has to live with a reader that ended.
  private func run(_ input: [UInt8]) async throws -> [UInt8] {
    guard let file = tmpfile() else { throw PrinterFailure.refused(Errno(rawValue: errno).description) }
    defer { fclose(file) }
    guard fwrite(input, 1, input.count, file) == input.count, fflush(file) == 0, fseek(file, 0, SEEK_SET) == 0 else {
      throw PrinterFailure.refused(Errno(rawValue: errno).description)
    }
    let said = FileDescriptor(rawValue: fileno(file))
    // It is given nothing of what this program knows; where fonts are is the same for everybody.
    let environment = Environment.custom(["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"])
    do {
      let result = try await Subprocess.run(
        .path(FilePath(program)), environment: environment,
        input: .fileDescriptor(said, closeAfterSpawningProcess: false), output: .bytes(limit: Self.limit),
        error: .discarded)
      guard case .exited(0) = result.terminationStatus else {
        throw PrinterFailure.refused(String(decoding: result.standardOutput.prefix(Self.wordsLimit), as: UTF8.self))
      }
      return result.standardOutput
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      guard FileManager.default.isExecutableFile(atPath: program) else { throw PrinterFailure.missing(program) }
      throw PrinterFailure.refused("\(error)")
    }
  }
}
