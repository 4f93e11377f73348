// What changes on the search tab while it is open: how far a rebuild is, and how the index stands once it is over.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Markup
import Synchronization
import Web
import Workspace

/// What one stream of the search tab has seen. While a rebuild goes on, its progress alone is read: counting every
/// record of a client each time would be slower than the rebuild.
final class IndexWatch: Sendable {
  typealias Context = WorkspaceContext<Watch<ReadDebug>>

  private let running = Mutex<Set<SearchEntity>?>(nil)

  static func feed(_ context: Context) -> LiveFeed<Context> {
    let watch = IndexWatch()
    return LiveFeed(on: [.jobs(of: context.acting.tenant.id)]) { context in
      try await context.ledger.tenant(context.acting) { tx in try await watch.values(context.acting, in: tx) }
    }
  }

  private func values(_ acting: ActingContext, in tx: AuditedTransaction) async throws -> LiveValues {
    let rebuilds = try await IndexRebuild.all(in: tx)
    let before = running.withLock { running in
      defer { running = Set(rebuilds.keys) }
      return running
    }
    let ended = (before ?? []).subtracting(rebuilds.keys)
    guard before == nil || !ended.isEmpty else {
      let slots = rebuilds.flatMap { entity, rebuild in RebuildSlots(of: entity, rebuild, acting, at: tx.at).all }
      return LiveValues(slots, saying: Self.sentence(rebuilds, at: tx.at))
    }
    let slots = try await SearchIndex.standings(in: tx).flatMap { standing in
      let end: IndexSlots.Ending = ended.contains(standing.entity) ? .seen : .unseen
      return IndexSlots(standing, end, acting, at: tx.at).all
    }
    return LiveValues(slots, saying: ended.isEmpty ? nil : Self.sentence(ended))
  }

  private static func sentence(_ rebuilds: [SearchEntity: IndexRebuild], at moment: Date) -> String? {
    let parts = rebuilds.compactMap { entity, rebuild in
      rebuild.progress(at: moment).map { "\(entity.label): \($0.words)" }
    }
    return parts.isEmpty ? nil : parts.sorted().joined(separator: ". ")
  }

  private static func sentence(_ ended: Set<SearchEntity>) -> String {
    ended.map(\.label).sorted().joined(separator: ", ") + ": the rebuild has ended."
  }
}
