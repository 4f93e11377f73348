// The addresses of policies: reads what was asked, lets the policy do it, shows the page that follows.

import Access
import EthicoTypes
import HTTPTypes
import Markup
import Web

enum PolicyController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("policies", name: "policy.list", use: list)
    group.get("policies/new", name: "policy.add_form", use: addForm)
    group.post("policies", name: "policy.add", use: add)
    group.get("policies/{policy}", name: "policy.show", use: show)
    group.get("policies/{policy}/versions/{number}", name: "policy.version", use: version)
    group.get("policies/{policy}/edit", name: "policy.edit_form", use: editForm)
    group.post("policies/{policy}/edit", name: "policy.edit", use: edit)
    group.post("policies/{policy}/move", name: "policy.move", use: move)
    group.post("policies/{policy}/revise", name: "policy.revise", use: revise)
    group.post("policies/{policy}/discard", name: "policy.discard", use: discard)
    group.post("policies/{policy}/attachments", name: "attachment.add", upload: Attachment.upload, use: attach)
    group.get("policies/{policy}/attachments/{attachment}", name: "attachment.download", use: download)
  }

  // MARK: Reading

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.demand(.readPolicies)
    let filter = try PolicyFilter(context)
    return try await context.look { tx in
      PolicyListView.page(try await Policy.page(filter, in: tx), filter, context)
    }
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readPolicies)
    let id = try context.id("policy", of: Policy.self)
    return try await context.look(at: Policy.object(id)) { tx in
      try await screen(id, PolicyForms(), context, in: tx)
    }
  }

  /// The page of a policy, with what its forms hold.
  private static func screen(
    _ id: ID<Policy>, _ forms: PolicyForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    let sight = context.acting.policySight
    guard let found = try await Policy.find(id, sight, in: tx) else { throw RecordMissing() }
    let (current, versions, campaigns, attachments, fileImports, imports, imported) = try await tx.together(
      found.currentText, found.versions, Campaign.rows(CampaignFilter(policy: id, limit: 10)),
      Attachment.list(.ofPolicy(id, sight)), ImportedFrom.ofFiles(.ofPolicy(id, sight)), ImportedFrom.of(id),
      ImportedEvent.about([id.uuid]))
    let file = PolicyFile(
      policy: found, sight: sight, current: current.first, versions: versions, campaigns: Array(campaigns.prefix(10)),
      files: AttachedFiles(attachments, fileImports),
      imports: sight == .everything ? imports : [],
      imported: ImportedHistory(sight == .everything ? imported : []),
      history: sight == .everything ? try await tx.history(of: found.object, in: context.acting.tenant.id) : [])
    return PolicyView.page(file, forms, context)
  }

  private static func version(_ context: Inside) async throws -> Answer {
    try await context.demand(.readPolicies)
    let id = try context.id("policy", of: Policy.self)
    guard let number = Int(try context.word("number")) else { throw Problem.notFound }
    return try await context.look(at: Policy.object(id)) { tx in
      guard let policy = try await Policy.find(id, context.acting.policySight, in: tx) else { throw RecordMissing() }
      let against = context.query("against").flatMap(Int.init) ?? number - 1
      let (shown, other, versions) = try await tx.together(
        policy.version(number), policy.version(against == number ? nil : against), policy.versions)
      guard let shown = shown.first else { throw RecordMissing() }
      let file = PolicyVersionFile(policy: policy, shown: shown, other: other.first, versions: versions)
      return PolicyVersionView.page(file, context)
    }
  }

  // MARK: Adding and editing

  private static func addForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.editPolicies)
    return try await context.look { _ in
      PolicyEditView.adding(FormState([("language", "en")]), setback: nil, context)
    }
  }

  private static func add(_ context: Inside) async throws -> Answer {
    try await context.demand(.editPolicies)
    return try await context.attempt { tx in
      let id = try await Policy.add(try PolicyDraft(context.form.fields), in: tx)
      return context.acting.path("policies", id).query("done", "added")
    } otherwise: { setback, _ in
      PolicyEditView.adding(FormState(context.form.fields, errors: setback.errors), setback: setback, context)
    }
  }

  private static func editForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.editPolicies)
    let id = try context.id("policy", of: Policy.self)
    return try await context.look(at: Policy.object(id)) { tx in
      guard let found = try await Policy.find(id, .everything, in: tx) else { throw RecordMissing() }
      return PolicyEditView.editing(found, FormState(found.fields), setback: nil, context)
    }
  }

  private static func edit(_ context: Inside) async throws -> Answer {
    try await context.demand(.editPolicies)
    let id = try context.id("policy", of: Policy.self)
    return try await context.attempt(Policy.object(id)) { tx in
      let found = try await Policy.hold(id, in: tx)
      try found.demand(context.form.version)
      try await found.edit(try PolicyDraft(context.form.fields), in: tx)
      return context.acting.path("policies", id).query("done", "edited")
    } otherwise: { setback, tx in
      guard let found = try await Policy.find(id, .everything, in: tx) else { throw RecordMissing() }
      return PolicyEditView.editing(
        found, FormState(context.form.fields, errors: setback.errors), setback: setback, context)
    }
  }

  // MARK: Acts on the policy's page

  private static func move(_ context: Inside) async throws -> Answer {
    let next = context.form.fields["to"].flatMap(PolicyStatus.init(rawValue:))
    return try await act(context, done: "moved", any: next?.movers ?? [.editPolicies]) { found, form, tx in
      try found.demand(form.version)
      guard let next else { throw Invalid("to", "Choose what the policy is to become.") }
      let note = form.fields.given("note")
      if let error = FieldError(tooLong: note ?? "", "note", "A note", limit: PolicyDraft.noteLimit) {
        throw Invalid([error])
      }
      try await found.move(to: next, note: note, in: tx)
    }
  }

  private static func revise(_ context: Inside) async throws -> Answer {
    try await act(context, done: "revised", any: [.editPolicies]) { found, form, tx in
      try found.demand(form.version)
      try await found.revise(in: tx)
    }
  }

  private static func discard(_ context: Inside) async throws -> Answer {
    try await act(context, done: "discarded", any: [.editPolicies]) { found, form, tx in
      try found.demand(form.version)
      try await found.discard(in: tx)
    }
  }

  private static func attach(_ context: Inside) async throws -> Answer {
    try await act(context, done: "attached", any: [.editPolicies], form: \.attachment) { found, form, tx in
      try await Attachment.add(
        try AttachmentDraft(form), to: .ofPolicy(found.id, .everything), called: found.title, in: tx)
    }
  }

  private static func download(_ context: Inside) async throws -> Answer {
    try await context.demand(.readPolicies)
    let id = try context.id("policy", of: Policy.self)
    let attachment = try context.id("attachment", of: Attachment.self)
    return try await context.handOver("view." + context.facts.route, of: Policy.object(id)) { tx in
      let sight = context.acting.policySight
      guard let found = try await Policy.find(id, sight, in: tx),
        let file = try await Attachment.download(attachment, of: .ofPolicy(id, sight), in: tx)
      else { throw RecordMissing() }
      return (file, "\(found.title): \(file.name)")
    }
  }

  /// An act on one policy whose form stands on the policy's page.
  private static func act(
    _ context: Inside, done: StaticString, any permissions: [Permission],
    form: any WritableKeyPath<PolicyForms, FormState> & Sendable = \.move,
    _ change: @Sendable @escaping (Policy, SubmittedForm, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    try await context.demand(any: permissions)
    let id = try context.id("policy", of: Policy.self)
    return try await context.attempt(Policy.object(id)) { tx in
      try await change(try await Policy.hold(id, in: tx), context.form, tx)
      return context.acting.path("policies", id).query("done", done.description)
    } otherwise: { setback, tx in
      var forms = PolicyForms(setback: setback)
      forms[keyPath: form] = FormState(context.form.fields, errors: setback.errors)
      return try await screen(id, forms, context, in: tx)
    }
  }
}

