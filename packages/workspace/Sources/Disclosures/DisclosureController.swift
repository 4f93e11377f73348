// The addresses of disclosures: reads what was asked, lets the disclosure do it, shows the page that follows.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum DisclosureController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("disclosures", name: "disclosure.list", use: list)
    group.get("disclosures/new", name: "disclosure.create_form", use: createForm)
    group.post("disclosures", name: "disclosure.create", use: create)
    group.get("disclosures/{disclosure}", name: "disclosure.show", use: show)
    group.post("disclosures/{disclosure}/review", name: "disclosure.review", use: startReview)
    group.post("disclosures/{disclosure}/decide", name: "disclosure.decide", use: decide)
    group.post("disclosures/{disclosure}/reopen", name: "disclosure.reopen", use: reopen)
    group.post("disclosures/{disclosure}/attachments", name: "attachment.add", upload: Attachment.upload, use: attach)
    group.get("disclosures/{disclosure}/attachments/{attachment}", name: "attachment.download", use: download)
  }

  // MARK: Reading

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.demand(.readDisclosures)
    let filter = try DisclosureFilter(context)
    return try await context.look { tx in
      DisclosureListView.page(try await Disclosure.page(filter, in: tx), filter, context)
    }
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readDisclosures)
    let id = try context.id("disclosure", of: Disclosure.self)
    return try await context.look(at: Disclosure.object(id)) { tx in
      try await screen(id, DisclosureForms(), context, in: tx)
    }
  }

  /// The page of a disclosure, with what its forms hold.
  private static func screen(
    _ id: ID<Disclosure>, _ forms: DisclosureForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await Disclosure.find(id, in: tx) else { throw RecordMissing() }
    let (attachments, fileImports, imports, imported) = try await tx.together(
      Attachment.list(.ofDisclosure(id)), ImportedFrom.ofFiles(.ofDisclosure(id)), ImportedFrom.of(id),
      ImportedEvent.about([id.uuid]))
    let file = DisclosureFile(
      disclosure: found, files: AttachedFiles(attachments, fileImports), imports: imports,
      imported: ImportedHistory(imported),
      history: try await tx.history(of: found.object, in: context.acting.tenant.id))
    return DisclosureView.page(file, forms, context)
  }

  // MARK: Acts

  private static func createForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.decideDisclosures)
    return try await context.look { _ in DisclosureAddView.page(FormState(), setback: nil, context) }
  }

  private static func create(_ context: Inside) async throws -> Answer {
    try await context.demand(.decideDisclosures)
    return try await context.attempt { tx in
      let id = try await Disclosure.create(try DisclosureDraft(context.form.fields), in: tx)
      return context.acting.path("disclosures", id).query("done", "created")
    } otherwise: { setback, _ in
      DisclosureAddView.page(FormState(context.form.fields, errors: setback.errors), setback: setback, context)
    }
  }

  private static func startReview(_ context: Inside) async throws -> Answer {
    try await act(context, done: "review", form: \.decision) { found, form, tx in
      try found.demand(form.version)
      try await found.startReview(in: tx)
    }
  }

  private static func decide(_ context: Inside) async throws -> Answer {
    try await act(context, done: "decided", form: \.decision) { found, form, tx in
      try found.demand(form.version)
      try await found.decide(try DecisionDraft(form.fields, at: tx.at), in: tx)
    }
  }

  private static func reopen(_ context: Inside) async throws -> Answer {
    try await act(context, done: "reopened", form: \.decision) { found, form, tx in
      try found.demand(form.version)
      try await found.reopen(in: tx)
    }
  }

  private static func attach(_ context: Inside) async throws -> Answer {
    try await act(context, done: "attached", form: \.attachment) { found, form, tx in
      try await Attachment.add(
        try AttachmentDraft(form), to: .ofDisclosure(found.id), called: found.reference, in: tx)
    }
  }

  private static func download(_ context: Inside) async throws -> Answer {
    try await context.demand(.readDisclosures)
    let id = try context.id("disclosure", of: Disclosure.self)
    let attachment = try context.id("attachment", of: Attachment.self)
    return try await context.handOver("view." + context.facts.route, of: Disclosure.object(id)) { tx in
      guard let found = try await Disclosure.find(id, in: tx),
        let file = try await Attachment.download(attachment, of: .ofDisclosure(id), in: tx)
      else { throw RecordMissing() }
      return (file, "\(found.reference): \(file.name)")
    }
  }

  /// An act on one disclosure whose form stands on the disclosure's page.
  private static func act(
    _ context: Inside, done: StaticString,
    form: any WritableKeyPath<DisclosureForms, FormState> & Sendable,
    _ change: @Sendable @escaping (Disclosure, SubmittedForm, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    try await context.demand(.decideDisclosures)
    let id = try context.id("disclosure", of: Disclosure.self)
    return try await context.attempt(Disclosure.object(id)) { tx in
      try await change(try await Disclosure.hold(id, in: tx), context.form, tx)
      return context.acting.path("disclosures", id).query("done", done.description)
    } otherwise: { setback, tx in
      var forms = DisclosureForms(setback: setback)
      forms[keyPath: form] = FormState(context.form.fields, errors: setback.errors)
      return try await screen(id, forms, context, in: tx)
    }
  }
}

/// Everything that the page of a disclosure shows.
struct DisclosureFile: Sendable {
  let disclosure: Disclosure
  let files: AttachedFiles
  /// Where it came from, if it came from another system.
  let imports: [ImportedFrom]
  /// What its former system wrote down about it.
  let imported: ImportedHistory
  let history: [TrailStep]

  /// The day that it was submitted on, if it came over without a time.
  var submittedDay: String? {
    imports.day(of: "submitted_at", in: "submitted_at", at: disclosure.row.submittedAt)
  }

  var decidedDay: String? {
    disclosure.decidedAt.flatMap { imports.day(of: "decided_at", in: "decided_at", at: $0) }
  }
}

/// What the forms on a disclosure's page hold, and why the last one was refused.
struct DisclosureForms: Sendable {
  var decision = FormState()
  var attachment = FormState()
  var setback: Setback?

  init(setback: Setback? = nil) {
    self.setback = setback
  }
}

extension DisclosureFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: Inside) throws {
    words = try context.filterWords(atMost: Self.wordsLimit)
    kinds = context.queries("kind").compactMap(DisclosureKind.init(rawValue:))
    states = context.queries("state").compactMap(DisclosureState.init(rawValue:))
    limit = context.limit
    if let place = try context.position(in: self, of: Disclosure.self) {
      after = Cursor(submittedAt: try CursorDate.read(place.key), id: place.id)
    }
  }

  /// The filter as parameters of the address.
  var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    conditions += kinds.map { ("kind", $0.rawValue) }
    conditions += states.map { ("state", $0.rawValue) }
    return conditions
  }
}
