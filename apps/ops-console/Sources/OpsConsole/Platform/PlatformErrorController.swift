// What went wrong that belongs to no client: faults outside of workspaces, failures of the platform's own jobs.

import Access
import Errors
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Jobs
import Markup
import Web

enum PlatformErrorController {
  private typealias Operator = StaffContext<OperatePlatform>

  static func routes(_ routes: Routes) {
    let operators = routes.group("platform/errors", context: Operator.self)
    operators.get("", name: "platform.errors", use: list)
    operators.get("{error}", name: "platform.error", use: show)
    operators.get("{error}/{sample}", name: "platform.error_sample", use: sample)
    operators.post("{error}/resolve", name: "platform.error_resolve") { try await act(.resolve, $0) }
    operators.post("{error}/reopen", name: "platform.error_reopen") { try await act(.reopen, $0) }
    operators.post("{error}/mute", name: "platform.error_mute") { try await act(.mute, $0) }
  }

  private static func list(_ context: Operator) async throws -> Answer {
    let filter = try ErrorFilter(context)
    return try await context.ledger.platformJobs(by: context.author) { tx in
      let page = try await ErrorGroup.page(filter, in: tx)
      let places = try await ErrorGroup.places(in: tx)
      return .page(ErrorListView.page(page, places, filter, .platform, at: tx.at))
    }
  }

  private static func show(_ context: Operator) async throws -> Answer {
    .page(try await screen(try context.id("error"), ErrorScreen(), context))
  }

  private static func screen(
    _ id: ID<ErrorGroup>, _ screen: ErrorScreen, _ context: Operator
  ) async throws -> Page {
    try await context.ledger.platformJobs(by: context.author) { tx in
      let file = try await ErrorFile.find(id, context.ledger, in: tx)
      return ErrorView.page(file, screen, .platform, at: tx.at)
    }
  }

  private static func sample(_ context: Operator) async throws -> Answer {
    let id = try context.id("error", of: ErrorGroup.self)
    guard let number = Int(try context.word("sample")) else { throw Problem.notFound }
    return try await context.ledger.platformJobs(by: context.author) { tx in
      let file = try await ErrorSampleFile.find(number, of: id, context.ledger, in: tx)
      return .page(ErrorSampleView.page(file, .platform))
    }
  }

  private static func act(_ act: ErrorAct, _ context: Operator) async throws -> Answer {
    let id = try context.id("error", of: ErrorGroup.self)
    do {
      try await context.ledger.platformJobs(by: context.author) { tx in
        try await act.perform(on: id, context.form, in: tx)
      }
      return .redirect(ErrorPlace.platform.list.appending(id).query("done", act.rawValue))
    } catch let refusal as any Refusal {
      let setback = refusal.setback
      try await context.ledger.refuse(
        context.author, action: "error." + act.rawValue, object: ErrorGroup.object(id), outcome: setback.outcome,
        status: setback.status.code)
      guard context.wantsHTML else { throw setback.problem }
      let form = FormState(context.form.fields, errors: setback.errors)
      return .page(try await screen(id, ErrorScreen(setback: setback, form: form), context), status: setback.status)
    }
  }
}
