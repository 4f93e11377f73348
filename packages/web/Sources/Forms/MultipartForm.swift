// A form with a file in it, as `multipart/form-data` [RFC 7578]: bounded in memory, and not given up where the file is
// too large.

import Crypto
public import Foundation
import Hummingbird
import NIOCore
import NIOFoundationCompat

/// A file that came with a form.
public struct SubmittedFile: Sendable, Hashable {
  public let field: String
  /// As the sender's machine calls it, without the folders before it. Not trusted.
  public let name: String
  /// Empty where more came than the route takes.
  public let bytes: Data
  /// Whether more came than the route takes.
  public let isTooLarge: Bool
  public let sha256: [UInt8]

  init(field: String, name: String, bytes: Data, limit: Int, isCut: Bool) {
    self.field = field
    self.name = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
    isTooLarge = isCut || bytes.count > limit
    self.bytes = isTooLarge ? Data() : bytes
    sha256 = Array(SHA256.hash(data: bytes))
  }
}

/// How much a route takes that has a file in its form.
public struct UploadLimit: Sendable, Hashable {
  public let fileBytes: Int

  /// - Parameter fileBytes: of the one file; the other fields have 128 KiB beside it.
  public init(fileBytes: Int) {
    self.fileBytes = fileBytes
  }

  /// What is kept of a body. What comes beyond it is read and thrown away, so that the sender gets the page that says
  /// why, with what they typed; a browser that is cut off shows nothing.
  var keptBytes: Int { fileBytes + 131_072 }
  /// From here on even that is refused.
  var readBytes: Int { 8 * fileBytes }
}

struct MultipartForm {
  private(set) var fields: [(name: String, value: String)] = []
  private(set) var files: [SubmittedFile] = []

  private static let partLimit = 60
  private static let headLimit = 4_096

  /// The boundary that the head of a request names; `nil` when it sends no such form.
  static func boundary(of contentType: String?) -> String? {
    guard let contentType, contentType.lowercased().hasPrefix("multipart/form-data"),
      let match = contentType.firstMatch(of: #/boundary="?([0-9A-Za-z'()+_,\-.\/:=? ]{1,70})"?/#)
    else { return nil }
    return String(match.1)
  }

  /// Reads a body as it comes in.
  /// - Throws: `Problem` for one that is no such form, or far too large.
  static func read(_ request: Request, boundary: String, limit: UploadLimit) async throws -> MultipartForm {
    var kept = ByteBuffer()
    var total = 0
    do {
      for try await var chunk in request.body {
        total += chunk.readableBytes
        guard total <= limit.readBytes else { throw Problem.tooLarge }
        let room = limit.keptBytes - kept.readableBytes
        if room > 0, let part = chunk.readSlice(length: min(room, chunk.readableBytes)) {
          kept.writeImmutableBuffer(part)
        }
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem.badRequest
    }
    return try MultipartForm(Data(buffer: kept), boundary: boundary, limit: limit, isCut: total > kept.readableBytes)
  }

  /// - Parameter isCut: whether the body went on behind these bytes.
  init(_ body: Data, boundary: String, limit: UploadLimit, isCut: Bool) throws {
    let delimiter = Data("--\(boundary)".utf8)
    guard var mark = body.range(of: delimiter) else { throw Problem.badRequest }
    var count = 0
    while body[mark.upperBound...].prefix(2) != Data("--".utf8) {
      count += 1
      let heading = body[mark.upperBound...].prefix(Self.headLimit)
      guard count <= Self.partLimit, let gap = heading.range(of: Data("\r\n\r\n".utf8)) else {
        if isCut { return }
        throw Problem.badRequest
      }
      let head = String(decoding: body[mark.upperBound..<gap.lowerBound], as: UTF8.self)
      let next = body.range(of: Data("\r\n".utf8) + delimiter, in: gap.upperBound..<body.endIndex)
      guard next != nil || isCut else { throw Problem.badRequest }
      try add(head, Data(body[gap.upperBound..<(next?.lowerBound ?? body.endIndex)]), limit, isCut: next == nil)
      guard let next else { return }
      mark = next
    }
  }

  /// One part: a file where its head names one, else a field.
  private mutating func add(_ head: String, _ content: Data, _ limit: UploadLimit, isCut: Bool) throws {
    guard let field = Self.parameter("name", in: head) else { throw Problem.badRequest }
    if let name = Self.parameter("filename", in: head) {
      // A browser sends an empty file without a name where none was chosen.
      guard !name.isEmpty || !content.isEmpty else { return }
      files.append(
        SubmittedFile(field: field, name: name, bytes: content, limit: limit.fileBytes, isCut: isCut))
      return
    }
    guard !isCut, let value = String(validating: content, as: UTF8.self), !value.contains("\0") else {
      throw Problem.badRequest
    }
    fields.append((field, value.replacing("\r\n", with: "\n")))
  }

  /// A parameter of `Content-Disposition`, in which a browser writes quotes and line ends as percent codes [HTML
  /// Standard, 4.10.21.8].
  private static func parameter(_ name: String, in head: String) -> String? {
    let lines = head.split(whereSeparator: \.isNewline)
    guard let line = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
      let start = line.range(of: "; \(name)=\"", options: .caseInsensitive)?.upperBound,
      let end = line[start...].firstIndex(of: "\""), !line.contains("\0")
    else { return nil }
    return String(line[start..<end])
      .replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
  }
}
