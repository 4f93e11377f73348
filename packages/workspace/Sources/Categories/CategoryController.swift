// The addresses of categories: everybody inside may look, few may change.

import Access
import EthicoTypes
import Markup
import Web

enum CategoryController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("settings/categories", name: "category.list", use: list)
    group.get("settings/categories/new", name: "category.add_form", use: addForm)
    group.post("settings/categories", name: "category.add", use: add)
    group.get("settings/categories/{category}", name: "category.show", use: show)
    group.post("settings/categories/{category}/edit", name: "category.edit", use: edit)
    group.post("settings/categories/{category}/move", name: "category.move", use: move)
    group.post("settings/categories/{category}/retire", name: "category.retire", use: retire)
  }

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.look { tx in CategoryListView.page(try await Category.all(in: tx), nil, context) }
  }

  private static func addForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    return try await context.look { tx in
      CategoryAddView.page(FormState([("severity", "medium"), ("days", "30")]), nil, try await others(in: tx), context)
    }
  }

  private static func add(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    return try await context.attempt { tx in
      let id = try await Category.add(try CategoryDraft(context.form.fields), in: tx)
      return context.acting.path("settings", "categories", id).query("done", "added")
    } otherwise: { setback, tx in
      CategoryAddView.page(
        FormState(context.form.fields, errors: setback.errors), setback, try await others(in: tx), context)
    }
  }

  private static func show(_ context: Inside) async throws -> Answer {
    let id = try context.id("category", of: Category.self)
    return try await context.look(at: Category.object(id)) { tx in
      try await screen(id, nil, nil, context, in: tx)
    }
  }

  /// - Parameter typed: what the form holds; `nil` shows what is stored.
  private static func screen(
    _ id: ID<Category>, _ typed: FormState?, _ setback: Setback?, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await Category.find(id, in: tx) else { throw RecordMissing() }
    let history = try await tx.history(of: found.object, in: context.acting.tenant.id)
    return CategoryView.page(found, try await others(in: tx), history, typed, setback, context)
  }

  private static func others(in tx: AuditedTransaction) async throws -> CategoryChoices {
    CategoryChoices(categories: try await Category.all(in: tx), leads: try await CategoryLead.all(in: tx))
  }

  private static func edit(_ context: Inside) async throws -> Answer {
    try await act(context, done: "edited") { found, form, tx in
      try found.demand(form.version)
      try await found.edit(try CategoryDraft(form.fields), in: tx)
    }
  }

  private static func retire(_ context: Inside) async throws -> Answer {
    try await act(context, done: "retired") { found, form, tx in
      try found.demand(form.version)
      try await found.retire(in: tx)
    }
  }

  private static func act(
    _ context: Inside, done: StaticString,
    _ change: @Sendable @escaping (Category, SubmittedForm, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    try await context.demand(.manageSettings)
    let id = try context.id("category", of: Category.self)
    return try await context.attempt(Category.object(id)) { tx in
      try await change(try await Category.hold(id, in: tx), context.form, tx)
      return context.acting.path("settings", "categories", id).query("done", done.description)
    } otherwise: { setback, tx in
      // The form that retires has no field to keep.
      let typed = context.form.fields["name"] == nil ? nil : FormState(context.form.fields, errors: setback.errors)
      return try await screen(id, typed, setback, context, in: tx)
    }
  }

  /// Moves a category one place. It says which way, not to which place, so that it is never stale.
  private static func move(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    let id = try context.id("category", of: Category.self)
    return try await context.attempt(Category.object(id)) { tx in
      let found = try await Category.hold(id, in: tx)
      guard let direction = context.form.fields["direction"].flatMap(CategoryDirection.init(rawValue:)) else {
        throw Invalid("direction", "Choose up or down.")
      }
      try await found.move(direction, in: tx)
      return context.acting.path("settings", "categories").query("done", "moved")
    } otherwise: { setback, tx in
      CategoryListView.page(try await Category.all(in: tx), setback, context)
    }
  }
}

/// What the form of a category offers.
struct CategoryChoices: Sendable {
  let categories: [Category]
  let leads: [CategoryLead]

  /// The categories that another one can stand below.
  func parents(of category: Category?) -> [Choice] {
    categories.filter { other in
      other.parentID == nil && other.id != category?.id
        && (other.retiredAt == nil || other.id == category?.parentID)
    }.map { ($0.id.description, $0.name) }
  }

  /// Those whom cases may go to, and who is set now.
  func leads(of category: Category?) -> [Choice] {
    var choices: [Choice] = leads.map { ($0.id.description, $0.name) }
    if let lead = category?.lead, !lead.mayLead { choices.append((lead.id.description, "\(lead.name) (may not lead)")) }
    return choices
  }

  /// The names of what a category's fields hold by id.
  var names: [String: String] {
    Dictionary(
      categories.map { ($0.id.description, $0.name) } + leads.map { ($0.id.description, $0.name) },
      uniquingKeysWith: { first, _ in first })
  }
}
