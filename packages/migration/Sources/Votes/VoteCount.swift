// Counts every night what clients' imports have in common, so that the next client of a system begins with it.

import Access
import EthicoTypes
package import Jobs
import Postgres

/// Counts which headers of which system became which fields, client by client: each one's mappings are read within its
/// own rows, and of them the fleet's table gets digests. What an undone import said goes again; twice does what once
/// does. Whoever cannot be counted keeps nobody else from it: the job fails when all others are done.
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
    var passedOver: [String] = []
    for (index, client) in clients.enumerated() {
      do {
        changed += try await count(client, key, run)
      } catch let error as PostgresError where !error.isConnectionLoss {
        passedOver.append("\(client) (\(Self.rule(error)))")
      } catch let error where error is RowError || error is DecodingError {
        passedOver.append("\(client) (a mapping cannot be read)")
      }
      try await run.progress(index + 1, of: clients.count)
    }
    let whom = clients.count == 1 ? "1 client" : "\(clients.count) clients"
    let counted = "\(changed) \(changed == 1 ? "vote" : "votes") of \(whom) changed."
    guard passedOver.isEmpty else { throw JobFailure.passing("\(counted) \(Self.sentence(passedOver))") }
    return counted
  }

  /// - Returns: how many of the client's votes came or went.
  private func count(_ client: ID<Tenant>, _ key: HeaderKey, _ run: JobRun) async throws -> Int {
    let votes = try await run.ledger.tenant(by: run.author.on(client)) { tx in
      try await MappingVote.cast(key, in: tx)
    }
    return try await run.ledger.fleet(run.author) { tx in
      try await MappingVote.keep(votes, of: client, in: tx)
    }
  }

  /// Clients that a failure names.
  private static let namedLimit = 10

  private static func sentence(_ passedOver: [String]) -> String {
    let whom = passedOver.count == 1 ? "1 client was" : "\(passedOver.count) clients were"
    let more = passedOver.count > namedLimit ? ", and others" : ""
    return "\(whom) passed over: \(passedOver.prefix(namedLimit).joined(separator: ", "))\(more)."
  }

  /// Without the row that the database refused: its text may be anybody's.
  private static func rule(_ error: PostgresError) -> String {
    error.constraint.map { "\(error.sqlState.rawValue) \($0)" } ?? error.sqlState.rawValue
  }
}
