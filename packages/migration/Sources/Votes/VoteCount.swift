// Counts every night what clients' imports have in common, so that the next client of a system begins with it.

import Access
import EthicoTypes
package import Jobs

/// Counts which headers of which system became which fields, client by client: each one's mappings are read within its
/// own rows, and of them the fleet's table gets digests. What an undone import said goes again; twice does what once
/// does.
package struct VoteCount: Job {
  package static let kind = "migration.votes"
  package static let queue = JobQueue.nightly
  package static let tries = 3

  package init() {}

  package func run(_ run: JobRun) async throws -> String {
    guard let key = run.ledger.vault?.headerKey else {
      return "No key for files is set (OPS_FILE_KEY): headers have no names that could be compared."
    }
    let clients = try await run.ledger.fleet(run.author) { tx in try await MappingVote.clients(in: tx) }
    var changed = 0
    for (index, client) in clients.enumerated() {
      let votes = try await run.ledger.tenant(by: run.author.on(client)) { tx in
        try await MappingVote.cast(key, in: tx)
      }
      changed += try await run.ledger.fleet(run.author) { tx in
        try await MappingVote.keep(votes, of: client, in: tx)
      }
      try await run.progress(index + 1, of: clients.count)
    }
    let whom = clients.count == 1 ? "1 client" : "\(clients.count) clients"
    return "\(changed) \(changed == 1 ? "vote" : "votes") of \(whom) changed."
  }
}
