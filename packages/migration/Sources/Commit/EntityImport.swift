// How the rows of one entity become records: what each kind of record has to say for itself.

import Access
import Mapping
import Postgres

/// The import of one entity's rows of a chunk.
protocol EntityImport: Sendable {
  var chunk: ImportChunk { get }

  /// Reads the rows of `import_row` as what they become. Where it only looks, it makes nothing on the way.
  func read(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws

  /// Writes the new records, and what is new of those that are there.
  func write(in tx: AuditedTransaction) async throws

  /// What the rows say of records that are there already; `nil` for what is written once.
  var patch: ImportPatch? { get }
  /// The rows that cannot be written for what they refer to, with the code of the issue; found by `read`.
  var refusals: SQL? { get }
}

extension EntityImport {
  var refusals: SQL? { nil }
}

/// What a chunk's rows are read for.
enum ImportPurpose: Sendable {
  case look, write
}

extension ImportChunk {
  /// The import of this chunk's entity.
  func entityImport(files: AttachmentSource) -> any EntityImport {
    switch batch.entity {
    case .case: CaseImport(chunk: self)
    case .person: PersonImport(chunk: self)
    case .policy: PolicyImport(chunk: self, files: files)
    case .disclosure: DisclosureImport(chunk: self)
    case .attestation: AttestationImport(chunk: self)
    case .attachment: AttachmentImport(chunk: self, files: files)
    case .auditEvent: HistoryImport(chunk: self)
    }
  }
}
