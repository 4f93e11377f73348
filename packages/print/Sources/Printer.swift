// Has documents set by a process of their own, which ends with the document: what it needs for that goes with it, and
// whatever a text does to a library that draws stays in there.

import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// Why there is no document.
public enum PrinterFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The program that sets documents is not beside this one.
  case missing(String)
  /// It ended without one; what it said.
  case refused(String)
  /// It took longer than `Printer.patience`.
  case late

  public var description: String {
    switch self {
    case .missing(let program): "\(program) could not be started"
    case .refused(let words): "the document could not be set: \(words)"
    case .late: "the document was not set within \(Printer.patience)"
    }
  }
}

/// The program that makes PDF of documents.
public struct Printer: Sendable {
  /// Where the program is.
  public let program: String

  public init(program: String) {
    self.program = program
  }

  /// The one that was installed beside the running program.
  public static var besideThisProgram: Printer {
    var path = FilePath("/proc/self/exe")
    if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path.string) { path = FilePath(target) }
    return Printer(program: path.removingLastComponent().appending("ops-print").string)
  }

  /// How long a document may take.
  public static let patience = Duration.seconds(20)
  /// The largest document that is taken back, in bytes.
  private static let limit = 16_777_216

  /// Sets a document.
  /// - Returns: PDF.
  /// - Throws: `PrinterFailure`; `CancellationError`, with the program ended.
  public func pdf(_ document: PrintedDocument) async throws -> [UInt8] {
    let input = try JSONEncoder().encode(document)
    return try await withThrowingTaskGroup(of: [UInt8].self) { group in
      group.addTask { try await run(Array(input)) }
      group.addTask {
        try await Task.sleep(for: Self.patience)
        throw PrinterFailure.late
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
        error: .string(limit: 4_096))
      guard case .exited(0) = result.terminationStatus else {
        throw PrinterFailure.refused(result.standardError)
      }
      return result.standardOutput
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      guard FileManager.default.isExecutableFile(atPath: program) else { throw PrinterFailure.missing(program) }
      throw PrinterFailure.refused("\(error)")
    }
  }
}
