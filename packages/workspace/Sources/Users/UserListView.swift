// The list of users: filters in the address, one row a person.

import Access
import EthicoTypes
import Markup
import Web

enum UserListView {
  static func page(_ users: ClientUserPage, _ filter: ClientUserFilter, _ context: Inside) -> Page {
    let here = context.acting.path("people")
    let next = users.next.map { filter.position(behind: $0.name, $0.id) }
    let body = ClientUserListBody(items: users.rows.map(ClientUserRowBody.init), count: users.count, next: next)
    return Page("People", section: here, value: body) { frame in
      pageHead("People") {
        if context.acting.may(.manageUsers) {
          linkButton("Invite a person", to: here.appending("new"), style: .primary)
        }
      }
      PeopleTab.users.tabs(context.acting)
      filters(filter, users, here)
      if users.rows.isEmpty {
        nothing(filter, here)
      } else {
        table(users.rows, context, frame)
        pagination(
          shown: users.rows.count, first: filter.after == nil ? nil : here.query(filter.parameters),
          next: next.map { here.query(filter.parameters).query("after", $0) })
      }
    }
  }

  private static func filters(_ filter: ClientUserFilter, _ users: ClientUserPage, _ here: Path) -> HTML {
    filterBar(
      action: here,
      [
        .words("q", label: "Name or e-mail", value: filter.words),
        .several("role", label: "Role", options: choices(ClientRole.self), chosen: filter.roles.map(\.rawValue)),
        .several("state", label: "State", options: choices(UserState.self), chosen: filter.states.map(\.rawValue)),
      ],
      chips: filter.parameters.filter { $0.name != "limit" }.map { parameter in
        let rest = filter.parameters.filter { $0.name != parameter.name || $0.value != parameter.value }
        return FilterChip(chipLabel(parameter), removed: here.query(rest))
      },
      clear: filter.isFiltered ? here : nil,
      count: CappedCount(users.count, limit: ClientUserPage.countLimit).label
        + (users.count == 1 ? " person" : " people") + ", by name")
  }

  private static func chipLabel(_ parameter: (name: String, value: String)) -> String {
    switch parameter.name {
    case "role": ClientRole(rawValue: parameter.value)?.label ?? parameter.value
    case "state": UserState(rawValue: parameter.value)?.label ?? parameter.value
    default: "“\(parameter.value)”"
    }
  }

  private static func nothing(_ filter: ClientUserFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches(filter.words, clear: here)
      : nothingYet("No people yet", "A person appears here when somebody invites them.")
  }

  private static func table(_ rows: [ClientUserRow], _ context: Inside, _ frame: Frame) -> HTML {
    dataTable(
      "People", rows,
      columns: [
        Column("Name", kind: .link) { row in
          a(.href(context.acting.path("people", row.id)), .dirAuto) { row.name }
        },
        Column("E-mail") { clientText($0.email) },
        Column("Role") { $0.role.label },
        Column("State") { userStateBadge($0.state) },
        Column("Last sign-in") { row in row.lastSignInAt.map { frame.face.ago($0) } ?? never },
        Column("Second factor") { $0.secondFactorSince == nil ? "None" : "Set up" },
      ])
  }
}
