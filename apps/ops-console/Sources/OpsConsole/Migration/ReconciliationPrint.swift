// The reconciliation as PDF: as it stands, or as it was signed.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import HTTPTypes
import Logging
import Migration
import Print
import Web

struct ReconciliationPrint: Sendable {
  private typealias Reading = TenantContext<ReadMigration>

  let printer: Printer

  func routes(_ routes: Routes) {
    let readers = routes.group("t/{slug}/migration/reconciliation", context: Reading.self)
    readers.get("pdf", name: "migration.reconciliation_pdf", use: latest)
    readers.get("signed/{reconciliation}/pdf", name: "migration.reconciliation_signed_pdf", use: signed)
  }

  private func latest(_ context: Reading) async throws -> Answer {
    try await handOver(context) { tx in
      guard let project = try await MigrationProject.newest(in: tx) else { return [] }
      return try await tx.all(Reconciliation.latest(of: project.id))
    }
  }

  private func signed(_ context: Reading) async throws -> Answer {
    let id = try context.id("reconciliation", of: Reconciliation.self)
    return try await handOver(context) { tx in
      try await tx.all(Reconciliation.all(with: id)).filter { $0.confirmation != nil }
    }
  }

  /// Reads the figures and lets go of the database while they are set; then hands them over, and the trail says so.
  private func handOver(
    _ context: Reading, _ read: @Sendable (AuditedTransaction) async throws -> [Reconciliation]
  ) async throws -> Answer {
    let reckoned = try await context.ledger.tenant(by: context.author, read)
    let file = reckoned.isEmpty ? nil : try await file(reckoned, context)
    return try await context.handOver("migration.export") { _ in
      guard let file, let first = reckoned.first else { throw RecordMissing() }
      return (file, "The reconciliation, reckoned \(ClockFace.iso(first.madeAt)), as PDF")
    }
  }

  private func file(_ reckoned: [Reconciliation], _ context: Reading) async throws -> Download {
    let names = try await context.ledger.names(of: reckoned.map(\.madeBy))
    let document = ReconciliationDocument.of(reckoned, context.tenant, names: names)
    do {
      return Download(
        name: "\(context.tenant.slug)-reconciliation-\(ClockFace.iso(document.madeAt).prefix(10)).pdf",
        contentType: "application/pdf", bytes: Data(try await printer.pdf(document)))
    } catch PrinterFailure.busy {
      var problem = Problem(
        .serviceUnavailable, "busy", "Several documents are being made at this moment.", "Try again in a few seconds.")
      problem.retryAfterSeconds = 5
      throw problem
    } catch let failure as PrinterFailure {
      context.arrival.console.logger.error(
        "A document could not be set.", metadata: ["request": "\(context.facts.id)", "error": "\(failure)"])
      throw Problem(
        .serviceUnavailable, "not_printed", "The PDF could not be made.",
        "Print the page with your browser instead, or download the CSV. Tell us if it goes on.")
    }
  }
}