extension PolicyStatus {
  /// Who may move a policy there; one of these is enough.
  var movers: [Permission] {
    switch self {
    case .pendingApproval: [.editPolicies]
    case .approved: [.approvePolicies]
    case .published, .retired: [.publishPolicies]
    case .draft: [.editPolicies, .approvePolicies]
    }
  }
}

extension ActingContext {
  /// How much of the policies the acting person sees.
  var policySight: PolicySight { may(.readDrafts) ? .everything : .published }
}

/// Everything that the page of a policy shows.
struct PolicyFile: Sendable {
  let policy: Policy
  let sight: PolicySight
  let current: PolicyVersion?
  let versions: [PolicyVersionRow]
  /// The last ones that ask for it.
  let campaigns: [CampaignRow]
  let files: AttachedFiles
  /// Where it came from, if it came from another system: a row a version.
  let imports: [ImportedFrom]
  /// What a former system wrote down about it.
  let imported: ImportedHistory
  let history: [TrailStep]
}

/// A version, and the one it is held against.
struct PolicyVersionFile: Sendable {
  let policy: Policy
  let shown: PolicyVersion
  let other: PolicyVersion?
  let versions: [PolicyVersionRow]
}

/// What the forms on a policy's page hold, and why the last one was refused.
struct PolicyForms: Sendable {
  var move = FormState()
  var attachment = FormState()
  var setback: Setback?

  init(setback: Setback? = nil) {
    self.setback = setback
  }
}

extension Policy {
  /// The stored draft, as its form shows it.
  var fields: [(name: String, value: String)] {
    [("title", working.title), ("type", type.rawValue), ("language", language), ("body", working.body)]
  }
}

extension PolicyFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: Inside) throws {
    words = try context.filterWords(atMost: Self.wordsLimit)
    sight = context.acting.policySight
    statuses = context.queries("status").compactMap(PolicyStatus.init(rawValue:))
    types = context.queries("type").compactMap(PolicyType.init(rawValue:))
    limit = context.limit
    if let place = try context.position(in: self, of: Policy.self) {
      after = Cursor(title: place.key, id: place.id)
    }
  }

  /// The filter as parameters of the address.
  var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    conditions += statuses.map { ("status", $0.rawValue) }
    conditions += types.map { ("type", $0.rawValue) }
    return conditions
  }
}
