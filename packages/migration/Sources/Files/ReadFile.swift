// Finds out what a file is, and makes a batch of each table in it: its columns profiled, and what they mean suggested.

import Access
package import EthicoTypes
import FoundationEssentials
package import Jobs
import Mapping
import Postgres
import SourceFiles

/// Reads a file that was brought in.
package struct ReadFile: Job {
  package static let kind = "migration.read"
  package static let tries = 3
  package static let safeArguments: Set<String> = ["file"]

  package let file: ID<SourceFileRecord>

  package init(file: ID<SourceFileRecord>) {
    self.file = file
  }

  package func run(_ run: JobRun) async throws -> String {
    try await work(run, nil)
  }

  /// The same with somebody to ask, whom the composed program gives.
  func work(_ run: JobRun, _ adviser: MappingAdviser?) async throws -> String {
    let id = file
    guard let record = try await run.inside({ tx in try await SourceFileRecord.find(id, in: tx) }) else {
      return "The file was deleted before it was read."
    }
    let source = SourceFile(try await run.bytes(of: record))
    do {
      let tables = try Self.tables(of: source, named: record.name)
      let shape = try source.inspect()
      let hidden = try HiddenTable.withRows(of: source, shape)
      guard !tables.isEmpty || !hidden.isEmpty else { throw SourceError.rowless }
      let suggested = try await Self.suggested(tables, run, adviser)
      let made = try await run.inside { tx in try await record.accept(shape.kind, suggested, hidden, in: tx) }
      return "\(made) \(made == 1 ? "batch" : "batches") of \(tables.count) \(tables.count == 1 ? "table" : "tables")."
    } catch let error as SourceError where error.code != .fileUnreadable {
      // What the client sent is theirs to send again, as the page says: nothing of ours has failed, and no alarm is
      // due. Where our own disk does not give the bytes something has, and it is tried again.
      try await run.inside { tx in try await record.refuse(error, in: tx) }
      return "Refused: \(error.message)"
    }
  }

  /// The tables with what their columns seem to mean. Whoever gave no answer once is not waited for again.
  private static func suggested(
    _ tables: [ReadTable], _ run: JobRun, _ adviser: MappingAdviser?
  ) async throws -> [(read: ReadTable, suggestion: BatchSuggestion)] {
    var adviser = adviser
    var suggested: [(read: ReadTable, suggestion: BatchSuggestion)] = []
    for read in tables {
      let found = try await run.suggestion(for: read.table, asking: adviser)
      suggested.append((read, found.batch))
      if found.isUnanswered { adviser = nil }
    }
    return suggested
  }

  /// Every table of a file that has rows, profiled. What a template says of its fields is none.
  private static func tables(of source: SourceFile, named name: String) throws(SourceError) -> [ReadTable] {
    let first = try source.inspect()
    let names = chosen(first.tables.filter { !$0.isHidden }.map(\.name))
    guard names.count > 1 else {
      let options = ReadingOptions(sheet: first.tables.count > 1 ? names.first : nil)
      return [try ReadTable(source, options == ReadingOptions() ? first : try source.inspect(options), options, name)]
    }
    var tables: [ReadTable] = []
    for table in names {
      let options = ReadingOptions(sheet: table)
      let shape = try source.inspect(options)
      guard !ImportTemplate.isExplanation(shape) else { continue }
      tables.append(try ReadTable(source, shape, options, name))
    }
    return tables.filter { $0.table.rows > 0 }
  }

  /// The tables of an archive that stand nearest to its top: what lies in folders below them are its attachments. With
  /// a manifest there, that alone.
  private static func chosen(_ names: [String]) -> [String] {
    func depth(_ name: String) -> Int { name.utf8.count { $0 == UInt8(ascii: "/") } }
    guard let top = names.map(depth).min() else { return names }
    let nearest = names.filter { depth($0) == top }
    let manifests = nearest.filter { $0.split(separator: "/").last?.lowercased().hasPrefix("manifest.") ?? false }
    return manifests.isEmpty ? nearest : manifests
  }
}

/// One table of a file as it was read.
struct ReadTable: Sendable {
  let shape: SourceShape
  let options: ReadingOptions
  let table: SourceTable

  /// - Parameter name: the file's, which tells of the system that it comes from.
  init(
    _ source: SourceFile, _ shape: SourceShape, _ options: ReadingOptions, _ name: String
  ) throws(SourceError) {
    let profile = try source.profile(shape, name: [name, shape.table].compactMap(\.self).joined(separator: " "))
    self.shape = shape.finding(profile)
    self.options = options
    table = profile.table
  }
}

extension SourceShape {
  /// The same with what only a whole reading found.
  fileprivate func finding(_ profile: SourceProfile) -> SourceShape {
    var shape = self
    shape.findings += profile.findings.filter { !findings.contains($0) }
    shape.notable = profile.notable
    return shape
  }
}

extension SourceFileRecord {
  /// Notes what the file is, and makes a batch of each table that can be records.
  fileprivate func accept(
    _ kind: SourceKind, _ tables: [(read: ReadTable, suggestion: BatchSuggestion)], _ hidden: [String],
    in tx: AuditedTransaction
  ) async throws -> Int {
    let batches = try await tx.query("SELECT project_id FROM migration_source_file WHERE id = \(id)", as: UUID.self)
    // A job that is tried again has made them; somebody else may have since.
    guard let project = batches.first, try await isFree(in: tx) else { return 0 }
    try await tx.execute("UPDATE migration_source_file SET kind = \(kind.rawValue) WHERE id = \(id)")
    for table in tables {
      try await Batch.make(of: table.read, table.suggestion, file: id, project: ID(project), in: tx)
    }
    try await HiddenTable.keep(hidden, of: id, in: tx)
    try await tx.record("migration.read", object: Self.object(id), detail: "\(name): \(tables.count) tables")
    return tables.count
  }

  /// Notes why the file cannot be read.
  fileprivate func refuse(_ error: SourceError, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE migration_source_file SET refused_code = \(error.code.rawValue), refused_text = \(error.message)
      WHERE id = \(id)
      """)
    try await tx.record(
      "migration.read", object: Self.object(id), outcome: .failed, status: 422,
      detail: "\(name): \(error.code.rawValue)")
  }
}
