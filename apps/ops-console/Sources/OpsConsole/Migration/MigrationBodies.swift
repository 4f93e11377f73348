// The JSON face of a client's move from another system.

import EthicoTypes
import FoundationEssentials
import Mapping
import Migration
import SourceFiles

/// A client's move: what was chosen, its files and their batches.
struct MigrationBody: Encodable, Sendable {
  let state: ProjectState
  let choices: [ImportChoice]
  let decidedBy: String?
  let version: Int
  let readiness: Readiness
  let source: Source
  let files: [File]
  let batches: [BatchRowBody]
  /// How many fields wait for a decision, by batch.
  let conflicts: [String: Int]
  let uploads: [Upload]
  let hidden: [HiddenTableBody]

  /// A file that is not all here yet.
  struct Upload: Encodable, Sendable {
    let id: ID<FileUpload>
    let name: String
    let bytes: Int
    let offset: Int
    let touched: Date
  }

  struct File: Encodable, Sendable {
    let id: ID<SourceFileRecord>
    let name: String
    let kind: String?
    let bytes: Int
    /// In hexadecimal digits: a file that is refused as known is found by it.
    let sha256: String
    let uploaded: Date
    /// Whether a new batch can be made of it.
    let mayBeImportedAgain: Bool
    /// When its bytes were removed, if they were.
    let purged: Date?
    let error: Refusal?

    enum CodingKeys: String, CodingKey {
      case id, name, kind, bytes, sha256, uploaded, purged, error
      case mayBeImportedAgain = "may_be_imported_again"
    }
  }

  struct Refusal: Encodable, Sendable {
    let code: String
    let message: String
  }

  /// The system that somebody said all of it comes from, the one that a new file counts as coming from, and those that
  /// can be said.
  struct Source: Encodable, Sendable {
    let said: String?
    let new: String?
    let offered: [System]

    struct System: Encodable, Sendable {
      let code: String
      let name: String
    }

    init(_ sources: ProjectSources) {
      said = sources.said?.code
      new = sources.ofNewBatches?.code
      offered = sources.offered.filter(\.isNamed).map { System(code: $0.code, name: $0.label) }
    }
  }

  /// How many kinds of data are in and reconciled, of how many.
  struct Readiness: Encodable, Sendable {
    let ready: Int
    let chosen: Int
  }

  enum CodingKeys: String, CodingKey {
    case state, choices, version, readiness, source, files, batches, conflicts, uploads, hidden
    case decidedBy = "decided_by"
  }

  init(_ desk: MigrationDesk) {
    state = desk.project.state
    choices = desk.project.choices
    decidedBy = desk.project.decidedBy
    version = desk.project.version
    readiness = Readiness(ready: desk.readiness.ready, chosen: desk.readiness.chosen)
    source = Source(desk.sources)
    files = desk.files.map { file in
      File(
        id: file.id, name: file.name, kind: file.kind, bytes: file.byteCount, sha256: file.sha256.hexadecimal,
        uploaded: file.uploadedAt, mayBeImportedAgain: desk.mayMakeBatches(of: file), purged: file.purgedAt,
        error: file.refusal.map { Refusal(code: $0.code, message: $0.text) })
    }
    batches = desk.batches.map(BatchRowBody.init)
    conflicts = Dictionary(desk.conflicts.map { ($0.key.description, $0.value) }) { first, _ in first }
    hidden = desk.hidden.map(HiddenTableBody.init)
    uploads = desk.uploads.map {
      Upload(id: $0.id, name: $0.name, bytes: $0.byteCount, offset: $0.offset, touched: $0.touchedAt)
    }
  }
}

/// A table that a file hides, and nothing was made of.
struct HiddenTableBody: Encodable, Sendable {
  let file: ID<SourceFileRecord>
  let table: String
  let reading: Bool
  let error: String?

  init(_ table: HiddenTable) {
    file = table.file
    self.table = table.name
    reading = table.isBeingRead
    error = table.refused
  }
}

/// A batch in a list.
struct BatchRowBody: Encodable, Sendable {
  let id: ID<Batch>
  let file: ID<SourceFileRecord>
  let table: String?
  let entity: ImportEntity
  /// The system that its rows come from, and the one that its file looks like an export of.
  let source: String
  let detected: String?
  let state: BatchState
  let rows: Int
  let counts: BatchCounts
  let version: Int

