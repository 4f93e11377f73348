// A client's own users through the routes: each act is one event that says who did it, as whom and what it changed; an
// address is one user's, and one active system administrator stays, whoever writes.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("A client’s users")
struct ClientUserTests {
  @Test(
    "each act on one is one event: by whom, as whom, before and after", arguments: [nil, UserDesk.admin] as [String?])
  func acts(subject: String?) async throws {
    let desk = try await UserDesk(as: subject)
    let user = try await desk.some("state = 'active' AND role <> 'system_admin' AND second_factor_since IS NOT NULL")
    try await desk.execute(
      "UPDATE client_user SET role = 'manager', sessions_ended_at = NULL, title = NULL WHERE id::text = \(user)")
    let was = try await desk.user(user)
    let words: KeyValuePairs = [
      "name": "Zoë <b>", "email": "Zoe@Acme-Health.example", "title": "Head of \"Care\"",
    ]
    let steps: [(verb: String, fields: KeyValuePairs<String, String>, says: String)] = [
      ("edit", words, "Zoë &lt;b&gt; saved."), ("role", ["role": "investigator"], "now has the role Investigator."),
      ("end-sessions", [:], "is signed out everywhere."), ("reset-second-factor", [:], "is reset."),
      ("deactivate", [:], "is deactivated and signed out everywhere."), ("reactivate", [:], "is active again."),
    ]
    for step in steps {
      let done = try await desk.act(step.verb, user, step.fields)
      #expect(done.status == 303, "\(step.verb): \(done.body)")
      #expect(try await desk.browser.get(try #require(done.location)).body.contains(step.says), "\(step.verb)")
    }
    let now = try await desk.user(user)
    #expect(now["email"] as? String == "zoe@acme-health.example" && now["role"] as? String == "investigator")
    #expect(now["state"] as? String == "active" && now["second_factor_since"] == nil && now["sessions_ended"] != nil)
    let acts = ["edit", "role", "end_sessions", "reset_second_factor", "deactivate", "reactivate"]
    let persons = [World.support, subject].compactMap(\.self).joined(separator: " ")
    #expect(try await desk.events(user) == acts.map { "client_user.\($0) ok 1 \(persons)" })
    let email = try #require(was["email"] as? String)
    let name = try #require(was["name"] as? String)
    #expect(
      try await desk.changes(user) == [
        "client_user.edit: email \(email) → zoe@acme-health.example, name \(name) → Zoë <b>, title  → Head of \"Care\"",
        "client_user.role: role manager → investigator",
        "client_user.end_sessions: sessions_ended_at  → now",
        "client_user.reset_second_factor: second_factor_since then → ",
        "client_user.deactivate: sessions_ended_at then → now, state active → deactivated",
        "client_user.reactivate: state deactivated → active",
      ])
    #expect(try await desk.db.ledger.verify(by: desk.db.system()).result == .intact)
  }

  @Test("is invited once however often the form is sent, and becomes active by signing in alone")
  func invitation() async throws {
    let desk = try await UserDesk(as: UserDesk.admin)
    let form: KeyValuePairs = [
      "name": "Ada Night", "email": "Ada@acme-health.example", "role": "system_admin", "_key": "k1",
    ]
    let invited = try await desk.post("", form)
    #expect(invited.status == 303)
    #expect(try await desk.post("", form).location == invited.location)
    let user = String(try #require(invited.location?.split(separator: "/").last?.prefix(36)))
    let found = try await desk.user(user)
    #expect(found["state"] as? String == "invited" && found["email"] as? String == "ada@acme-health.example")
    #expect(found["version"] as? Int == 1 && found["second_factor_since"] == nil && found["last_sign_in"] == nil)
    #expect(try await desk.act("reactivate", user).gist == "409 bad_transition")
    let shown = try await desk.post("/\(user)/reactivate", ["version": "1"])
    #expect(shown.status == 409 && shown.body.contains("Who is invited becomes active by signing in."))
    #expect(
      try await desk.events(user) == [
        "client_user.invite ok 1 \(World.support) \(UserDesk.admin)",
        "client_user.reactivate conflict 0 \(World.support) \(UserDesk.admin)",
        "client_user.reactivate conflict 0 \(World.support) \(UserDesk.admin)",
      ])
    #expect(
      try await desk.changes(user) == [
        "client_user.invite: email  → ada@acme-health.example, name  → Ada Night, role  → system_admin, "
          + "second_factor_since  → , sessions_ended_at  → , state  → invited, title  → "
      ])
  }

  @Test(
    "an address is one user’s, however it is written: the field is named, and what was typed stays",
    arguments: [UserDesk.admin, "ADMIN@Acme-Health.Example"])
  func address(_ taken: String) async throws {
    let desk = try await UserDesk()
    let user = try await desk.some("state = 'active' AND role <> 'system_admin'")
    let words: KeyValuePairs = ["name": "Kept name", "email": taken, "title": "Kept title"]
    let tries: [(page: String, more: [(String, String)], action: String)] = [
      ("", [("role", "policy_author")], "client_user.invite"), ("/\(user)/edit", [], "client_user.edit"),
    ]
    for (page, more, action) in tries {
      let version = try #require(try await desk.user(user)["version"] as? Int)
      let sent = words.map { ($0.key, $0.value) } + more + [("version", "\(version)")]
      let shown = try await desk.browser.post(desk.access + "/people" + page, list: sent)
      #expect(shown.status == 422 && shown.body.contains("\(UserDesk.admin) is a user here already."), "\(page)")
      for kept in ["value=\"Kept name\"", "value=\"\(taken)\"", "value=\"Kept title\""] {
        #expect(shown.body.contains(kept), "\(page): \(kept)")
      }
      #expect(!page.isEmpty || shown.body.contains(#/value="policy_author"[^>]* selected/#))
      let told = try await desk.browser.post(desk.access + "/people" + page, list: sent, accept: "application/json")
      let errors = try told.json()["errors"] as? [[String: Any]]
      #expect(try told.gist == "422 invalid" && errors?.map { $0["field"] as? String } == ["email"], "\(page)")
      let outcomes = try await desk.ask(
        "SELECT outcome FROM audit_event WHERE action = \(action) AND at > \(World.now)")
      #expect(outcomes == ["failed", "failed"], "\(action)")
    }
    #expect(try await desk.user(user)["name"] as? String != "Kept name")
    let id = UUID(uuidString: user)
    #expect(
      try await desk.obstacle("UPDATE client_user SET email = \(UserDesk.admin) WHERE id = \(id)")
        == "client_user_email")
    #expect(
      try await desk.obstacle("UPDATE client_user SET email = 'Mixed@acme-health.example' WHERE id = \(id)")
        == "client_user_email_folded")
    // At another client the same address is somebody else's.
    let (elsewhere, access) = try await RouterClient.inside(desk.db, "borealis-bank")
    let invited = try await elsewhere.post(
      access + "/people", ["name": "Ada", "email": taken, "role": "policy_author"])
    #expect(invited.status == 303)
  }

  @Test("an act on one whom somebody changed meanwhile, or whom it does not fit, changes nothing")
  func refused() async throws {
    let desk = try await UserDesk()
    let user = try await desk.some("state = 'active' AND role = 'manager'")
    try await desk.execute("UPDATE client_user SET second_factor_since = NULL, title = 'Now' WHERE id::text = \(user)")
    let before = try await desk.user(user)
    let words: KeyValuePairs = ["name": "Typed", "email": "typed@acme-health.example", "version": "0"]
    let stale = try await desk.post("/\(user)/edit", words)
    #expect(stale.status == 409 && stale.body.contains("Typed") && stale.body.contains("Now"))
    for verb in ["edit", "role", "deactivate", "reactivate", "end-sessions", "reset-second-factor"] {
      let gist = try await desk.gist("/\(user)/\(verb)", ["role": "employee", "version": "0"])
      #expect(gist == "409 stale", "\(verb)")
    }
    #expect(try await desk.act("reactivate", user).gist == "409 bad_transition")
    #expect(try await desk.act("reset-second-factor", user).gist == "409 no_second_factor")
    for role in ["manager", "owner", ""] {
      #expect(try await desk.act("role", user, ["role": role]).gist == "422 invalid", "\(role)")
    }
    #expect(try await NSDictionary(dictionary: desk.user(user)) == NSDictionary(dictionary: before))
    #expect(try await desk.act("deactivate", user).status == 303)
    #expect(try await desk.act("deactivate", user).gist == "409 bad_transition")
    let ends = try await desk.events(user).filter { !$0.contains(" conflict 0 ") && !$0.contains(" failed 0 ") }
    #expect(ends == ["client_user.deactivate ok 1 \(World.support)"])
  }

  @Test("none is changed by a role that may not manage users")
  func others() async throws {
    let desk = try await UserDesk()
    let user = try await desk.some("state = 'active' AND role = 'manager'")
    let officer = try await desk.db.address(of: .complianceOfficer)
    let (browser, access) = try await RouterClient.inside(desk.db, as: officer)
    #expect(try await browser.get("\(access)/people/\(user)").status == 200)
    let verbs = ["edit", "role", "deactivate", "reactivate", "end-sessions", "reset-second-factor"]
    for page in [""] + verbs.map({ "/\(user)/\($0)" }) {
      let reply = try await browser.post(access + "/people" + page, ["version": "1"], accept: "application/json")
      #expect(try reply.gist == "403 role", "\(page)")
    }
    #expect(try await browser.get(access + "/people/new").status == 403)
  }
}
