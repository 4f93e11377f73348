// What reading the rows of a batch needs to know.

import Access
import EthicoTypes
import FoundationEssentials
import FoundationInternationalization
import Jobs
import Postgres

/// A batch whose rows wait to be read, and how they are.
struct StagingPlan: Sendable {
  let batch: Batch
  let file: SourceFileRecord
  let reading: RowReading

  /// - Parameter job: the one that asks. Another one may have been ordered since, and reads the rows alone.
  /// - Returns: `nil` where the batch no longer waits for it.
  static func find(
    _ id: ID<Batch>, for job: ID<JobRecord>, in tx: AuditedTransaction
  ) async throws -> StagingPlan? {
    guard let batch = try await Batch.find(id, in: tx), batch.state == .staged, batch.job == job,
      let file = try await SourceFileRecord.find(batch.file, in: tx)
    else { return nil }
    let mapping = try await BatchMapping.current(of: batch, in: tx)
    let values = try await ValueMapping.all(of: id, in: tx)
    let zone = TimeZone(identifier: try await ColumnZone.ofClient(in: tx)) ?? .gmt
    let cells = CellText(zone: zone, at: tx.at)
    let categories = try await ClientCategories.inUse(in: tx)
    let reading = RowReading(batch.entity, mapping, values, categories, cells: cells)
    return StagingPlan(batch: batch, file: file, reading: reading)
  }

  /// Throws where somebody has decided otherwise about the batch since the plan was made; holds it until the
  /// transaction ends. Everything that the plan's job writes begins with it: rows and checkpoint may be another job's
  /// by then.
  func demandStanding(in tx: AuditedTransaction) async throws {
    let version = try await tx.first(
      "SELECT version FROM migration_batch WHERE id = \(batch.id) AND state = 'staged' FOR UPDATE", as: Int.self)
    guard version == batch.version else { throw Overtaken() }
  }

  /// Somebody has decided otherwise meanwhile: no failure of the job, whose rows nobody waits for any more.
  struct Overtaken: Error {
    static let sentence = "The batch went another way meanwhile."
  }
}
