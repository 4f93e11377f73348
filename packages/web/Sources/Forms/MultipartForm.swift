// A form with files in it, held in memory whole: bounded, and not given up where a file is too large.

import Crypto
public import FoundationEssentials
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat

/// A file that came with a form.
public struct SubmittedFile: Sendable, Hashable {
  /// The field of the form that it stands in.
  public let field: String
  /// As the sender's machine calls it, without the folders before it. Not trusted.
  public let name: String
  /// Empty where more came than the route takes.
  public let bytes: Data
  /// Whether more came than the route takes.
  public let isTooLarge: Bool
  /// 32 bytes, of all that came, also where that was more than the route takes.
  public let sha256: [UInt8]
}

/// How much a route takes that has a file in its form.
public struct UploadLimit: Sendable, Hashable {
  /// The most that the file may have; one with more is refused by the handler, on its page.
  public let fileBytes: Int

  /// - Parameter fileBytes: of the one file; the other fields have 128 KiB beside it.
  public init(fileBytes: Int) {
    self.fileBytes = fileBytes
  }

  /// What comes beyond the file's own limit is read and thrown away, so that the sender gets the page that says why,
  /// with what they typed; a browser that is cut off shows nothing. From here on even that is refused.
  var readBytes: Int { 8 * fileBytes }
  /// The same where files are as large as they come.
  var readBytesInPieces: Int { 2 * fileBytes }
}

struct MultipartForm {
  private(set) var fields: [(name: String, value: String)] = []
  private(set) var files: [SubmittedFile] = []

  /// The boundary that the head of a request names; `nil` when it sends no such form.
  static func boundary(of contentType: String?) -> String? {
    guard let contentType, contentType.lowercased().hasPrefix("multipart/form-data"),
      let match = contentType.firstMatch(of: #/boundary="?([0-9A-Za-z'()+_,\-.\/:=? ]{1,70})"?/#)
    else { return nil }
    return String(match.1)
  }

  /// Reads a body as it comes in.
  /// - Throws: `Problem` for one that is no such form, or far too large.
  static func read(_ body: RequestBody, boundary: String, limit: UploadLimit) async throws -> MultipartForm {
    var stream = MultipartStream(body, boundary: boundary, readLimit: limit.readBytes)
    var form = MultipartForm()
    // Ends with the last part.
    while true {
      let (fields, file) = try await stream.fields()
      form.fields += fields
      guard let file else { return form }
      form.files.append(try await whole(file, of: &stream, limit))
    }
  }

  private static func whole(
    _ head: MultipartStream.FileHead, of stream: inout MultipartStream, _ limit: UploadLimit
  ) async throws -> SubmittedFile {
    var bytes = Data()
    var hasher = SHA256()
    var isTooLarge = false
    while let more = try await stream.bytes() {
      hasher.update(data: more.readableBytesView)
      isTooLarge = isTooLarge || bytes.count + more.readableBytes > limit.fileBytes
      if isTooLarge { bytes = Data() } else { bytes.append(Data(buffer: more)) }
    }
    return SubmittedFile(
      field: head.field, name: head.name, bytes: bytes, isTooLarge: isTooLarge, sha256: Array(hasher.finalize()))
  }
}
