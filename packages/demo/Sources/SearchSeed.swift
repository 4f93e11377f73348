// Search as it would be on some morning: everything of every client indexed, but for three cases of one of them.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Workspace

struct SearchSeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date

  func run() async throws {
    try await ledger.tenant(by: Seed.author(ledger.ids, at: anchor).on(client.id)) { tx in
      try await SearchIndex.indexAll(in: tx)
      guard client.size == .acme else { return }
      // The fault for support to find: they were written while nobody marked them.
      try await tx.execute(
        """
        DELETE FROM search_document
        WHERE entity = 'case' AND id IN (SELECT id FROM "case" ORDER BY reference LIMIT 3 OFFSET 41)
        """)
    }
  }
}
