// The addresses of a client's flags: what holds here and why, and what is set here alone.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum FlagController {
  private typealias Reading = WorkspaceContext<ReadDebug>
  private typealias Writing = WorkspaceContext<WriteFlags>

  static func routes(_ routes: Routes) {
    let readers = routes.group("i/{impersonation}/debug/flags", context: Reading.self)
    readers.get("", name: "flag.list", use: list)
    readers.get("{flag}", name: "flag.show", use: show)
    let writers = routes.group("i/{impersonation}/debug/flags", context: Writing.self)
    writers.post("{flag}", name: "flag.set", use: set)
    writers.post("{flag}/clear", name: "flag.clear", use: clear)
  }

  private static func list(_ context: Reading) async throws -> Answer {
    let fleet = try await context.ledger.fleetFlags()
    return try await context.look { tx in
      let flags = try await ClientFlag.all(fleet, in: tx)
      let names = try await context.ledger.names(of: flags.compactMap(\.change).map(\.by))
      return FlagListView.page(flags, names, context.acting)
    }
  }

  private static func show(_ context: Reading) async throws -> Answer {
    let flag = try flag(context)
    let fleet = try await context.ledger.fleetFlags()
    let shared = try await shared(flag, context)
    return try await context.look(at: AuditObject("flag", flag.key)) { tx in
      try await screen(flag, fleet, shared, setback: nil, context, in: tx)
    }
  }

  /// What was set for all clients.
  private static func shared(_ flag: Flag, _ context: some GuardedContext) async throws -> [SharedStep] {
    try await context.ledger.fleetHistory(of: AuditObject("flag", flag.key)).map {
      SharedStep(step: $0, reach: "for all clients")
    }
  }

  private static func flag(_ context: some GuardedContext) throws -> Flag {
    guard let flag = Flag.named(try context.word("flag")) else { throw Problem.notFound }
    return flag
  }

  private static func screen<Need>(
    _ flag: Flag, _ fleet: [FleetFlag], _ shared: [SharedStep], setback: Setback?, _ context: WorkspaceContext<Need>,
    in tx: AuditedTransaction
  ) async throws -> Page {
    let found = try await find(flag, fleet, in: tx)
    let history = try await tx.history(of: found.fleet.object, in: context.acting.tenant.id)
    let steps = history + shared.map(\.step)
    let actors = [found.change, found.fleet.change].compactMap(\.self).map(\.by) + steps.map(\.actorText)
    let file = FlagFile(
      found: found, history: history, shared: shared, names: try await context.ledger.names(of: actors))
    return FlagView.page(file, setback: setback, context.acting)
  }

  private static func find(_ flag: Flag, _ fleet: [FleetFlag], in tx: AuditedTransaction) async throws -> ClientFlag {
    guard let found = try await ClientFlag.all(fleet, in: tx).first(where: { $0.flag == flag }) else {
      throw RecordMissing()
    }
    return found
  }

  // MARK: Acts

  private static func set(_ context: Writing) async throws -> Answer {
    try await act(context, done: "set") { found, tx in
      guard let value = context.form.fields["value"].flatMap(FlagValue.init(rawValue:)) else {
        throw Invalid("value", "Choose on or off.")
      }
      try await found.set(value, in: tx)
    }
  }

  private static func clear(_ context: Writing) async throws -> Answer {
    try await act(context, done: "cleared") { found, tx in try await found.clear(in: tx) }
  }

  private static func act(
    _ context: Writing, done: StaticString,
    _ change: @Sendable (ClientFlag, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    let flag = try flag(context)
    let fleet = try await context.ledger.fleetFlags()
    let shared = try await shared(flag, context)
    return try await context.attempt(AuditObject("flag", flag.key)) { tx in
      let found = try await find(flag, fleet, in: tx)
      try found.demand(context.form.version)
      try await change(found, tx)
      return DebugTab.flags.path(context.acting).appending(flag.key).query("done", done.description)
    } otherwise: { setback, tx in
      try await screen(flag, fleet, shared, setback: setback, context, in: tx)
    }
  }
}

/// Everything that the page of a flag shows.
struct FlagFile: Sendable {
  let found: ClientFlag
  let history: [TrailStep]
  let shared: [SharedStep]
  /// Of staff people, by the actor.
  let names: [String: String]
}

extension TrailStep {
  /// Who acted, as rows name an actor.
  var actorText: String { "\(actor.kind):\(actor.id)" }
}