  init(_ batch: Batch) {
    id = batch.id
    file = batch.file
    table = batch.table
    entity = batch.entity
    source = batch.source.code
    detected = batch.detected?.code
    state = batch.state
    rows = batch.rowCount
    counts = batch.counts
    version = batch.version
  }
}

/// A batch with what was found in its rows.
struct BatchBody: Encodable, Sendable {
  let batch: BatchRowBody
  let reading: ReadingBody
  let issues: [Issue]
  let acknowledged: [String]
  /// What has to be imported before it, in that order; nothing unless its rows are checked and wait for that.
  let awaits: [Awaited]
  /// How many fields wait for a decision.
  let conflicts: Int
  /// How each field is treated that it may set anew in records that are here already.
  let fields: [FieldRule]
  let rows: [RowBody]
  let undos: [Undo]
  /// What its file hides, and nothing was made of.
  let hidden: [HiddenTableBody]
  /// Why the last work on it stopped.
  let failure: String?
  let committed: Date?
  /// When what came in its file was removed, if it was.
  let purged: Date?

  struct Issue: Encodable, Sendable {
    let code: IssueCode
    let level: IssueLevel
    let column: String?
    let count: Int
    let row: Int
    let value: String?
  }

  /// A batch on its way that brings what rows of this one refer to.
  struct Awaited: Encodable, Sendable {
    let id: ID<Batch>
    let entity: ImportEntity
    let state: BatchState
    /// `Policies of policies.csv`
    let title: String
  }

  /// The rule for a field, and the columns that it is for.
  struct FieldRule: Encodable, Sendable {
    let field: String
    let columns: [String]
    let rule: FieldPolicy

    init(_ field: ReimportField, _ policies: FieldPolicies) {
      self.field = field.name
      columns = field.columns
      rule = policies[field]
    }
  }

  /// An undo of it, or one that was taken back.
  struct Undo: Encodable, Sendable {
    let id: ID<MigrationUndo>
    let started: Date
    let by: String
    let records: Int
    let running: Bool
    let reversed: Bool
    let reverses: ID<MigrationUndo>?
    let later: LaterImports?
  }

  init(_ file: BatchFile) {
    batch = BatchRowBody(file.batch)
    reading = ReadingBody(file.batch)
    acknowledged = file.batch.acknowledged
    issues = file.issues.map { issue in
      Issue(
        code: issue.code, level: issue.code.level, column: file.batch.column(at: issue.position), count: issue.count,
        row: issue.row, value: issue.value)
    }
    awaits = file.awaited.map { Awaited(id: $0.id, entity: $0.entity, state: $0.state, title: $0.title) }
    conflicts = file.conflicts
    fields = file.fields.map { FieldRule($0, file.batch.policies) }
    rows = file.preview.rows.map { row in
      RowBody(row, changes: file.preview.changes.filter { $0.rowNumber == row.number })
    }
    undos = file.undos.map {
      Undo(
        id: $0.id, started: $0.startedAt, by: actorName($0.by, file.names), records: $0.records,
        running: $0.isRunning, reversed: $0.isReversed, reverses: $0.reverses,
        later: $0.reverses == nil ? LaterImports(isKept: $0.keepsLater) : nil)
    }
    hidden = file.hidden.map(HiddenTableBody.init)
    failure = file.batch.failure
    committed = file.batch.committedAt
    purged = file.batch.filePurgedAt
  }
}

/// A row as it would be.
struct RowBody: Encodable, Sendable {
  let row: Int
  let key: String?
  let decision: StagedDecision?
  let record: [String: String]
  let legacy: [String: String]
  let issues: [IssueCode]
  /// What an import would change of the record that is here.
  let changes: [Change]?

  /// A field that would change. What it refers to has no name here, so that of a reference only this is said.
  struct Change: Encodable, Sendable {
    let field: String
    let kind: FieldDifference.Kind
    let ours: String?
    let theirs: String?

    init(_ difference: FieldDifference) {
      field = difference.field
      kind = difference.kind
      ours = difference.isReference ? nil : difference.ours
      theirs = difference.isReference ? nil : difference.theirs
    }
  }

  init(_ row: PreviewRow, changes: [FieldDifference]? = nil) {
    self.row = row.number
    self.changes = changes?.map(Change.init)
    key = row.key
    decision = row.decision
    record = row.record
    legacy = row.kept
    issues = row.issues.map(\.code)
  }
}
