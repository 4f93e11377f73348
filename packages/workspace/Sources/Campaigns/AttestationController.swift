// The addresses of a campaign's attestations: the list, one of them, and what is done on behalf of employees.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum AttestationController {
  static func routes(_ group: RouteGroup<Inside>) {
    let all = "campaigns/{campaign}/attestations"
    let one = all + "/{attestation}"
    group.get(all, name: "attestation.list", use: list)
    group.post(all, name: "attestation.many", use: many)
    group.get(one, name: "attestation.show", use: show)
    group.post(one + "/complete", name: "attestation.complete") { try await act(.complete, $0) }
    group.post(one + "/refuse", name: "attestation.refuse") { try await act(.refuse, $0) }
    group.post(one + "/skip", name: "attestation.skip") { try await act(.skip, $0) }
    group.post(one + "/extend", name: "attestation.extend") { try await act(.extend, $0) }
    group.post(one + "/remind", name: "attestation.remind") { try await act(.remind, $0) }
  }

  // MARK: Reading

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCampaigns)
    let id = try context.id("campaign", of: Campaign.self)
    let filter = try AttestationFilter(context)
    return try await context.look(at: Campaign.object(id)) { tx in
      try await listScreen(id, filter, AttestationForms(), context, in: tx)
    }
  }

  private static func listScreen(
    _ id: ID<Campaign>, _ filter: AttestationFilter, _ forms: AttestationForms, _ context: Inside,
    in tx: AuditedTransaction
  ) async throws -> Page {
    guard let campaign = try await Campaign.find(id, in: tx) else { throw RecordMissing() }
    let page = try await Attestation.page(of: id, filter, in: tx)
    return AttestationListView.page(campaign, page, filter, forms, context)
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCampaigns)
    let id = try context.id("attestation", of: Attestation.self)
    return try await context.look(at: Attestation.object(id)) { tx in
      try await screen(id, AttestationForms(), context, in: tx)
    }
  }

  /// The page of an attestation, with what its forms hold.
  private static func screen(
    _ id: ID<Attestation>, _ forms: AttestationForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    let campaignID = try context.id("campaign", of: Campaign.self)
    guard let campaign = try await Campaign.find(campaignID, in: tx),
      let found = try await Attestation.find(id, of: campaignID, in: tx)
    else { throw RecordMissing() }
    let (deeds, imports, imported) = try await tx.together(
      found.deeds, ImportedFrom.of(id), ImportedEvent.about([id.uuid]))
    let file = AttestationFile(
      campaign: campaign, attestation: found, deeds: deeds, imports: imports, imported: ImportedHistory(imported),
      history: try await tx.history(of: found.object, in: context.acting.tenant.id))
    return AttestationView.page(file, forms, context)
  }

  // MARK: Acts

  private static func act(_ act: AttestationAct, _ context: Inside) async throws -> Answer {
    try await context.demand(.runCampaigns)
    let campaign = try context.id("campaign", of: Campaign.self)
    let id = try context.id("attestation", of: Attestation.self)
    return try await context.attempt(Attestation.object(id)) { tx in
      let found = try await Attestation.hold(id, of: campaign, in: tx)
      try found.demand(context.form.version)
      try await found.perform(try AttestationOrder(act, context.form.fields, at: tx.at), in: tx)
      return context.acting.path("campaigns", campaign, "attestations", id).query("done", act.rawValue)
    } otherwise: { setback, tx in
      let state = FormState(context.form.fields, errors: setback.errors)
      return try await screen(id, AttestationForms(act: act, state: state, setback: setback), context, in: tx)
    }
  }

  /// The same for many: a result each, 200 where all of them got it, 207 where some did not.
  private static func many(_ context: Inside) async throws -> Answer {
    try await context.demand(.runCampaigns)
    let id = try context.id("campaign", of: Campaign.self)
    let filter = try AttestationFilter(context)
    let later = context.acting.path("campaigns", id, "attestations").query(filter.place)
    return try await context.attemptMany(Campaign.object(id), later: later) { tx in
      guard let campaign = try await Campaign.find(id, in: tx) else { throw RecordMissing() }
      let (order, chosen) = try readMany(context.form.fields, at: tx.at)
      let results = try await campaign.perform(order, on: chosen, in: tx)
      let page = AttestationResultView.page(campaign, order, results, back: later, context)
      return .page(page, status: results.allSatisfy { $0.setback == nil } ? .ok : .mixed)
    } otherwise: { setback, tx in
      let state = FormState(context.form.fields, errors: setback.errors)
      let forms = AttestationForms(act: nil, state: state, setback: setback)
      return try await listScreen(id, filter, forms, context, in: tx)
    }
  }

  private static func readMany(
    _ fields: FormFields, at now: Date
  ) throws -> (order: AttestationOrder, chosen: [Chosen<Attestation>]) {
    let chosen = try Chosen<Attestation>.all(of: fields)
    guard let act = fields["act"].flatMap(AttestationAct.init(rawValue:)), AttestationAct.many.contains(act) else {
      throw Invalid("act", "Choose what to do with the selected rows.")
    }
    return (try AttestationOrder(act, fields, at: now), chosen)
  }
}

/// Everything that the page of an attestation shows.
struct AttestationFile: Sendable {
  let campaign: Campaign
  let attestation: Attestation
  let deeds: [AttestationDeed]
  /// Where it came from, if it came from another system.
  let imports: [ImportedFrom]
  /// What a former system wrote down about it.
  let imported: ImportedHistory
  let history: [TrailStep]

  /// The day that it is due on, if it came over without a time.
  var dueDay: String? { imports.day(of: "due_at", in: "due_at", at: attestation.dueAt) }

  var completedDay: String? {
    attestation.completedAt.flatMap { imports.day(of: "attested_at", in: "completed_at", at: $0) }
  }

  var refusedDay: String? {
    attestation.refusal.flatMap { imports.day(of: "refused_at", in: "refused_at", at: $0.at) }
  }
}

/// What the form that was refused holds, and why it was.
struct AttestationForms: Sendable {
  var act: AttestationAct?
  var state = FormState()
  var setback: Setback?

  /// What the form of an act shows.
  func state(of act: AttestationAct) -> FormState {
    act == self.act ? state : FormState()
  }
}

extension AttestationFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: Inside) throws {
    words = try context.filterWords(atMost: Self.wordsLimit)
    states = context.queries("state").compactMap(AttestationState.init(rawValue:))
    only = context.query("only").flatMap(Only.init(rawValue:))
    limit = context.limit
    if let place = try context.position(in: self, of: Attestation.self) {
      after = Cursor(name: place.key, id: place.id)
    }
  }

  /// The filter as parameters of the address.
  var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    conditions += states.map { ("state", $0.rawValue) }
    if let only { conditions.append(("only", only.rawValue)) }
    return conditions
  }

  /// The same with the position, to come back to.
  var place: [(name: String, value: String)] {
    guard let after else { return parameters }
    return parameters + [("after", position(behind: after.name, after.id))]
  }
}
