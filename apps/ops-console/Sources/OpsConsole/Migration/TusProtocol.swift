// How a file comes that may be cut off: the tus protocol 1.0.0 with its extension creation
// [tus.io/protocols/resumable-upload]. What it says, it says in heads.

import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Migration
import Web

enum TusProtocol {
  static let version = "1.0.0"
  static let extensions = "creation"
  /// What a request brings that goes on with a file.
  static let piece = ByteBody(mediaType: "application/offset+octet-stream", limit: FileUpload.requestBytes)
  /// The longest `Upload-Metadata`, in bytes.
  private static let metadataLimit = 4_096
  /// Of its pairs.
  private static let pairLimit = 20

  /// Answers whoever speaks this version.
  static func speak(_ context: some GuardedContext, _ act: () async throws -> Answer) async throws -> Answer {
    guard context.header(.tusResumable) == version else { throw Problem.otherTus }
    return try await act()
  }

  /// A number of the head: digits, and no more of them than any length here has.
  static func number(_ name: HTTPField.Name, of context: some GuardedContext) throws -> Int {
    guard let text = context.header(name), (1...15).contains(text.utf8.count),
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(text)
    else {
      throw Problem(
        .badRequest, "bad_head", "\(name.rawName) has to be a whole number of bytes.", "Nothing was changed.")
    }
    return number
  }

  /// The pairs of `Upload-Metadata`: names, and behind a space their values as Base64.
  static func metadata(_ text: String) throws -> [String: String] {
    guard text.utf8.count <= metadataLimit else { throw Problem.metadata }
    var pairs: [String: String] = [:]
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= pairLimit else { throw Problem.metadata }
    for part in parts where !text.isEmpty {
      let words = part.split(separator: " ")
      guard (1...2).contains(words.count), let name = words.first.map(String.init), pairs[name] == nil,
        let bytes = Data(base64Encoded: words.count == 2 ? String(words[1]) : ""),
        let value = String(validating: bytes, as: UTF8.self)
      else { throw Problem.metadata }
      pairs[name] = value
    }
    return pairs
  }
}

extension NewUpload {
  /// Reads what is announced.
  /// - Throws: `Problem` for what is no length or no metadata, or a file that is too large.
  init(_ context: some GuardedContext) throws {
    let byteCount = try TusProtocol.number(.uploadLength, of: context)
    guard byteCount <= SourceFileRecord.byteLimit else { throw Problem.fileTooLarge }
    guard byteCount > 0 else { throw Problem.fileEmpty }
    let metadata = try TusProtocol.metadata(context.header(.uploadMetadata) ?? "")
    self.init(
      name: SourceFileRecord.tidied(metadata["filename"] ?? ""), byteCount: byteCount,
      modifiedMilliseconds: metadata["modified"].flatMap(Int.init))
  }
}

extension SourceFileRecord {
  /// A name as it is kept: without folders before it and signs that are no text, and not too long.
  static func tidied(_ sent: String) -> String {
    let last = sent.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
    let shown = last.unicodeScalars.filter { $0.properties.generalCategory != .control }
    let name = String(String.UnicodeScalarView(shown.prefix(nameLimit))).trimmed
    return name.isEmpty ? "file" : name
  }
}

extension Problem {
  fileprivate static let otherTus: Problem = {
    var problem = Problem(
      .preconditionFailed, "tus_version", "This address speaks tus \(TusProtocol.version) and no other version.",
      "Nothing was changed.")
    problem.headers[.tusVersion] = TusProtocol.version
    return problem
  }()

  fileprivate static let metadata = Problem(
    .badRequest, "bad_metadata", "Upload-Metadata cannot be read.",
    "Nothing was changed. It holds names with values in Base64, apart by commas, and no name twice.")

  fileprivate static let fileEmpty = Problem(
    .unprocessableContent, "file_empty", "The file is empty.", "Nothing was uploaded. Export it again.")

  fileprivate static let fileTooLarge: Problem = {
    var problem = Problem(
      .contentTooLarge, "too_large", "A file has at most 2 GB.",
      "Nothing was uploaded. Zip it, or export it in parts.")
    problem.headers[.tusMaxSize] = String(SourceFileRecord.byteLimit)
    return problem
  }()
}

extension HTTPField.Name {
  static let tusResumable = known("Tus-Resumable")
  static let tusVersion = known("Tus-Version")
  static let tusExtension = known("Tus-Extension")
  static let tusMaxSize = known("Tus-Max-Size")
  static let uploadLength = known("Upload-Length")
  static let uploadOffset = known("Upload-Offset")
  static let uploadMetadata = known("Upload-Metadata")
}
