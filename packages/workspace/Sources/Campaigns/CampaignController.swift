// The addresses of campaigns: reads what was asked, lets the campaign do it, shows the page that follows.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum CampaignController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("campaigns", name: "campaign.list", use: list)
    group.get("campaigns/new", name: "campaign.add_form", use: addForm)
    group.post("campaigns", name: "campaign.add", use: add)
    group.get("campaigns/{campaign}", name: "campaign.show", use: show)
    group.get("campaigns/{campaign}/edit", name: "campaign.edit_form", use: editForm)
    group.post("campaigns/{campaign}/edit", name: "campaign.edit", use: edit)
    group.post("campaigns/{campaign}/move", name: "campaign.move", use: move)
    group.post("campaigns/{campaign}/remind", name: "campaign.remind", use: remind)
  }

  // MARK: Reading

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCampaigns)
    let filter = try CampaignFilter(context)
    return try await context.look { tx in
      CampaignListView.page(try await Campaign.page(filter, in: tx), filter, context)
    }
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCampaigns)
    let id = try context.id("campaign", of: Campaign.self)
    return try await context.look(at: Campaign.object(id)) { tx in
      try await screen(id, CampaignForms(), context, in: tx)
    }
  }

  /// The page of a campaign, with what its forms hold.
  private static func screen(
    _ id: ID<Campaign>, _ forms: CampaignForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await Campaign.find(id, in: tx) else { throw RecordMissing() }
    let (states, unitNames, members, ordered) = try await tx.together(
      found.states(at: tx.at), found.audience.unitNames, found.memberCount, found.orderedWork)
    let progress = CampaignProgress(states)
    let file = CampaignFile(
      campaign: found, audience: found.audience.words(unitNames),
      members: found.status.isPlanned ? members.first ?? 0 : progress.total, progress: progress,
      ordered: CampaignWork.Act.allCases.filter { ordered.contains(found.workKey($0)) },
      history: try await tx.history(of: found.object, in: context.acting.tenant.id))
    return CampaignView.page(file, forms, context)
  }

  // MARK: Planning

  private static func addForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.runCampaigns)
    return try await context.look { tx in
      var fields = [(name: "kind", value: AttestationKind.checkbox.rawValue), ("audience", AudienceKind.all.rawValue)]
      if let policy = context.query("policy") { fields.append(("policy", policy)) }
      return CampaignFormView.adding(FormState(fields), try await CampaignChoices.read(in: tx), setback: nil, context)
    }
  }

  private static func add(_ context: Inside) async throws -> Answer {
    try await context.demand(.runCampaigns)
    return try await context.attempt { tx in
      let id = try await Campaign.add(try await CampaignDraft(context.form.fields, in: tx), in: tx)
      return context.acting.path("campaigns", id).query("done", "added")
    } otherwise: { setback, tx in
      CampaignFormView.adding(
        FormState(context.form.fields, errors: setback.errors), try await CampaignChoices.read(in: tx),
        setback: setback, context)
    }
  }

  private static func editForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.runCampaigns)
    let id = try context.id("campaign", of: Campaign.self)
    return try await context.look(at: Campaign.object(id)) { tx in
      guard let found = try await Campaign.find(id, in: tx) else { throw RecordMissing() }
      let state = FormState(try await found.fields(in: tx))
      return CampaignFormView.editing(found, state, try await CampaignChoices.read(in: tx), setback: nil, context)
    }
  }

  private static func edit(_ context: Inside) async throws -> Answer {
    try await context.demand(.runCampaigns)
    let id = try context.id("campaign", of: Campaign.self)
    return try await context.attempt(Campaign.object(id)) { tx in
      let found = try await Campaign.hold(id, in: tx)
      try found.demand(context.form.version)
      guard found.status.isPlanned else { throw CampaignRefusal.settled(found) }
      try await found.edit(try await CampaignDraft(context.form.fields, in: tx), in: tx)
      return context.acting.path("campaigns", id).query("done", "edited")
    } otherwise: { setback, tx in
      guard let found = try await Campaign.find(id, in: tx) else { throw RecordMissing() }
      return CampaignFormView.editing(
        found, FormState(context.form.fields, errors: setback.errors), try await CampaignChoices.read(in: tx),
        setback: setback, context)
    }
  }

  // MARK: Acts on the campaign's page

  private static func move(_ context: Inside) async throws -> Answer {
    try await act(context) { found, form, tx in
      guard let next = form.fields["to"].flatMap(CampaignStatus.init(rawValue:)) else {
        throw Invalid("to", "Choose what the campaign is to become.")
      }
      if next == .active { try await found.begin(in: tx) } else { try await found.move(to: next, in: tx) }
      return [("done", "moved")]
    }
  }

  private static func remind(_ context: Inside) async throws -> Answer {
    try await act(context) { found, _, tx in
      guard let count = try await found.remind(in: tx) else { return [("done", "reminding")] }
      return [("done", "reminded"), ("count", "\(count)")]
    }
  }

  /// What the page says of an act, as parameters of its address.
  private typealias Told = [(name: StaticString, value: String)]

  /// An act on one campaign whose form stands on its page; it says what the page tells of it.
  private static func act(
    _ context: Inside, _ change: @Sendable @escaping (Campaign, SubmittedForm, AuditedTransaction) async throws -> Told
  ) async throws -> Answer {
    try await context.demand(.runCampaigns)
    let id = try context.id("campaign", of: Campaign.self)
    return try await context.attempt(Campaign.object(id)) { tx in
      let found = try await Campaign.hold(id, in: tx)
      try found.demand(context.form.version)
      let told = try await change(found, context.form, tx)
      return told.reduce(context.acting.path("campaigns", id)) { $0.query($1.name, $1.value) }
    } otherwise: { setback, tx in
      let forms = CampaignForms(move: FormState(context.form.fields, errors: setback.errors), setback: setback)
      return try await screen(id, forms, context, in: tx)
    }
  }
}

