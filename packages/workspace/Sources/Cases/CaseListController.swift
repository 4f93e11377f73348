// The addresses of the list of cases: the list itself, the file of it, and what is done to several of its rows.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum CaseListController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("cases", name: "case.list", use: list)
    group.post("cases/assign", name: "case.assign_many", use: assign)
    group.post("cases/export", name: "case.export", use: export)
  }

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let filter = try CaseFilter(context)
    return try await context.look { tx in try await screen(filter, CaseListForms(), context, in: tx) }
  }

  /// The page of the list, with what the form below its rows holds.
  private static func screen(
    _ filter: CaseFilter, _ forms: CaseListForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    var forms = forms
    if context.acting.may(.workCases) { forms.maySelect = try await Flag.bulkOperations.isOn(in: tx) }
    let page = try await Case.page(filter, in: tx)
    // The filter names people; who chooses one of them as a lead sees how much they lead.
    let candidates = try await tx.all(forms.maySelect ? Case.leadCandidates : Case.leadNames)
    return CaseListView.page(page, filter, forms, candidates: candidates, context)
  }

  /// Everything in the list's filters, as a file.
  private static func export(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let filter = try CaseFilter(context)
    return try await context.handOver("export.csv") { tx in
      let cases = try await Case.export(filter, in: tx)
      return (ExportedCase.file(cases, of: context.acting.tenant, at: tx.at), "\(grouped(cases.count)) cases")
    }
  }

  /// Another lead for many: a result each, 200 where all of them got it, 207 where some did not.
  private static func assign(_ context: Inside) async throws -> Answer {
    try await context.demand(.workCases)
    let filter = try CaseFilter(context)
    let later = context.acting.path("cases").query(filter.place)
    return try await context.attemptMany(later: later) { tx in
      guard try await Flag.bulkOperations.isOn(in: tx) else {
        throw CaseRefusal.oneByOne(client: context.acting.tenant.name)
      }
      let chosen = try Chosen<Case>.all(of: context.form.fields)
      let user = context.form.fields["lead"].flatMap { ID<ClientUser>($0) }
      let outcome = try await Case.assign(chosen, to: user, in: tx)
      let candidates = try await tx.all(Case.leadCandidates)
      return .page(CaseResultView.page(outcome, filter, candidates: candidates, context), status: outcome.status)
    } otherwise: { setback, tx in
      let state = FormState(context.form.fields, errors: setback.errors)
      return try await screen(filter, CaseListForms(assignment: state, setback: setback), context, in: tx)
    }
  }
}

/// What the form below the list's rows holds, and why it was refused.
struct CaseListForms: Sendable {
  var assignment = FormState()
  var setback: Setback?
  /// Whether rows can be selected: by somebody who works on cases, where the client has it.
  var maySelect = false
}

extension CaseFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: Inside) throws {
    words = try context.filterWords(atMost: Self.wordsLimit)
    stages = context.queries("stage").compactMap(CaseStage.init(rawValue:))
    severities = context.queries("severity").compactMap(Severity.init(rawValue:))
    switch context.query("lead") {
    case nil: lead = nil
    case "nobody": lead = .nobody
    case let text?: lead = ID<ClientUser>(text).map(Lead.person)
    }
    limit = context.limit
    if let place = try context.position(in: self, of: Case.self) {
      after = Cursor(openedAt: try CursorDate.read(place.key), id: place.id)
    }
  }

  /// The filter as parameters of the address.
  var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    conditions += stages.map { ("stage", $0.rawValue) }
    conditions += severities.map { ("severity", $0.rawValue) }
    switch lead {
    case nil: break
    case .nobody: conditions.append(("lead", "nobody"))
    case .person(let id): conditions.append(("lead", id.description))
    }
    return conditions
  }
  /// The same with the position, to come back to.
  var place: [(name: String, value: String)] {
    guard let after else { return parameters }
    return parameters + [("after", position(behind: CursorDate.text(after.openedAt), after.id))]
  }
}
