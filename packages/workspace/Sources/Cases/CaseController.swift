// The addresses of one case: reads what was asked, lets the case do it, shows the page that follows.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum CaseController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("cases/{case}", name: "case.show", use: show)
    group.post("cases/{case}/assign", name: "case.assign", use: assign)
    group.post("cases/{case}/stage", name: "case.stage", use: move)
    group.post("cases/{case}/outcome", name: "case.outcome", use: correctOutcome)
    group.post("cases/{case}/notes", name: "note.add", use: addNote)
    group.post("cases/{case}/messages", name: "case_message.add", use: addMessage)
    group.post("cases/{case}/reports", name: "case_report.link", use: linkReport)
    group.post("cases/{case}/reports/{report}/reveal", name: "case.reveal", use: reveal)
    group.post("cases/{case}/attachments", name: "attachment.add", upload: Attachment.upload, use: attach)
    group.get("cases/{case}/attachments/{attachment}", name: "attachment.download", use: download)
    group.get("cases/{case}/edit", name: "case.edit_form", use: editForm)
    group.post("cases/{case}/edit", name: "case.edit", use: edit)
  }

  // MARK: Reading

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let id = try context.id("case", of: Case.self)
    return try await context.look(at: Case.object(id)) { tx in
      try await screen(id, CaseForms(), context, in: tx)
    }
  }

  /// The page of the case, with the reporter of one of its reports on it.
  private static func reveal(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let id = try context.id("case", of: Case.self)
    let report = try context.id("report", of: Report.self)
    return try await context.show("reveal.reporter", at: ReportController.object(report)) { tx in
      let identity = try await ReporterIdentity.reveal(report, in: tx)
      return try await screen(id, CaseForms(), revealed: [report: identity], context, in: tx)
    }
  }

  private static func download(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let id = try context.id("case", of: Case.self)
    let attachment = try context.id("attachment", of: Attachment.self)
    return try await context.handOver("view." + context.facts.route, of: Case.object(id)) { tx in
      guard let found = try await Case.find(id, in: tx),
        let file = try await Attachment.download(attachment, of: .ofCase(id), in: tx)
      else { throw RecordMissing() }
      return (file, "\(found.reference): \(file.name)")
    }
  }

  /// The page of a case, with what its forms hold.
  private static func screen(
    _ id: ID<Case>, _ forms: CaseForms, revealed: [ID<Report>: ReporterIdentity] = [:], _ context: Inside,
    in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await Case.find(id, in: tx) else { throw RecordMissing() }
    let (reports, notes, messages, investigations, attachments, candidates, imports, fileImports, imported) =
      try await tx.together(
        found.reports, found.notes(for: context.acting.subject?.id), found.messages, Investigation.list(of: id),
        Attachment.list(.ofCase(id)), Case.leadCandidates, ImportedFrom.of(id), ImportedFrom.ofFiles(.ofCase(id)),
        ImportedEvent.about(found.itself))
    guard revealed.keys.allSatisfy({ id in reports.contains { $0.id == id } }) else { throw RecordMissing() }
    let file = CaseFile(
      case: found, reports: reports, revealed: revealed, notes: notes, messages: messages,
      investigations: investigations, files: AttachedFiles(attachments, fileImports), candidates: candidates,
      imports: imports, imported: ImportedHistory(imported),
      history: try await tx.history(
        of: found.object, in: context.acting.tenant.id, joining: found.mergedFrom.map { Case.object($0.id) },
        by: "case.merge"))
    return CaseView.page(file, forms, context)
  }

  // MARK: Acts

  private static func assign(_ context: Inside) async throws -> Answer {
    try await act(context, done: "assigned", form: \.assignment) { found, form, tx in
      try found.demand(form.version)
      try await found.assign(to: form.fields["lead"].flatMap { ID<ClientUser>($0) }, in: tx)
    }
  }

  private static func move(_ context: Inside) async throws -> Answer {
    try await act(context, done: "moved", form: \.stage) { found, form, tx in
      try found.demand(form.version)
      guard let next = form.fields["stage"].flatMap(CaseStage.init(rawValue:)) else {
        throw Invalid("stage", "Choose the stage that follows.")
      }
      let reason = form.fields.given("reason")
      if let error = FieldError(tooLong: reason ?? "", "reason", "A reason", limit: Case.reasonLimit) {
        throw Invalid([error])
      }
      let outcome = try CaseOutcome(chosen: form.fields)
      try await found.move(to: next, outcome: outcome, reason: reason, in: tx)
    }
  }

  private static func correctOutcome(_ context: Inside) async throws -> Answer {
    try await act(context, done: "corrected", form: \.outcome) { found, form, tx in
      try found.demand(form.version)
      guard let outcome = try CaseOutcome(chosen: form.fields) else {
        throw Invalid("outcome", "Choose how the case came out.")
      }
      try await found.correct(outcome, in: tx)
    }
  }

  private static func addNote(_ context: Inside) async throws -> Answer {
    try await act(context, done: "noted", form: \.note) { found, form, tx in
      try await found.add(try NoteDraft(form.fields), in: tx)
    }
  }

  private static func addMessage(_ context: Inside) async throws -> Answer {
    try await act(context, done: "written", form: \.message) { found, form, tx in
      try await found.write(try MessageDraft(form.fields), in: tx)
    }
  }

  private static func linkReport(_ context: Inside) async throws -> Answer {
    try await act(context, done: "linked", form: \.link) { found, form, tx in
      guard let link = form.fields["link"].flatMap(ReportLink.init(rawValue:)), ReportLink.offered.contains(link) else {
        throw Invalid("link", "Choose what the report is to this case.")
      }
      try await found.link(form.fields.given("report"), as: link, in: tx)
    }
  }

  private static func attach(_ context: Inside) async throws -> Answer {
    try await act(context, done: "attached", form: \.attachment) { found, form, tx in
      try found.demandItself()
      try await Attachment.add(try AttachmentDraft(form), to: .ofCase(found.id), called: found.reference, in: tx)
    }
  }

  /// An act on one case whose form stands on the case's page.
  static func act(
    _ context: Inside, done: StaticString, form: any WritableKeyPath<CaseForms, FormState> & Sendable,
    _ change: @Sendable @escaping (Case, SubmittedForm, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    try await context.demand(.workCases)
    let id = try context.id("case", of: Case.self)
    let here = context.acting.path("cases", id)
    return try await context.attempt(Case.object(id)) { tx in
      try await change(try await Case.hold(id, in: tx), context.form, tx)
      return here.query("done", done.description)
    } otherwise: { setback, tx in
      var forms = CaseForms(setback: setback)
      forms[keyPath: form] = FormState(context.form.fields, errors: setback.errors)
      return try await screen(id, forms, context, in: tx)
    }
  }

  private static func editForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.workCases)
    let id = try context.id("case", of: Case.self)
    return try await context.look(at: Case.object(id)) { tx in
      guard let found = try await Case.find(id, in: tx) else { throw RecordMissing() }
      return CaseEditView.page(
        found, FormState(found.fields), try await Category.all(in: tx), setback: nil, context)
    }
  }

  private static func edit(_ context: Inside) async throws -> Answer {
    try await context.demand(.workCases)
    let id = try context.id("case", of: Case.self)
    let here = context.acting.path("cases", id)
    return try await context.attempt(Case.object(id)) { tx in
      let found = try await Case.hold(id, in: tx)
      try found.demand(context.form.version)
      try await found.edit(try CaseDraft(context.form.fields), in: tx)
      return here.query("done", "edited")
    } otherwise: { setback, tx in
      guard let found = try await Case.find(id, in: tx) else { throw RecordMissing() }
      return CaseEditView.page(
        found, FormState(context.form.fields, errors: setback.errors), try await Category.all(in: tx),
        setback: setback, context)
    }
  }
}