/// Everything that the page of a campaign shows.
struct CampaignFile: Sendable {
  let campaign: Campaign
  /// The audience in words.
  let audience: String
  /// How many are asked, or would be now.
  let members: Int
  let progress: CampaignProgress
  /// What its job is about to do, or doing.
  let ordered: [CampaignWork.Act]
  let history: [TrailStep]

  /// Why it cannot begin at that moment; `nil` where it can.
  func hindrance(at now: Date) -> String? {
    campaign.hindrance(asking: members, at: now)
  }
}

/// What the forms on a campaign's page hold, and why the last one was refused.
struct CampaignForms: Sendable {
  var move = FormState()
  var setback: Setback?
}

/// What the form of a campaign offers.
struct CampaignChoices: Sendable {
  let policies: [PolicyReference]
  let units: [UnitChoice]

  static func read(in tx: AuditedTransaction) async throws -> CampaignChoices {
    CampaignChoices(policies: try await Campaign.policies(in: tx), units: try await Campaign.units(in: tx))
  }
}

extension Campaign {
  /// The stored values, as its form shows them.
  func fields(in tx: AuditedTransaction) async throws -> [(name: String, value: String)] {
    var fields = [
      (name: "name", value: name), ("kind", kind.rawValue), ("policy", policy.id.description),
      ("audience", audience.kind.rawValue), ("due", CalendarDay.text(dueAt)),
      ("starts", startsAt.map(CalendarDay.text) ?? ""),
    ]
    switch audience.kind {
    case .all: break
    case .units: fields += audience.ids.map { ("units[]", $0.uuidString.lowercased()) }
    case .list: fields.append(("employees", try await audience.numbers(in: tx).joined(separator: "\n")))
    }
    return fields
  }
}

extension CampaignFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: Inside) throws {
    words = try context.filterWords(atMost: Self.wordsLimit)
    statuses = context.queries("status").compactMap(CampaignStatus.init(rawValue:))
    policy = context.query("policy").flatMap { ID<Policy>($0) }
    limit = context.limit
    if let place = try context.position(in: self, of: Campaign.self) {
      after = Cursor(createdAt: try CursorDate.read(place.key), id: place.id)
    }
  }

  /// The filter as parameters of the address.
  var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    conditions += statuses.map { ("status", $0.rawValue) }
    if let policy { conditions.append(("policy", policy.description)) }
    return conditions
  }
}
