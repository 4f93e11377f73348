// Reads a form with files in it, as `multipart/form-data` [RFC 7578], as it comes in: what is in memory is what came
// last.

import FoundationEssentials
import Glibc
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat

/// The parts of such a body, one after the other.
struct MultipartStream {
  /// The field that a file stands in, and what the sender's machine calls it.
  typealias FileHead = (field: String, name: String)

  private static let partLimit = 60
  private static let headLimit = 4_096
  /// Of all fields together, in bytes.
  private static let fieldLimit = 131_072

  private var chunks: RequestBody.AsyncIterator
  /// What came and was not read yet. A line end stands before the first delimiter, as before every other.
  private var held = ByteBuffer(string: "\r\n")
  private let delimiter: ByteBuffer
  private let readLimit: Int
  private var readCount = 0
  private var partCount = 0
  private var fieldRoom = fieldLimit
  private var isInPart = true

  /// - Parameter readLimit: of the whole body, in bytes; what is longer is refused.
  init(_ body: RequestBody, boundary: String, readLimit: Int) {
    chunks = body.makeAsyncIterator()
    delimiter = ByteBuffer(string: "\r\n--" + boundary)
    self.readLimit = readLimit
  }

  /// The fields up to the next file, and that file's head; without one, all there are.
  mutating func fields() async throws -> (fields: [(name: String, value: String)], file: FileHead?) {
    var fields: [(name: String, value: String)] = []
    while let head = try await head() {
      guard let field = Self.parameter("name", in: head) else { throw Problem.badRequest }
      if let name = Self.parameter("filename", in: head) {
        // A browser sends an empty file without a name where none was chosen.
        let isEmpty = try await isEmpty()
        if !name.isEmpty || !isEmpty { return (fields, (field, Self.bare(name))) }
      } else {
        fields.append((field, try await value()))
      }
    }
    return (fields, nil)
  }

  /// The next bytes of the part that is being read; `nil` behind its last.
  mutating func bytes() async throws -> ByteBuffer? {
    while isInPart {
      if let count = countBeforeDelimiter {
        let bytes = held.readSlice(length: count)
        held.moveReaderIndex(forwardBy: delimiter.readableBytes)
        isInPart = false
        return count == 0 ? nil : bytes
      }
      // The last of them may be the beginning of a delimiter.
      let count = held.readableBytes - delimiter.readableBytes
      if count > 0 { return held.readSlice(length: count) }
      try await demand()
    }
    return nil
  }

  /// Reads what nobody wants, to its end: a sender who still sends looks for no answer.
  mutating func drain() async {
    do {
      while try await fill() { held.clear() }
    } catch {
      // It went away, or sends more than is read: then it gets the answer as it may.
    }
  }

  /// The head of the next part; `nil` behind the last one.
  private mutating func head() async throws -> String? {
    // What stands before the first part, or is left of one, counts like a field.
    while let rest = try await bytes() {
      fieldRoom -= rest.readableBytes
      guard fieldRoom >= 0 else { throw Problem.tooLarge }
    }
    while held.readableBytes < 2 { try await demand() }
    if held.readableBytesView.starts(with: "--".utf8) { return nil }
    partCount += 1
    guard partCount <= Self.partLimit else { throw Problem.badRequest }
    while true {
      let begun = Data(held.readableBytesView.prefix(Self.headLimit))
      if let gap = begun.firstRange(of: Array("\r\n\r\n".utf8)) {
        held.moveReaderIndex(forwardBy: gap.upperBound)
        isInPart = true
        return String(decoding: begun[..<gap.lowerBound], as: UTF8.self)
      }
      guard begun.count < Self.headLimit else { throw Problem.badRequest }
      try await demand()
    }
  }

  private mutating func value() async throws -> String {
    var content = Data()
    while let bytes = try await bytes() {
      fieldRoom -= bytes.readableBytes
      guard fieldRoom >= 0 else { throw Problem.tooLarge }
      content.append(Data(buffer: bytes))
    }
    guard let value = String(validating: content, as: UTF8.self), !value.contains("\0") else {
      throw Problem.badRequest
    }
    return value.replacing("\r\n", with: "\n")
  }

  /// Whether the part that was begun has nothing in it.
  private mutating func isEmpty() async throws -> Bool {
    while held.readableBytes < delimiter.readableBytes { try await demand() }
    return held.readableBytesView.starts(with: delimiter.readableBytesView)
  }

  /// How many bytes stand before the delimiter; `nil` where what is held has none.
  private var countBeforeDelimiter: Int? {
    held.withUnsafeReadableBytes { bytes in
      delimiter.withUnsafeReadableBytes { sought in
        guard let start = bytes.baseAddress, let mark = sought.baseAddress else { return nil }
        var from = 0
        // Ends at the last place where it could begin.
        while from + sought.count <= bytes.count {
          guard let found = memchr(start + from, 0x0D, bytes.count - sought.count - from + 1) else { return nil }
          if memcmp(found, mark, sought.count) == 0 { return UnsafeRawPointer(found) - start }
          from = UnsafeRawPointer(found) - start + 1
        }
        return nil
      }
    }
  }

  private mutating func demand() async throws {
    guard try await fill() else { throw Problem.badRequest }
  }

  /// - Returns: whether anything more came.
  private mutating func fill() async throws -> Bool {
    let next: ByteBuffer?
    do {
      next = try await chunks.next()
    } catch let problem as Problem {
      throw problem
    } catch {
      // No body of HTTP, or one that ended before its end: the sender's doing, and no fault of ours.
      throw Problem.badRequest
    }
    guard var chunk = next else { return false }
    readCount += chunk.readableBytes
    guard readCount <= readLimit else { throw Problem.tooLarge }
    held.discardReadBytes()
    held.writeBuffer(&chunk)
    return true
  }

  /// A name without the folders before it.
  private static func bare(_ name: String) -> String {
    name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
  }

  /// A parameter of `Content-Disposition`, in which a browser writes quotes and line ends as percent codes [HTML
  /// Standard, 4.10.21.8].
  private static func parameter(_ name: String, in head: String) -> String? {
    let lines = head.split(whereSeparator: \.isNewline)
    guard let line = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }), !line.contains("\0"),
      let value = quoted(name, in: line)
    else { return nil }
    return String(value).replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
  }

  /// What stands in quotes behind `; name=`, whose letters may be large or small.
  private static func quoted(_ name: String, in line: Substring) -> Substring? {
    let beginning = " \(name)=\""
    var rest = line
    while let mark = rest.firstIndex(of: ";") {
      rest = rest[rest.index(after: mark)...]
      guard rest.prefix(beginning.count).lowercased() == beginning else { continue }
      return rest.dropFirst(beginning.count).firstIndex(of: "\"").map { rest.dropFirst(beginning.count)[..<$0] }
    }
    return nil
  }
}
