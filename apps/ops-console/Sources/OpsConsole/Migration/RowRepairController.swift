// The addresses where rows that stay behind are put right: out as a workbook, back corrected, or without who reported.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Migration
import SourceFiles
import Web

enum RowRepairController {
  private typealias Reading = TenantContext<ReadMigration>
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    routes.group("t/{slug}/migration/batches", context: Reading.self)
      .get("{batch}/issues/{code}", name: "migration.issue", use: found)
    let runners = routes.group("t/{slug}/migration/batches", context: Running.self)
    runners.get("{batch}/rows-to-fix", name: "migration.rows_to_fix", use: export)
    runners.post(
      "{batch}/corrections", name: "migration.correct",
      upload: UploadLimit(fileBytes: workbookLimit), use: correct)
    runners.post("{batch}/blank-reporters", name: "migration.blank", use: blank)
  }

  /// The largest workbook of corrected rows, in bytes.
  private static let workbookLimit = 33_554_432

  private static func found(_ context: Reading) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    guard let code = IssueCode(rawValue: try context.word("code")) else { throw Problem.notFound }
    let position = context.query("column").flatMap { Int32($0) }.map(Int.init)
    var finding = BatchFinding(code: code, position: position)
    let after = context.query("after")?.split(separator: "-").compactMap { Int($0) } ?? []
    if after.count == 2, after[0] <= Int32.max { finding.behind = (after[0], after[1]) }
    let sought = finding
    return try await context.look(at: Batch.object(id)) { tx in
      guard let batch = try await Batch.find(id, in: tx) else { throw RecordMissing() }
      let rows = try await IssueRow.page(
        sought.code, at: sought.position, of: id, behind: sought.behind, in: tx)
      return IssueRowsView.page(context.tenant, batch, sought, rows)
    }
  }

  private static func export(_ context: Running) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    return try await context.handOver("migration.export", of: Batch.object(id)) { tx in
      guard let batch = try await Batch.find(id, in: tx) else { throw RecordMissing() }
      let found: RowsToFix
      do {
        found = try await batch.rowsToFix(in: tx)
      } catch let refusal as BatchRefusal {
        throw refusal.setback.problem
      }
      return (Download(found, of: batch), "\(batch.title): \(grouped(found.written)) rows to fix")
    }
  }

  private static func correct(_ context: Running) async throws -> Answer {
    try await act(context) { batch, tx in
      try await batch.correct(try correctedRows(context.form), sealedBy: context.ledger.vault, in: tx)
      return "corrected"
    }
  }

  private static func blank(_ context: Running) async throws -> Answer {
    try await act(context) { batch, tx in
      try await batch.blankReporters(in: tx)
      return "blanked"
    }
  }

  /// The workbook that came with a form.
  /// - Throws: `Invalid` for none, or one that is too large.
  private static func correctedRows(_ form: SubmittedForm) throws -> Data {
    guard let file = form.files.first(where: { $0.field == "file" }) else {
      throw Invalid("file", "Choose the workbook with the corrected rows.")
    }
    guard !file.isTooLarge else {
      throw Invalid(
        "file",
        "A workbook has at most \(byteCount(workbookLimit)) here. Delete the rows that you did not change, and upload "
          + "it again.")
    }
    guard !file.bytes.isEmpty else { throw Invalid("file", "The file is empty.") }
    return file.bytes
  }

  private static func act(
    _ context: Running, _ change: @Sendable (Batch, AuditedTransaction) async throws -> StaticString
  ) async throws -> Answer {
    try await BatchController.act(context, "", change) { id, setback, tx in
      try await BatchController.screen(id, BatchForms(setback: setback, may: true), context, in: tx)
    }
  }
}

extension Download {
  fileprivate init(_ rows: RowsToFix, of batch: Batch) {
    let bytes = rows.bytes
    let name = String(batch.fileName.split(separator: ".").first ?? "rows")
    self.init(
      name: "\(name) – rows to fix.xlsx",
      contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", byteCount: bytes.size
    ) { offset, count in
      try bytes.read(at: offset, count: count)
    }
  }
}
