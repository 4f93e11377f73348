// The zones that a column's times can be in: those of the IANA database, the client's own unless somebody says so.

package import Access
import FoundationEssentials
import FoundationInternationalization
import Postgres

/// The zones that a column's times can be in.
package enum ColumnZone {
  /// The names of the IANA database, in order.
  package static let names: [String] = Set(TimeZone.knownTimeZoneIdentifiers).union(["UTC"]).sorted()

  /// The name as the database writes it; `nil` for what is no zone of it.
  package static func named(_ text: String) -> String? { byFolded[text.lowercased()] }

  private static let byFolded = Dictionary(names.map { ($0.lowercased(), $0) }) { first, _ in first }

  /// The client's own.
  package static func ofClient(in tx: AuditedTransaction) async throws -> String {
    try await tx.first("SELECT timezone FROM tenant", as: String.self) ?? "UTC"
  }
}
