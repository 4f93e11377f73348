// The addresses of those who work on a case beside its lead.

import Access
import EthicoTypes
import Web

enum CaseMemberController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.post("cases/{case}/members", name: "case_member.add", use: add)
    group.post("cases/{case}/members/{user}/remove", name: "case_member.remove", use: remove)
  }

  private static func add(_ context: Inside) async throws -> Answer {
    try await CaseController.act(context, done: "member_added", form: \.member) { found, form, tx in
      try found.demand(form.version)
      try await found.add(member: form.fields["member"].flatMap { ID<ClientUser>($0) }, in: tx)
    }
  }

  private static func remove(_ context: Inside) async throws -> Answer {
    let user = try context.id("user", of: ClientUser.self)
    return try await CaseController.act(context, done: "member_removed", form: \.member) { found, form, tx in
      let person = try await PersonReference.find(user, in: tx)
      try found.demand(form.version)
      try await found.remove(member: person, in: tx)
    }
  }
}
