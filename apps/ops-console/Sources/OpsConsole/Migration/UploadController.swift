// The addresses of files on their way in: begun, gone on with wherever they were cut off, finished or let go.

import Access
import EthicoTypes
import HTTPTypes
import Markup
import Migration
import Web

enum UploadController {
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    let runners = routes.group(
      "t/{slug}/migration/uploads", context: Running.self, saying: [.tusResumable: TusProtocol.version])
    runners.options("", name: "migration.upload_options", use: options)
    runners.post("", name: "migration.upload_begin", use: begin)
    runners.head("{upload}", name: "migration.upload_state", use: state)
    runners.patch("{upload}", name: "migration.upload_piece", bytes: TusProtocol.piece, use: take)
    let people = routes.group("t/{slug}/migration/uploads", context: Running.self)
    people.post("{upload}/finish", name: "migration.upload_finish", use: finish)
    people.post("{upload}/remove", name: "migration.delete_upload", use: remove)
  }

  // MARK: For programs

  /// What is spoken here; whoever asks need not speak it yet.
  private static func options(_ context: Running) async throws -> Answer {
    .head(
      .noContent,
      [
        .tusVersion: TusProtocol.version, .tusExtension: TusProtocol.extensions,
        .tusMaxSize: String(SourceFileRecord.byteLimit),
      ])
  }

  /// A file that is here in part, by its name, length and moment, is gone on with rather than begun again: the answer
  /// says from where.
  private static func begin(_ context: Running) async throws -> Answer {
    try await TusProtocol.speak(context) {
      let new = try NewUpload(context)
      let upload = try await tell(context) { tx -> FileUpload in
        guard context.tenant.status != .closed else { throw ProjectRefusal.tenantClosed }
        return try await FileUpload.begin(new, by: context.staff.id, sealedBy: context.ledger.vault, in: tx)
      }
      return .head(
        .created,
        [
          .location: Path.upload(upload.id, of: context.tenant).description, .uploadOffset: String(upload.offset),
        ])
    }
  }

  private static func state(_ context: Running) async throws -> Answer {
    try await TusProtocol.speak(context) {
      let upload = try await find(context)
      return .head(
        .ok, [.uploadOffset: String(upload.offset), .uploadLength: String(upload.byteCount)])
    }
  }

  /// Each piece is kept when it has come, in a transaction of its own: a request that is cut off has brought what came
  /// before, and nobody who sends slowly keeps a connection to the database.
  private static func take(_ context: Running) async throws -> Answer {
    try await TusProtocol.speak(context) {
      let begun = try await find(context)
      let offset = try TusProtocol.number(.uploadOffset, of: context)
      guard begun.offset == offset else { throw UploadRefusal.moved(begun).setback.problem }
      guard let vault = context.ledger.vault else { throw FileRefusal.noKey.setback.problem }
      var upload = begun
      try await context.takeBytes(TusProtocol.piece, from: offset, inPiecesOf: FileUpload.pieceBytes) { bytes in
        let here = upload
        upload = try await tell(context) { tx in try await here.append(bytes, sealedBy: vault, in: tx) }
      }
      let whole = upload
      if whole.isWhole, whole.file == nil {
        let sha256 = try await digest(of: whole, context)
        let end = try await tell(context) { tx in try await conclude(whole.id, sha256, in: tx) }
        if case .known(let there) = end { throw FileRefusal.known(there).setback.problem }
      }
      return .head(.noContent, [.uploadOffset: String(upload.offset)])
    }
  }

  /// The upload of the address.
  private static func find(_ context: Running) async throws -> FileUpload {
    let id = try context.id("upload", of: FileUpload.self)
    do {
      return try await tell(context) { tx -> FileUpload in
        guard let upload = try await FileUpload.find(id, in: tx) else { throw RecordMissing() }
        return upload
      }
    } catch is RecordMissing {
      try await context.ledger.refuse(
        context.author, action: "access.denied", object: FileUpload.object(id), status: 404)
      throw Problem.notFound
    }
  }

  /// Does what a program asked for; a rule's no is told as a problem.
  private static func tell<Result: Sendable>(
    _ context: Running, _ act: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    do {
      return try await context.ledger.tenant(by: context.author, act)
    } catch let refusal as any Refusal {
      throw refusal.setback.problem
    }
  }

  // MARK: For whoever sees the page

  /// Finishes a file whose bytes are all here: whoever took the last of them was stopped before that.
  private static func finish(_ context: Running) async throws -> Answer {
    let id = try context.id("upload", of: FileUpload.self)
    let upload = try await context.ledger.tenant(by: context.author) { tx in try await FileUpload.find(id, in: tx) }
    // Read before anything is held: it takes seconds.
    var sha256: [UInt8] = []
    if let upload, upload.isWhole, upload.file == nil { sha256 = try await digest(of: upload, context) }
    let digest = sha256
    return try await context.attempt(FileUpload.object(id)) { tx in
      switch try await conclude(id, digest, in: tx) {
      case .file(let file): Path.migration(context.tenant).query("done", "file").query("file", file)
      case .known: Path.migration(context.tenant).query("done", "known")
      }
    } otherwise: { setback, tx in
      try await MigrationController.screen(context, may: true, FormState(), setback: setback, in: tx)
    }
  }

  private static func digest(of upload: FileUpload, _ context: Running) async throws -> [UInt8] {
    guard let vault = context.ledger.vault else { throw FileRefusal.noKey.setback.problem }
    do {
      return try await upload.digest(sealedBy: vault, in: context.ledger, by: context.author)
    } catch let refusal as UploadRefusal {
      throw refusal.setback.problem
    }
  }

  private static func conclude(
    _ id: ID<FileUpload>, _ sha256: [UInt8], in tx: AuditedTransaction
  ) async throws -> UploadEnd {
    guard let upload = try await FileUpload.hold(id, in: tx) else { throw RecordMissing() }
    return try await upload.finish(sha256: sha256, in: tx)
  }

  private static func remove(_ context: Running) async throws -> Answer {
    let id = try context.id("upload", of: FileUpload.self)
    return try await context.attempt(FileUpload.object(id)) { tx in
      guard let upload = try await FileUpload.hold(id, in: tx) else { throw RecordMissing() }
      guard upload.file == nil else { throw UploadRefusal.finished }
      try await upload.remove(status: 303, in: tx)
      return Path.migration(context.tenant).query("done", "upload-removed")
    } otherwise: { setback, tx in
      try await MigrationController.screen(context, may: true, FormState(), setback: setback, in: tx)
    }
  }
}

extension Path {
  /// A file on its way in.
  static func upload(_ id: ID<FileUpload>, of tenant: Tenant) -> Path {
    migration(tenant).appending("uploads").appending(id)
  }
}
