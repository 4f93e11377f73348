// A file that comes with a plain form, taken in a piece at a time like one that comes in many requests: whoever has no
// scripts brings as large a file. A form that is cut off has to be sent again; what came of it goes with it, or a week
// later where the server ended too.

import Access
import Crypto
import EthicoTypes
import FoundationEssentials
import Markup
import Migration
import Web

enum FormUpload {
  static let limit = UploadLimit(fileBytes: SourceFileRecord.byteLimit)

  /// What came of the file of a form.
  private enum Arrival: Sendable {
    case whole(FileUpload, sha256: [UInt8])
    case refused(any Refusal)

    var sha256: [UInt8] {
      switch self {
      case .whole(_, let sha256): sha256
      case .refused: []
      }
    }
  }

  static func take(
    _ context: MigrationController.Running, _ file: ArrivingFile?
  ) async throws -> Answer {
    let arrival = try await receive(file, context)
    guard case .whole(let upload, _) = arrival else { return try await conclude(arrival, context) }
    return try await lettingGo(of: upload, context) { try await conclude(arrival, context) }
  }

  /// Makes a file of what came, or says why there is none.
  private static func conclude(
    _ arrival: Arrival, _ context: MigrationController.Running
  ) async throws -> Answer {
    try await context.attempt(withFile: arrival.sha256) { tx in
      switch arrival {
      case .refused(let refusal): throw refusal
      case .whole(let upload, let sha256):
        switch try await upload.end(in: tx).finish(sha256: sha256, in: tx) {
        case .known(let there): throw FileRefusal.known(there)
        case .file(let id): return Path.migration(context.tenant).query("done", "file").query("file", id)
        }
      }
    } otherwise: { setback, tx in
      let state = FormState(context.form.fields, errors: setback.errors)
      return try await MigrationController.screen(context, may: true, state, setback: setback, in: tx)
    }
  }

  private static func receive(
    _ file: ArrivingFile?, _ context: MigrationController.Running
  ) async throws -> Arrival {
    do {
      guard let file, file.field == "file" else { throw Invalid("file", "Choose a file.") }
      // Without a length it may be any; with one it is that of the whole form, and a little more than the file's.
      let byteCount = min(file.announcedBytes ?? SourceFileRecord.byteLimit, SourceFileRecord.byteLimit)
      let new = NewUpload(
        name: SourceFileRecord.tidied(file.name), byteCount: max(1, byteCount), modifiedMilliseconds: nil)
      let begun = try await context.ledger.tenant(by: context.author) { tx in
        guard context.tenant.status != .closed else { throw ProjectRefusal.tenantClosed }
        return try await FileUpload.begin(new, by: context.staff.id, sealedBy: context.ledger.vault, in: tx)
      }
      do {
        return try await fill(begun, from: file, context)
      } catch {
        return try await lettingGo(of: begun, context) { throw error }
      }
    } catch let refusal as any Refusal {
      return .refused(refusal)
    }
  }

  /// Keeps each piece when it has come, in a transaction of its own: nobody who sends slowly keeps a connection to the
  /// database.
  private static func fill(
    _ begun: FileUpload, from file: ArrivingFile, _ context: MigrationController.Running
  ) async throws -> Arrival {
    guard let vault = context.ledger.vault else { throw FileRefusal.noKey }
    var upload = begun
    var hasher = SHA256()
    try await file.take(inPiecesOf: FileUpload.pieceBytes) { piece in
      guard upload.offset + piece.count <= SourceFileRecord.byteLimit else {
        throw Invalid("file", "A file has at most 2 GB. Zip it, or export it in parts.")
      }
      hasher.update(data: piece)
      let here = upload
      upload = try await context.ledger.tenant(by: context.author) { tx in
        try await here.append(piece, sealedBy: vault, in: tx)
      }
    }
    guard upload.offset > 0 else { throw Invalid("file", "The file is empty. Export it again.") }
    return .whole(upload, sha256: Array(hasher.finalize()))
  }

  /// Does what ends an upload, and lets go of it whatever came of that: with its bytes, unless they are a file now.
  private static func lettingGo<Result>(
    of upload: FileUpload, _ context: MigrationController.Running, _ end: () async throws -> Result
  ) async throws -> Result {
    let result: Result
    do {
      result = try await end()
    } catch {
      try await remove(upload, context)
      throw error
    }
    try await remove(upload, context)
    return result
  }

  private static func remove(_ upload: FileUpload, _ context: MigrationController.Running) async throws {
    try await context.ledger.tenant(by: context.author) { tx in
      try await FileUpload.hold(upload.id, in: tx)?.remove(in: tx)
    }
  }
}
