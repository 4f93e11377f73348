// The addresses of a case's investigations: reads what was asked, lets the investigation do it, shows what follows.

import Access
import EthicoTypes
import HTTPTypes
import Markup
import Web

enum InvestigationController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("cases/{case}/investigations/new", name: "investigation.create_form", use: openForm)
    group.post("cases/{case}/investigations", name: "investigation.open", use: open)
    group.get("cases/{case}/investigations/{investigation}", name: "investigation.show", use: show)
    group.post("cases/{case}/investigations/{investigation}/assign", name: "investigation.assign", use: assign)
    group.post("cases/{case}/investigations/{investigation}/state", name: "investigation.state", use: move)
    group.get("cases/{case}/investigations/{investigation}/edit", name: "investigation.edit_form", use: editForm)
    group.post("cases/{case}/investigations/{investigation}/edit", name: "investigation.edit", use: edit)
  }

  // MARK: Opening

  private static func openForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.workCases)
    let caseID = try context.id("case", of: Case.self)
    return try await context.look(at: Case.object(caseID)) { tx in
      try await addScreen(caseID, FormState(), nil, context, in: tx)
    }
  }

  private static func open(_ context: Inside) async throws -> Answer {
    try await context.demand(.workCases)
    let caseID = try context.id("case", of: Case.self)
    return try await context.attempt(Case.object(caseID)) { tx in
      let found = try await Case.hold(caseID, in: tx)
      let opened = try await found.investigate(try InvestigationDraft(context.form.fields), in: tx)
      return context.acting.path("cases", caseID, "investigations", opened).query("done", "opened")
    } otherwise: { setback, tx in
      try await addScreen(caseID, FormState(context.form.fields, errors: setback.errors), setback, context, in: tx)
    }
  }

  private static func addScreen(
    _ caseID: ID<Case>, _ state: FormState, _ setback: Setback?, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await Case.find(caseID, in: tx) else { throw RecordMissing() }
    let candidates = try await tx.all(Case.leadNames)
    return InvestigationAddView.page(found, candidates, state, setback: setback, context)
  }

  // MARK: Reading

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let id = try context.id("investigation", of: Investigation.self)
    return try await context.look(at: Investigation.object(id)) { tx in
      try await screen(id, InvestigationForms(), context, in: tx)
    }
  }

  /// The page of an investigation, with what its forms hold.
  private static func screen(
    _ id: ID<Investigation>, _ forms: InvestigationForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    let caseID = try context.id("case", of: Case.self)
    guard let found = try await Investigation.find(id, of: caseID, in: tx) else { throw RecordMissing() }
    let file = InvestigationFile(
      investigation: found, candidates: try await tx.all(Case.leadNames),
      history: try await tx.history(of: found.object, in: context.acting.tenant.id))
    return InvestigationView.page(file, forms, context)
  }

  // MARK: Acts

  private static func assign(_ context: Inside) async throws -> Answer {
    try await act(context, done: "assigned", form: \.assignment) { found, form, tx in
      try await found.assign(to: form.fields["investigator"].flatMap { ID<ClientUser>($0) }, in: tx)
    }
  }

  private static func move(_ context: Inside) async throws -> Answer {
    try await act(context, done: "moved", form: \.state) { found, form, tx in
      guard let next = form.fields["state"].flatMap(InvestigationState.init(rawValue:)) else {
        throw Invalid("state", "Choose the state that follows.")
      }
      try await found.move(to: next, in: tx)
    }
  }

  /// An act on one investigation whose form stands on its page.
  private static func act(
    _ context: Inside, done: StaticString,
    form: any WritableKeyPath<InvestigationForms, FormState> & Sendable,
    _ change: @Sendable @escaping (Investigation, SubmittedForm, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    try await context.demand(.workCases)
    let caseID = try context.id("case", of: Case.self)
    let id = try context.id("investigation", of: Investigation.self)
    return try await context.attempt(Investigation.object(id)) { tx in
      let found = try await Investigation.hold(id, of: caseID, in: tx)
      try found.demand(context.form.version)
      try await change(found, context.form, tx)
      return context.acting.path("cases", caseID, "investigations", id).query("done", done.description)
    } otherwise: { setback, tx in
      var forms = InvestigationForms(setback: setback)
      forms[keyPath: form] = FormState(context.form.fields, errors: setback.errors)
      return try await screen(id, forms, context, in: tx)
    }
  }

  private static func editForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.workCases)
    let caseID = try context.id("case", of: Case.self)
    let id = try context.id("investigation", of: Investigation.self)
    return try await context.look(at: Investigation.object(id)) { tx in
      guard let found = try await Investigation.find(id, of: caseID, in: tx) else { throw RecordMissing() }
      return InvestigationEditView.page(found, FormState(found.fields), setback: nil, context)
    }
  }

  private static func edit(_ context: Inside) async throws -> Answer {
    try await context.demand(.workCases)
    let caseID = try context.id("case", of: Case.self)
    let id = try context.id("investigation", of: Investigation.self)
    return try await context.attempt(Investigation.object(id)) { tx in
      let found = try await Investigation.hold(id, of: caseID, in: tx)
      try found.demand(context.form.version)
      try await found.edit(try InvestigationWords(context.form.fields), in: tx)
      return context.acting.path("cases", caseID, "investigations", id).query("done", "edited")
    } otherwise: { setback, tx in
      guard let found = try await Investigation.find(id, of: caseID, in: tx) else { throw RecordMissing() }
      let state = FormState(context.form.fields, errors: setback.errors)
      return InvestigationEditView.page(found, state, setback: setback, context)
    }
  }
}

/// Everything that the page of an investigation shows.
struct InvestigationFile: Sendable {
  let investigation: Investigation
  let candidates: [LeadCandidate]
  let history: [TrailStep]
}

/// What the forms on an investigation's page hold, and why the last one was refused.
struct InvestigationForms: Sendable {
  var assignment = FormState()
  var state = FormState()
  var setback: Setback?

  init(setback: Setback? = nil) {
    self.setback = setback
  }
}

extension Investigation {
  /// The stored values, as its form shows them.
  var fields: [(name: String, value: String)] {
    [("title", title), ("plan", plan), ("findings", findings)]
  }
}
