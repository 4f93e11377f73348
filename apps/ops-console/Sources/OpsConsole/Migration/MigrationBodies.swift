// The JSON face of a client's move from another system.

import EthicoTypes
import Foundation
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
  let files: [File]
  let batches: [BatchRowBody]
  let uploads: [Upload]
  let hidden: [Hidden]

  /// A table that a file hides, and nothing was made of.
  struct Hidden: Encodable, Sendable {
    let file: ID<SourceFileRecord>
    let table: String
    let reading: Bool
    let error: String?
  }

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
    let uploaded: Date
    let error: Refusal?
  }

  struct Refusal: Encodable, Sendable {
    let code: String
    let message: String
  }

  /// How many kinds of data are in and reconciled, of how many.
  struct Readiness: Encodable, Sendable {
    let ready: Int
    let chosen: Int
  }

  enum CodingKeys: String, CodingKey {
    case state, choices, version, readiness, files, batches, uploads, hidden
    case decidedBy = "decided_by"
  }

  init(_ desk: MigrationDesk) {
    state = desk.project.state
    choices = desk.project.choices
    decidedBy = desk.project.decidedBy
    version = desk.project.version
    readiness = Readiness(ready: desk.readiness.ready, chosen: desk.readiness.chosen)
    files = desk.files.map { file in
      File(
        id: file.id, name: file.name, kind: file.kind, bytes: file.byteCount, uploaded: file.uploadedAt,
        error: file.refusal.map { Refusal(code: $0.code, message: $0.text) })
    }
    batches = desk.batches.map(BatchRowBody.init)
    hidden = desk.hidden.map { Hidden(file: $0.file, table: $0.name, reading: $0.isBeingRead, error: $0.refused) }
    uploads = desk.uploads.map {
      Upload(id: $0.id, name: $0.name, bytes: $0.byteCount, offset: $0.offset, touched: $0.touchedAt)
    }
  }
}

/// A batch in a list.
struct BatchRowBody: Encodable, Sendable {
  let id: ID<Batch>
  let file: ID<SourceFileRecord>
  let table: String?
  let entity: ImportEntity
  let state: BatchState
  let rows: Int
  let counts: BatchCounts
  let version: Int

  init(_ batch: Batch) {
    id = batch.id
    file = batch.file
    table = batch.table
    entity = batch.entity
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
  let rows: [RowBody]

  struct Issue: Encodable, Sendable {
    let code: IssueCode
    let level: IssueLevel
    let column: String?
    let count: Int
    let row: Int
    let value: String?
  }

  init(_ file: BatchFile) {
    batch = BatchRowBody(file.batch)
    reading = ReadingBody(file.batch)
    acknowledged = file.batch.acknowledged
    issues = file.issues.map { issue in
      let columns = file.batch.shape.columns
      let column = issue.position.flatMap { columns.indices.contains($0) ? columns[$0] : nil }
      return Issue(
        code: issue.code, level: issue.code.level, column: column, count: issue.count, row: issue.row,
        value: issue.value)
    }
    rows = file.rows.map(RowBody.init)
  }
}

/// A row as it would be.
struct RowBody: Encodable, Sendable {
  let row: Int
  let key: String?
  let decision: String?
  let record: [String: String]
  let legacy: [String: String]
  let issues: [IssueCode]

  init(_ row: PreviewRow) {
    self.row = row.number
    key = row.key
    decision = row.decision
    record = row.record
    legacy = row.kept
    issues = row.issues.map(\.code)
  }
}

/// The mapper: every column by its name, in the order of the file, and what is missing.
struct MapperBody: Encodable, Sendable {
  let entity: ImportEntity
  let version: Int
  let columns: [Column]
  let requiredMissing: [[String]]
  let constants: [String: String]
  /// Words that say nothing.
  let nothing: [String]
  /// Fields that more than one column becomes, with the way in which they do where somebody has said so.
  let shared: [String: String]

  struct Column: Encodable, Sendable {
    let name: String
    let index: Int
    let target: String?
    let decision: ColumnDecision.Act
    let band: ColumnDecision.Band
    let score: Double
    let ranked: [ColumnDecision.Ranked]
    let reasons: [String]
    let samples: [String]
  }

  enum CodingKeys: String, CodingKey {
    case entity, version, columns, constants, nothing, shared
    case requiredMissing = "required_missing"
  }

  init(_ mapper: Mapper) {
    entity = mapper.batch.entity
    version = mapper.batch.version
    columns = mapper.mapping.columns.map { column in
      Column(
        name: column.name, index: column.index, target: column.target, decision: column.act, band: column.band,
        score: column.score, ranked: column.ranked, reasons: column.reasons,
        samples: mapper.samples(of: column))
    }
    constants = mapper.mapping.constants
    nothing = mapper.mapping.rules.words.sorted()
    let joins = mapper.mapping.rules.joins
    shared = Dictionary(
      mapper.mapping.shared(of: mapper.batch.entity).map { ($0, joins[$0]?.way.rawValue ?? "") }
    ) { first, _ in first }
    requiredMissing = mapper.mapping.missing(of: mapper.batch.entity).map { $0.map(\.name) }
  }
}

/// The values that take a decision.
struct ValueBody: Encodable, Sendable {
  let values: [Value]

  struct Value: Encodable, Sendable {
    let target: String
    let value: String
    let count: Int
    let decided: Bool
    /// What its control begins with, as the form sends it.
    let shown: String
  }

  init(_ choices: [ValueChoice]) {
    values = choices.map {
      Value(
        target: $0.target, value: $0.value, count: $0.count, decided: $0.act != nil, shown: ValueView.stored($0.shown))
    }
  }
}
