// What was kept of a table's columns before anybody knew that they say who reported.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Postgres
import SourceFiles

extension Batch {
  /// Forgets what stands in some columns: in the first rows, and among what is known of their values.
  static func withhold(_ columns: Set<Int>, of batch: ID<Batch>, in tx: AuditedTransaction) async throws {
    guard !columns.isEmpty else { return }
    let stored = try await tx.first("SELECT grid FROM migration_grid WHERE batch_id = \(batch)", as: JSONText.self)
    if let stored {
      let grid = try JSONDecoder().decode([SourceShape.GridRow].self, from: Data(stored.text.utf8))
      let withheld = grid.map { $0.withholding(columns) }
      if withheld != grid {
        try await tx.execute(
          "UPDATE migration_grid SET grid = \(try JSONText(encoding: withheld)) WHERE batch_id = \(batch)")
      }
    }
    let profiles = try await tx.query(
      """
      SELECT profile FROM migration_column_profile WHERE batch_id = \(batch) AND position = ANY(\(columns.sorted()))
      """, as: JSONText.self)
    for text in profiles {
      let profile = try JSONDecoder().decode(ColumnProfile.self, from: Data(text.text.utf8))
      let withheld = profile.withoutValues()
      guard withheld != profile else { continue }
      try await tx.execute(
        """
        UPDATE migration_column_profile SET profile = \(try JSONText(encoding: withheld))
        WHERE batch_id = \(batch) AND position = \(profile.index)
        """)
    }
  }
}
