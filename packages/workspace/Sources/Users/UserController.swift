// The addresses of users: reads what was asked, lets the user's record do it, shows the page that follows.

import Access
import EthicoTypes
import HTTPTypes
import Markup
import Web

enum UserController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("people", name: "client_user.list", use: list)
    group.get("people/new", name: "client_user.invite_form", use: inviteForm)
    group.post("people", name: "client_user.invite", use: invite)
    group.get("people/{user}", name: "client_user.show", use: show)
    group.get("people/{user}/edit", name: "client_user.edit_form", use: editForm)
    group.post("people/{user}/edit", name: "client_user.edit", use: edit)
    group.post("people/{user}/role", name: "client_user.role", use: changeRole)
    group.post("people/{user}/deactivate", name: "client_user.deactivate", use: deactivate)
    group.post("people/{user}/reactivate", name: "client_user.reactivate", use: reactivate)
    group.post("people/{user}/end-sessions", name: "client_user.end_sessions", use: endSessions)
    group.post("people/{user}/reset-second-factor", name: "client_user.reset_second_factor", use: resetSecondFactor)
  }

  // MARK: Reading

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.demand(.readUsers)
    let filter = try ClientUserFilter(context)
    return try await context.look { tx in
      UserListView.page(try await ClientUserRecord.page(filter, in: tx), filter, context)
    }
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.readUsers)
    let id = try context.id("user", of: ClientUser.self)
    return try await context.look(at: ClientUserRecord.object(id)) { tx in
      try await screen(id, UserForms(), context, in: tx)
    }
  }

  /// The page of a user, with what its forms hold.
  private static func screen(
    _ id: ID<ClientUser>, _ forms: UserForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await ClientUserRecord.find(id, in: tx) else { throw RecordMissing() }
    let file = ClientUserFile(
      user: found,
      led: context.acting.may(.readCases) ? try await found.ledCases(in: tx) : LedCases(count: 0, first: []),
      history: try await tx.history(of: found.object, in: context.acting.tenant.id))
    return UserView.page(file, forms, context)
  }

  // MARK: Inviting and editing

  private static func inviteForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    return try await context.look { _ in UserInviteView.page(FormState(), setback: nil, context) }
  }

  private static func invite(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    return try await context.attempt { tx in
      let id = try await ClientUserRecord.invite(try InvitationDraft(context.form.fields), in: tx)
      return context.acting.path("people", id).query("done", "invited")
    } otherwise: { setback, _ in
      UserInviteView.page(FormState(context.form.fields, errors: setback.errors), setback: setback, context)
    }
  }

  private static func editForm(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    let id = try context.id("user", of: ClientUser.self)
    return try await context.look(at: ClientUserRecord.object(id)) { tx in
      guard let found = try await ClientUserRecord.find(id, in: tx) else { throw RecordMissing() }
      return UserEditView.page(found, FormState(found.fields), setback: nil, context)
    }
  }

  private static func edit(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageUsers)
    let id = try context.id("user", of: ClientUser.self)
    return try await context.attempt(ClientUserRecord.object(id)) { tx in
      let found = try await ClientUserRecord.hold(id, in: tx)
      try found.demand(context.form.version)
      try await found.edit(try ClientUserDraft(context.form.fields), in: tx)
      return context.acting.path("people", id).query("done", "edited")
    } otherwise: { setback, tx in
      guard let found = try await ClientUserRecord.find(id, in: tx) else { throw RecordMissing() }
      return UserEditView.page(found, FormState(context.form.fields, errors: setback.errors), setback: setback, context)
    }
  }

  // MARK: Acts on the user's page

  private static func changeRole(_ context: Inside) async throws -> Answer {
    try await act(context, done: "role") { found, form, tx in
      guard let role = form.fields["role"].flatMap(ClientRole.init(rawValue:)) else {
        throw Invalid("role", "Choose what the person may do.")
      }
      try await found.change(to: role, in: tx)
    }
  }

  private static func deactivate(_ context: Inside) async throws -> Answer {
    try await act(context, done: "deactivated") { found, _, tx in try await found.deactivate(in: tx) }
  }

  private static func reactivate(_ context: Inside) async throws -> Answer {
    try await act(context, done: "reactivated") { found, _, tx in try await found.reactivate(in: tx) }
  }

  private static func endSessions(_ context: Inside) async throws -> Answer {
    try await act(context, done: "sessions_ended") { found, _, tx in try await found.endSessions(in: tx) }
  }

  private static func resetSecondFactor(_ context: Inside) async throws -> Answer {
    try await act(context, done: "second_factor_reset") { found, _, tx in try await found.resetSecondFactor(in: tx) }
  }

  /// An act on one user whose form stands on the user's page.
  private static func act(
    _ context: Inside, done: StaticString,
    _ change: @Sendable @escaping (ClientUserRecord, SubmittedForm, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    try await context.demand(.manageUsers)
    let id = try context.id("user", of: ClientUser.self)
    return try await context.attempt(ClientUserRecord.object(id)) { tx in
      let found = try await ClientUserRecord.hold(id, in: tx)
      try found.demand(context.form.version)
      try await change(found, context.form, tx)
      return context.acting.path("people", id).query("done", done.description)
    } otherwise: { setback, tx in
      try await screen(id, UserForms(context.form.fields, setback), context, in: tx)
    }
  }
}

/// Everything that the page of a user shows.
struct ClientUserFile: Sendable {
  let user: ClientUserRecord
  let led: LedCases
  let history: [TrailStep]
}

/// What the forms on a user's page hold, and why the last one was refused.
struct UserForms: Sendable {
  /// What was chosen for the role; `nil` shows what is stored.
  var role: FormState?
  var setback: Setback?

  init() {}

  /// Of the forms on the page only that of the role has a field.
  init(_ typed: FormFields, _ setback: Setback) {
    role = typed["role"] == nil && setback.errors.isEmpty ? nil : FormState(typed, errors: setback.errors)
    self.setback = setback
  }
}

extension ClientUserRecord {
  /// The stored values, as its form shows them.
  var fields: [(name: String, value: String)] {
    [("name", name), ("email", email), ("title", title ?? "")]
  }
}

extension ClientUserFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: Inside) throws {
    words = try context.filterWords(atMost: Self.wordsLimit)
    roles = context.queries("role").compactMap(ClientRole.init(rawValue:))
    states = context.queries("state").compactMap(UserState.init(rawValue:))
    limit = context.limit
    if let place = try context.position(in: self, of: ClientUser.self) {
      after = Cursor(name: place.key, id: place.id)
    }
  }

  /// The filter as parameters of the address.
  var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    conditions += roles.map { ("role", $0.rawValue) }
    conditions += states.map { ("state", $0.rawValue) }
    return conditions
  }
}
