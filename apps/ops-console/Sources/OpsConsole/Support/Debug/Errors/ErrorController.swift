// The addresses of a client's errors: what went wrong, how often, for whom, and what support says about it.

import Access
import Errors
import EthicoTypes
import Flags
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum ErrorController {
  private typealias Reading = WorkspaceContext<ReadDebug>
  private typealias Writing = WorkspaceContext<WriteErrors>

  static func routes(_ routes: Routes) {
    let readers = routes.group("i/{impersonation}/debug/errors", context: Reading.self)
    readers.get("", name: "error.list", use: list)
    readers.get("{error}", name: "error.show", use: show)
    readers.get("{error}/{sample}", name: "error.sample", use: sample)
    let writers = routes.group("i/{impersonation}/debug/errors", context: Writing.self)
    writers.post("{error}/resolve", name: "error.resolve", use: { try await act(.resolve, $0) })
    writers.post("{error}/reopen", name: "error.reopen", use: { try await act(.reopen, $0) })
    writers.post("{error}/mute", name: "error.mute", use: { try await act(.mute, $0) })
  }

  // MARK: Reading

  private static func list(_ context: Reading) async throws -> Answer {
    let filter = try ErrorFilter(context)
    return try await context.look { tx in
      let page = try await ErrorGroup.page(filter, in: tx)
      let places = try await ErrorGroup.places(in: tx)
      return ErrorListView.page(page, places, filter, ErrorPlace(context.acting), at: tx.at)
    }
  }

  private static func show(_ context: Reading) async throws -> Answer {
    let id = try context.id("error", of: ErrorGroup.self)
    return try await context.look(at: ErrorGroup.object(id)) { tx in
      try await screen(id, ErrorScreen(), context, in: tx)
    }
  }

  private static func screen<Need>(
    _ id: ID<ErrorGroup>, _ screen: ErrorScreen, _ context: WorkspaceContext<Need>, in tx: AuditedTransaction
  ) async throws -> Page {
    let file = try await ErrorFile.find(id, context.ledger, in: tx)
    return ErrorView.page(file, screen, ErrorPlace(context.acting), at: tx.at)
  }

  private static func sample(_ context: Reading) async throws -> Answer {
    let id = try context.id("error", of: ErrorGroup.self)
    guard let number = Int(try context.word("sample")) else { throw Problem.notFound }
    return try await context.look(at: ErrorGroup.object(id)) { tx in
      let file = try await ErrorSampleFile.find(number, of: id, context.ledger, in: tx)
      return ErrorSampleView.page(file, ErrorPlace(context.acting))
    }
  }

  // MARK: Acts

  private static func act(_ act: ErrorAct, _ context: Writing) async throws -> Answer {
    let id = try context.id("error", of: ErrorGroup.self)
    return try await context.attempt(ErrorGroup.object(id)) { tx in
      try await act.perform(on: id, context.form, in: tx)
      return DebugTab.errors.path(context.acting).appending(id).query("done", act.rawValue)
    } otherwise: { setback, tx in
      let state = FormState(context.form.fields, errors: setback.errors)
      return try await screen(id, ErrorScreen(setback: setback, form: state), context, in: tx)
    }
  }
}

extension ErrorAct {
  /// Does it to the group of that id, as the form says.
  func perform(on id: ID<ErrorGroup>, _ form: SubmittedForm, in tx: AuditedTransaction) async throws {
    guard let group = try await ErrorGroup.hold(id, in: tx) else { throw RecordMissing() }
    try group.demand(form.version, at: tx.at)
    switch self {
    case .resolve: try await group.resolve(in: tx)
    case .reopen: try await group.reopen(in: tx)
    case .mute: try await group.mute(until: try MuteDay(form.fields, at: tx.at).start, in: tx)
    }
  }
}

/// How an error's page is shown this time.
struct ErrorScreen: Sendable {
  var setback: Setback?
  /// The form of its muting, as it was sent.
  var form = FormState()
}

/// Everything that the page of a group shows.
struct ErrorFile: Sendable {
  let group: ErrorGroup
  /// The last one first.
  let samples: [ErrorSample]
  /// What people did to it, newest first.
  let steps: [TrailStep]
  let names: ErrorNames

  /// - Throws: `RecordMissing` where the transaction's client has none of that id.
  static func find(_ id: ID<ErrorGroup>, _ ledger: Ledger, in tx: AuditedTransaction) async throws -> ErrorFile {
    let (found, samples) = try await tx.together(ErrorGroup.one(id, at: tx.at), ErrorGroup.samples(of: id))
    guard let group = found.first else { throw RecordMissing() }
    let steps = try await tx.history(of: ErrorGroup.object(group.id), in: tx.author.tenant ?? ID(Chain.platform))
    return ErrorFile(
      group: group, samples: samples, steps: steps, names: try await .read(samples, steps, ledger, in: tx))
  }
}

/// One time that it happened, and what the trail says of its request.
struct ErrorSampleFile: Sendable {
  let group: ErrorGroup
  let sample: ErrorSample
  /// Newest first.
  let steps: [TrailStep]
  let names: ErrorNames

  /// - Throws: `RecordMissing` where there is no such group, or that time is not kept.
  static func find(
    _ number: Int, of id: ID<ErrorGroup>, _ ledger: Ledger, in tx: AuditedTransaction
  ) async throws -> ErrorSampleFile {
    let (groups, samples) = try await tx.together(
      ErrorGroup.one(id, at: tx.at), ErrorGroup.sample(number, of: id))
    guard let group = groups.first, let sample = samples.first else { throw RecordMissing() }
    let steps = try await tx.steps(
      of: sample.request, around: sample.at, in: tx.author.tenant ?? ID(Chain.platform))
    return ErrorSampleFile(
      group: group, sample: sample, steps: steps, names: try await .read([sample], steps, ledger, in: tx))
  }
}

/// The names of the people whom errors met, and of those who acted.
struct ErrorNames: Sendable {
  /// Of staff people, by the actor.
  let staff: [String: String]
  let subjects: [ID<ClientUser>: String]

  static func read(
    _ samples: [ErrorSample], _ steps: [TrailStep], _ ledger: Ledger, in tx: AuditedTransaction
  ) async throws -> ErrorNames {
    let actors = samples.compactMap(\.staff).map { "staff:\($0)" } + steps.map(\.actorText)
    return ErrorNames(
      staff: try await ledger.names(of: Array(Set(actors))),
      subjects: try await tx.subjectNames(Array(Set(samples.compactMap(\.subject)))))
  }

  func staff(of sample: ErrorSample) -> String? {
    sample.staff.map { staff["staff:\($0)"] ?? "Somebody at Ethico" }
  }

  func subject(of sample: ErrorSample) -> String? {
    sample.subject.map { subjects[$0] ?? "A person who is gone" }
  }
}
