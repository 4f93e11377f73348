// The addresses of units: the tree, one unit, and what can be done with it.

import Access
import EthicoTypes
import Markup
import Web

enum OrgUnitController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("people/units", name: "org_unit.list", use: list)
    group.get("people/units/new", name: "org_unit.add_form", use: addForm)
    group.post("people/units", name: "org_unit.add", use: add)
    group.get("people/units/{unit}", name: "org_unit.show", use: show)
    group.post("people/units/{unit}/rename", name: "org_unit.rename", use: rename)
    group.post("people/units/{unit}/move", name: "org_unit.move", use: move)
    group.post("people/units/{unit}/retire", name: "org_unit.retire", use: retire)
  }

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.demand(.readUsers)
    return try await context.look { tx in OrgUnitTreeView.page(try await OrgUnit.all(in: tx), context) }
  }

  private static func addForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    let below = context.query("below") ?? ""
    return try await context.look { tx in
      OrgUnitAddView.page(FormState([("parent", below)]), nil, try await OrgUnit.all(in: tx), context)
    }
  }

  private static func add(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    return try await context.attempt { tx in
      let id = try await OrgUnit.add(try OrgUnitDraft(context.form.fields), in: tx)
      return context.acting.path("people", "units", id).query("done", "added")
    } otherwise: { setback, tx in
      OrgUnitAddView.page(
        FormState(context.form.fields, errors: setback.errors), setback, try await OrgUnit.all(in: tx), context)
    }
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readUsers)
    let id = try context.id("unit", of: OrgUnit.self)
    return try await context.look(at: OrgUnit.object(id)) { tx in
      try await screen(id, OrgUnitForms(), context, in: tx)
    }
  }

  private static func screen(
    _ id: ID<OrgUnit>, _ forms: OrgUnitForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    let units = try await OrgUnit.all(in: tx)
    guard let found = units.first(where: { $0.id == id }) else { throw RecordMissing() }
    let history = try await tx.history(of: found.object, in: context.acting.tenant.id)
    return OrgUnitView.page(found, among: units, history, forms, context)
  }

  private static func rename(_ context: Inside) async throws -> Answer {
    try await act(context, done: "renamed") { found, form, tx in
      try await found.rename(try OrgUnitName(form.fields), in: tx)
    }
  }

  private static func move(_ context: Inside) async throws -> Answer {
    try await act(context, done: "moved") { found, form, tx in
      try await found.move(below: try OrgUnitDraft.parent(form.fields), in: tx)
    }
  }

  private static func retire(_ context: Inside) async throws -> Answer {
    try await act(context, done: "retired") { found, _, tx in try await found.retire(in: tx) }
  }

  private static func act(
    _ context: Inside, done: StaticString,
    _ change: @Sendable @escaping (OrgUnit, SubmittedForm, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    try await context.demand(.manageUsers)
    let id = try context.id("unit", of: OrgUnit.self)
    return try await context.attempt(OrgUnit.object(id)) { tx in
      let found = try await OrgUnit.hold(id, in: tx)
      try found.demand(context.form.version)
      try await change(found, context.form, tx)
      return context.acting.path("people", "units", id).query("done", done.description)
    } otherwise: { setback, tx in
      try await screen(id, OrgUnitForms(context.form.fields, setback), context, in: tx)
    }
  }
}

/// What the forms on a unit's page hold, and why the last one was refused.
struct OrgUnitForms: Sendable {
  /// What was typed as the name; `nil` shows what is stored.
  var name: FormState?
  /// What was chosen as the place.
  var place: FormState?
  var setback: Setback?

  init() {}

  /// Each form has one field, which tells whose it is.
  init(_ typed: FormFields, _ setback: Setback) {
    let state = FormState(typed, errors: setback.errors)
    if typed["name"] != nil { name = state }
    if typed["parent"] != nil { place = state }
    self.setback = setback
  }
}
