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
        pagination(filter, at: here, shown: users.rows.count, after: filter.after, next: next)
      }
    }
  }

  private static func filters(_ filter: ClientUserFilter, _ users: ClientUserPage, _ here: Path) -> HTML {
    filterBar(
      filter, at: here,
      [
        .words("q", label: "Name or e-mail", value: filter.words),
        .several("role", label: "Role", options: choices(ClientRole.self), chosen: filter.roles.map(\.rawValue)),
        .several("state", label: "State", options: choices(UserState.self), chosen: filter.states.map(\.rawValue)),
      ],
      count: CappedCount(users.count, limit: ClientUserPage.countLimit).of("person", "people") + ", by name")
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