/// Everything that the page of a case shows.
struct CaseFile: Sendable {
  let `case`: Case
  let reports: [Report]
  /// The reporters that the request for this page revealed.
  let revealed: [ID<Report>: ReporterIdentity]
  let notes: [Note]
  let messages: [CaseMessage]
  let investigations: [InvestigationRow]
  let files: AttachedFiles
  let candidates: [LeadCandidate]
  /// Where it came from, if it came from another system.
  let imports: [ImportedFrom]
  /// What its former system wrote down about it.
  let imported: ImportedHistory
  let history: [TrailStep]

  /// The day that a report came on, if it came over without a time: the one that the case was made of, which has the
  /// case's import.
  func dayReceived(_ report: Report) -> String? {
    report.link == .primary ? imports.day(of: "received_at") : nil
  }

  /// The day that the case was opened on, if it came over without a time; where the source says none, that on which it
  /// was received.
  var openedDay: String? {
    let opened = `case`.openedAt
    if let day = imports.day(of: "opened_at", in: "opened_at", at: opened) { return day }
    guard reports.contains(where: { $0.link == .primary && $0.receivedAt == opened }) else { return nil }
    return imports.day(of: "received_at", in: "opened_at", at: opened)
  }

  var dueDay: String? { imports.day(of: "due_at", in: "due_at", at: `case`.dueAt) }

  var closedDay: String? { `case`.closedAt.flatMap { imports.day(of: "closed_at", in: "closed_at", at: $0) } }

  /// The references of the cases that went into this one, by their ids.
  var joined: [String: String] {
    Dictionary(`case`.mergedFrom.map { ($0.id.description, $0.reference) }) { one, _ in one }
  }

  /// The names of the people and cases whose ids stand in its history.
  var names: [String: String] {
    let people = (candidates.map(\.person) + `case`.members).map { ($0.id.description, $0.name) }
    // The one that it went into, and itself, into which others went.
    let cases = [`case`.mergedInto, LinkedCase(id: `case`.id, reference: `case`.reference)].compactMap(\.self)
    return Dictionary(people + cases.map { ($0.id.description, $0.reference) }) { one, _ in one }
  }
}

/// What the forms on a case's page hold, and why the last one was refused.
struct CaseForms: Sendable {
  var assignment = FormState()
  var member = FormState()
  var stage = FormState()
  var outcome = FormState()
  var note = FormState()
  var message = FormState([(name: "direction", value: MessageDirection.toReporter.rawValue)])
  var link = FormState([(name: "link", value: ReportLink.related.rawValue)])
  var attachment = FormState()
  var setback: Setback?

  init(setback: Setback? = nil) {
    self.setback = setback
  }
}

extension Case {
  /// Its id, and those of the cases that went into it.
  var itself: [UUID] { [id.uuid] + mergedFrom.map(\.id.uuid) }

  /// The stored values, as its form shows them.
  var fields: [(name: String, value: String)] {
    [
      ("title", title), ("summary", summary), ("severity", severity.rawValue),
      ("category", categoryID.description),
    ]
  }
}
