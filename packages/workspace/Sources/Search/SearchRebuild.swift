// Makes the index of one entity anew beside the one that answers, and then lets it answer.

import Access
import EthicoTypes
package import Jobs

/// Fills the next generation of an entity's index and switches to it.
package struct SearchRebuild: Job {
  /// Placed with the entity as its unique key, so that there is one for each at a time.
  package static let kind = "search.rebuild"
  /// With `SearchDrain`, apart from other work, so that a worker may serve search alone.
  package static let queue = JobQueue.search
  /// All there is: the entity is a word of ours.
  package static let safeArguments: Set<String> = ["entity"]

  /// A `SearchEntity`.
  package let entity: String

  /// Takes a `SearchEntity` by its raw text; any other is found out when it runs.
  package init(entity: String) {
    self.entity = entity
  }

  /// Fills 500 records to a transaction, lets the generation answer and drops the former one. An attempt begins at
  /// the first record again, over what an earlier one filled.
  /// - Throws: `JobFailure.permanent` for an entity that search does not know.
  package func run(_ run: JobRun) async throws -> String {
    guard let entity = SearchEntity(rawValue: entity) else {
      throw JobFailure.permanent("Search knows no “\(self.entity)”.")
    }
    let total = try await run.inside { tx in try await SearchIndex.count(entity, in: tx) }
    var done = 0
    var last: ID<SearchDocument>?
    var batch: [ID<SearchDocument>]
    repeat {
      let after = last
      let filled = try await run.inside { tx in try await SearchIndex.fill(entity, after: after, in: tx) }
      // An attempt before this one came as far as the switch, and not to its end.
      guard let filled else { break }
      batch = filled
      last = batch.max { $0.description < $1.description }
      done += batch.count
      try await run.progress(done, of: max(done, total))
    } while batch.count == SearchIndex.batch
    let switched = try await run.inside { tx in try await SearchIndex.switchOver(entity, in: tx) }
    while try await run.inside({ tx in try await SearchIndex.dropOld(entity, in: tx) }) > 0 {
      try await run.progress(done, of: max(done, total))
    }
    guard let switched else { return "\(entity.label) had been rebuilt before; what answers no more is gone." }
    return "\(done) \(entity.label.lowercased()) in generation \(switched), which answers now."
  }
}
