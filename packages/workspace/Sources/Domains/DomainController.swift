// The addresses of domains: the list, one domain, and what can be done with it.

import Access
import EthicoTypes
import Markup
import Web

enum DomainController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("settings/domains", name: "domain.list", use: list)
    group.post("settings/domains", name: "domain.add", use: add)
    group.get("settings/domains/{domain}", name: "domain.show", use: show)
    group.post("settings/domains/{domain}/edit", name: "domain.edit", use: edit)
    group.post("settings/domains/{domain}/verify", name: "domain.verify", use: verify)
    group.post("settings/domains/{domain}/unverify", name: "domain.unverify", use: unverify)
    group.post("settings/domains/{domain}/retire", name: "domain.retire", use: retire)
  }

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.look { tx in try await screen(FormState(), nil, context, in: tx) }
  }

  private static func screen(
    _ state: FormState, _ setback: Setback?, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    let history = try await tx.histories(of: .domain, in: context.acting.tenant.id)
    return DomainListView.page(try await Domain.all(in: tx), history, state, setback, context)
  }

  private static func add(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    return try await context.attempt { tx in
      let id = try await Domain.add(try DomainName(context.form.fields), in: tx)
      return SettingTab.domains.path(context.acting).appending(id).query("done", "added")
    } otherwise: { setback, tx in
      try await screen(FormState(context.form.fields, errors: setback.errors), setback, context, in: tx)
    }
  }

  private static func show(_ context: Inside) async throws -> Answer {
    let id = try context.id("domain", of: Domain.self)
    return try await context.look(at: Domain.object(id)) { tx in try await screen(id, DomainForms(), context, in: tx) }
  }

  private static func screen(
    _ id: ID<Domain>, _ forms: DomainForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    let domains = try await Domain.all(in: tx)
    guard let found = domains.first(where: { $0.id == id }) else { throw RecordMissing() }
    let history = try await tx.history(of: found.object, in: context.acting.tenant.id)
    return DomainView.page(found, among: domains, history, forms, context)
  }

  // MARK: Acts

  private static func edit(_ context: Inside) async throws -> Answer {
    try await act(context, .manageSettings, done: "edited") { found, form, tx in
      try await found.rename(try DomainName(form.fields), in: tx)
    }
  }

  private static func verify(_ context: Inside) async throws -> Answer {
    try await act(context, .verifyDomains, done: "verified") { found, form, tx in
      try await found.verify(try DomainProof(form.fields), in: tx)
    }
  }

  private static func unverify(_ context: Inside) async throws -> Answer {
    try await act(context, .verifyDomains, done: "unverified") { found, _, tx in try await found.unverify(in: tx) }
  }

  private static func retire(_ context: Inside) async throws -> Answer {
    try await act(context, .manageSettings, done: "retired", after: .list) { found, _, tx in
      try await found.retire(in: tx)
    }
  }

  /// Where an act leads: a domain that is retired has no page any more.
  private enum Next {
    case domain, list
  }

  private static func act(
    _ context: Inside, _ permission: Permission, done: StaticString, after next: Next = .domain,
    _ change: @Sendable @escaping (Domain, SubmittedForm, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    try await context.demand(permission)
    let id = try context.id("domain", of: Domain.self)
    return try await context.attempt(Domain.object(id)) { tx in
      let found = try await Domain.hold(id, in: tx)
      try found.demand(context.form.version)
      try await change(found, context.form, tx)
      let list = SettingTab.domains.path(context.acting)
      return (next == .list ? list : list.appending(id)).query("done", done.description)
    } otherwise: { setback, tx in
      try await screen(id, DomainForms(context.form.fields, setback), context, in: tx)
    }
  }
}

/// What the forms on a domain's page hold, and why the last one was refused.
struct DomainForms: Sendable {
  /// What was typed as the name; `nil` shows what is stored.
  var name: FormState?
  /// What was typed as its proof.
  var proof = FormState()
  var setback: Setback?

  init() {}

  /// Each form has one field, which tells whose it is.
  init(_ typed: FormFields, _ setback: Setback) {
    let state = FormState(typed, errors: setback.errors)
    if typed["name"] != nil { name = state }
    if typed["proof"] != nil { proof = state }
    self.setback = setback
  }
}
