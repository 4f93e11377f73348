// The addresses of a client's search index: how it stands, what it lacks, and what support does about it.

import Access
import EthicoTypes
import Flags
import HTTPTypes
import Markup
import Web
import Workspace

enum IndexController {
  private typealias Reading = WorkspaceContext<ReadDebug>
  private typealias Writing = WorkspaceContext<WriteIndex>

  static func routes(_ routes: Routes) {
    let readers = routes.group("i/{impersonation}/debug/search", context: Reading.self)
    readers.get("", name: "index.list", use: list)
    readers.get("{entity}", name: "index.show", use: show)
    routes.group("i/{impersonation}/debug/search", context: IndexWatch.Context.self)
      .live(name: "live.index", feed: IndexWatch.feed)
    let writers = routes.group("i/{impersonation}/debug/search", context: Writing.self)
    writers.post("{entity}/check", name: "index.check", use: check)
    writers.post("{entity}/reindex", name: "index.reindex", use: reindex)
    writers.post("{entity}/rebuild", name: "index.rebuild", use: rebuild)
  }

  // MARK: Reading

  private static func list(_ context: Reading) async throws -> Answer {
    try await context.look { tx in
      IndexListView.page(try await SearchIndex.standings(in: tx), context.acting)
    }
  }

  private static func show(_ context: Reading) async throws -> Answer {
    let entity = try entity(context)
    // Who has just had the index checked is told what came of it.
    let depth: IndexDepth = context.query("done") == "checked" ? .words : .asFarAsCounted
    return try await context.look(at: entity.object) { tx in
      try await screen(entity, depth, setback: nil, context, in: tx)
    }
  }

  private static func entity(_ context: some GuardedContext) throws -> SearchEntity {
    guard let entity = SearchEntity(rawValue: try context.word("entity")) else { throw Problem.notFound }
    return entity
  }

  private static func screen<Need>(
    _ entity: SearchEntity, _ depth: IndexDepth = .asFarAsCounted, setback: Setback?,
    _ context: WorkspaceContext<Need>, in tx: AuditedTransaction
  ) async throws -> Page {
    let standing = try await SearchIndex.standing(of: entity, in: tx)
    let check = try await standing.isCompared || depth == .words ? SearchIndex.check(entity, in: tx) : nil
    let history = try await tx.history(of: entity.object, in: context.acting.tenant.id, telling: ["index.check"])
    let names = try await context.ledger.names(of: history.map(\.actorText))
    return IndexView.page(
      IndexFile(standing: standing, check: check, history: history, names: names), setback: setback, context.acting)
  }

  // MARK: Acts

  private static func check(_ context: Writing) async throws -> Answer {
    try await act(context, done: "checked") { entity, tx in
      let check = try await SearchIndex.check(entity, in: tx)
      try await tx.record("index.check", object: entity.object, detail: "\(entity.label): \(check.words)")
    }
  }

  private static func reindex(_ context: Writing) async throws -> Answer {
    try await act(context, done: "reindexed") { entity, tx in
      guard let id = context.form.fields["record"].flatMap({ ID<SearchDocument>($0) }) else {
        throw Invalid("record", "Give the record by its id.")
      }
      try await SearchIndex.reindex(entity, id, in: tx)
      try await tx.record("index.reindex", object: entity.object, detail: "\(entity.label): \(id)")
    }
  }

  private static func rebuild(_ context: Writing) async throws -> Answer {
    try await act(context, done: "rebuild") { entity, tx in
      try await SearchIndex.rebuild(entity, in: tx)
      try await tx.record("index.rebuild", object: entity.object, detail: entity.label)
    }
  }

  private static func act(
    _ context: Writing, done: StaticString, _ change: @Sendable (SearchEntity, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    let entity = try entity(context)
    return try await context.attempt(entity.object) { tx in
      try await change(entity, tx)
      return DebugTab.search.path(context.acting).appending(entity.rawValue).query("done", done.description)
    } otherwise: { setback, tx in
      try await screen(entity, setback: setback, context, in: tx)
    }
  }
}

/// How much of an index its page compares with the records.
enum IndexDepth: Sendable {
  /// The words of each, unless there are so many that they were only counted.
  case asFarAsCounted
  case words
}

/// Everything that the page of one entity's index shows.
struct IndexFile: Sendable {
  let standing: IndexStanding
  /// `nil` where records and documents were only counted.
  let check: IndexCheck?
  let history: [TrailStep]
  /// Of staff people, by the actor.
  let names: [String: String]
}
