// Bytes that can be read at any place: what every reader of source files stands on.

import FoundationEssentials
import Glibc

/// A file as far as reading is concerned. Whoever keeps the bytes elsewhere conforms, and nothing else changes.
package protocol ByteSource: Sendable {
  /// How many bytes there are.
  var size: Int { get }

  /// Fills `buffer` from `offset` on as far as there are bytes, and says with how many. Fewer than asked for means that
  /// the end was reached.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int
}

extension ByteSource {
  /// Up to `count` bytes from `offset` on.
  package func read(at offset: Int, count: Int) throws(SourceError) -> [UInt8] {
    let wanted = max(0, min(count, size - offset))
    var bytes = [UInt8](repeating: 0, count: wanted)
    var outcome: Result<Int, SourceError> = .success(0)
    bytes.withUnsafeMutableBytes { buffer in
      do throws(SourceError) {
        outcome = .success(try read(at: offset, into: buffer))
      } catch {
        outcome = .failure(error)
      }
    }
    let found = try outcome.get()
    if found < wanted { bytes.removeLast(wanted - found) }
    return bytes
  }
}

/// A file on disk, read by `pread`: several readers can stand at different places of one descriptor.
package final class FileBytes: ByteSource {
  /// The size when it was opened.
  package let size: Int
  private let descriptor: Int32

  /// Opens the file.
  package init(path: String) throws(SourceError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable("it is not a regular file")
    }
    self.descriptor = descriptor
    self.size = Int(status.st_size)
  }

  /// Takes over a descriptor, and closes it at the end.
  init(owning descriptor: Int32, size: Int) {
    self.descriptor = descriptor
    self.size = size
  }

  deinit { close(descriptor) }

  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    var filled = 0
    while filled < buffer.count {
      let got = pread(descriptor, base + filled, buffer.count - filled, off_t(offset + filled))
      if got == 0 { break }
      if got < 0 {
        if errno == EINTR { continue }
        throw .unreadable(String(cString: strerror(errno)))
      }
      filled += got
    }
    return filled
  }
}

/// Bytes in memory.
package struct MemoryBytes: ByteSource {
  private let bytes: [UInt8]

  /// How many there are.
  package var size: Int { bytes.count }

  /// These bytes.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard offset >= 0, offset < bytes.count else { return 0 }
    let count = min(buffer.count, bytes.count - offset)
    bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
    return count
  }
}

/// A temporary file without a name: it is gone with its last reader, however the program ends.
package final class ScratchFile {
  private let descriptor: Int32
  private(set) var size = 0

  package init() throws(SourceError) {
    let path: String
    (descriptor, path) = try ScratchPath.open()
    unlink(path)
  }

  deinit { close(descriptor) }

  /// Adds bytes at its end.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(SourceError) {
    guard let base = bytes.baseAddress else { return }
    var written = 0
    while written < bytes.count {
      let count = pwrite(descriptor, base + written, bytes.count - written, off_t(size + written))
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable("there is no room for a temporary file")
      }
      written += count
    }
    size += written
  }

  /// What was written, to be read as long as anybody holds it.
  package func bytes() throws(SourceError) -> FileBytes {
    let second = dup(descriptor)
    guard second >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
    return FileBytes(owning: second, size: size)
  }
}

/// A place on disk for what is written by its path: the name goes once it has been written, the bytes with their last
/// reader.
package final class ScratchPath {
  package let path: String

  package init() throws(SourceError) {
    let descriptor: Int32
    (descriptor, path) = try Self.open()
    close(descriptor)
  }

  /// A new file that nobody else may read, and its name.
  fileprivate static func open() throws(SourceError) -> (descriptor: Int32, path: String) {
    var template = Array(
      (FileManager.default.temporaryDirectory.path(percentEncoded: false) + "/ethico-source-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .unreadable("there is no room for a temporary file") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return (descriptor, String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  deinit { unlink(path) }

  /// What was written, to be read as long as anybody holds it.
  package func bytes() throws(SourceError) -> FileBytes { try FileBytes(path: path) }
}
