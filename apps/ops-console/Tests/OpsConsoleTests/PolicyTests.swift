// Policies through the routes: written, approved by somebody else, published in versions that nobody changes.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Policies")
struct PolicyTests {
  private typealias Fields = KeyValuePairs<String, String>

  private static let words: Fields = [
    "title": "Use of drones", "type": "acceptable_use", "language": "en", "body": Self.text("people"),
  ]

  private static func text(_ below: String) -> String {
    "Drones are flown by people who are trained for it, and nobody flies over \(below)."
  }

  private func write(_ browser: RouterClient, _ access: String) async throws -> String {
    let added = try await browser.post(
      access + "/policies", list: Self.words.map { ($0.key, $0.value) } + [("_key", "k1")])
    #expect(added.status == 303)
    return String(try #require(added.location?.split(separator: "?").first))
  }

  private func move(_ browser: RouterClient, _ policy: String, to next: String) async throws -> RouterClient.Reply {
    let version = try #require(try await browser.json(policy)["version"] as? Int)
    return try await browser.post(
      policy + "/move", ["to": next, "version": String(version)], accept: "application/json")
  }

  @Test("is published as version 1, revised beside it, and published as version 2, step by step in the trail")
  func versions() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let policy = try await write(browser, access)
    #expect(try await write(browser, access) == policy)
    for next in ["pending_approval", "approved", "published"] {
      #expect(try await move(browser, policy, to: next).status == 303, "\(next)")
    }
    #expect(try await browser.post(policy + "/revise", ["version": "4"]).status == 303)
    let edited: Fields = [
      "title": "Use of drones", "type": "acceptable_use", "language": "en", "body": Self.text("crowds"),
      "version": "5",
    ]
    #expect(try await browser.post(policy + "/edit", edited).status == 303)
    let beside = try await browser.json(policy)
    #expect((beside["current"] as? [String: Any])?["body"] as? String == Self.text("people"))
    #expect((beside["working"] as? [String: Any])?["body"] as? String == Self.text("crowds"))
    for next in ["pending_approval", "approved", "published"] {
      #expect(try await move(browser, policy, to: next).status == 303, "\(next)")
    }
    let now = try await browser.json(policy)
    #expect((now["current"] as? [String: Any])?["number"] as? Int == 2 && now["working"] == nil)
    let page = try await browser.get(policy + "/versions/2")
    #expect(page.body.contains("<del>people.</del>") && page.body.contains("<ins>crowds.</ins>"))

    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT action || ' ' || (actor_kind = 'staff' AND impersonation_id IS NOT NULL AND chain = \(World.acmeHealth.id))
      FROM audit_event WHERE object_type = 'policy' AND action NOT LIKE 'view.%' ORDER BY at
      """, as: String.self)
    let moves = Array(repeating: "policy.move true", count: 3)
    #expect(events == ["policy.add true"] + moves + ["policy.revise true", "policy.edit true"] + moves)
    #expect(try await db.ledger.verify(by: db.system()).result == .intact)
  }

  /// A statement that the database refuses by that constraint, whoever writes it.
  private func refused(_ db: TestDatabase, _ constraint: String, _ statement: String) async {
    let error = await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        try await tx.execute(SQL(trusted: statement))
        try await tx.record("test.move")
      }
    }
    #expect(error?.constraint == constraint, "\(statement): \(String(describing: error))")
  }

  @Test("moves as its states allow, and no other way by HTTP or SQL")
  func moves() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let policy = try await write(browser, access)
    let row = "WHERE id = '\(policy.suffix(36))'"
    for next in ["approved", "published", "retired", "draft"] {
      #expect(try await move(browser, policy, to: next).gist == "409 bad_transition", "\(next)")
    }
    await refused(db, "policy_move", "UPDATE policy SET status = 'approved' \(row)")
    #expect(try await move(browser, policy, to: "pending_approval").status == 303)
    await refused(db, "policy_draft", "UPDATE policy SET working_body = 'other' \(row)")
    let late = try await browser.post(policy + "/edit", Self.words, accept: "application/json")
    #expect(try late.gist == "409 stale")
    #expect(try await move(browser, policy, to: "draft").status == 303)
    for next in ["pending_approval", "approved"] { #expect(try await move(browser, policy, to: next).status == 303) }
    await refused(
      db, "policy_next_version",
      "UPDATE policy SET status = 'published', current_version = NULL WHERE status = 'approved' AND id IN "
        + "(SELECT id FROM policy \(row))")
    for next in ["published", "retired", "draft"] { #expect(try await move(browser, policy, to: next).status == 303) }
    #expect(try await browser.json(policy)["status"] as? String == "draft")
  }

  @Test("a version is never changed, deleted or added beside publishing")
  func immutable() async throws {
    let db = try await TestDatabase.make()
    let owner = db.superuser()
    for statement in ["UPDATE policy_version SET body = 'other'", "DELETE FROM policy_version"] {
      let error = await #expect(throws: PostgresError.self) {
        _ = try await owner.execute(.superuser, SQL(trusted: statement))
      }
      #expect(error?.constraint == "policy_version_immutable")
    }
    await refused(
      db, "policy_version_published",
      """
      INSERT INTO policy_version (tenant_id, policy_id, number, title, body, language)
      SELECT tenant_id, id, 99, title, 'other', 'en' FROM policy WHERE status = 'published' LIMIT 1
      """)
    await owner.close()
  }

  @Test("a stale draft changes nothing and loses nothing; a working copy can be thrown away")
  func stale() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let list = try await browser.json(access + "/policies?status=published&limit=200")
    let plain = try #require(
      (list["items"] as? [[String: Any]])?.first { !($0["working_status"] is String) }?["id"] as? String)
    let policy = access + "/policies/" + plain
    let edit: Fields = ["title": "T", "type": "other", "language": "en", "body": "typed", "version": "1"]
    let closed = try await browser.post(policy + "/edit", edit)
    #expect(closed.status == 409 && closed.body.contains("typed"))
    #expect(try await browser.post(policy + "/revise", ["version": "1"]).status == 303)
    let stale = try await browser.post(policy + "/edit", edit)
    #expect(stale.status == 409 && stale.body.contains(">\ntyped</textarea>"))
    let other: Fields = ["title": "T", "type": "other", "language": "he", "body": "typed", "version": "2"]
    #expect(try await browser.post(policy + "/edit", other).status == 422)
    await refused(db, "policy_settled", "UPDATE policy SET language = 'he' WHERE id = '\(plain)'")
    let empty = try await browser.post(policy + "/edit", ["title": "", "type": "x", "language": "?", "version": "2"])
    #expect(empty.status == 422)
    for field in ["title", "type", "language"] { #expect(empty.body.contains("href=\"#f-\(field)\""), "\(field)") }
    #expect(try await browser.get(policy).body.contains("0 changes are lost. Version "))
    #expect(try await browser.post(policy + "/discard", ["version": "2"]).status == 303)
    #expect(try await browser.json(policy)["working"] == nil)
  }

  @Test(
    "an author writes, a reviewer approves, an employee reads what is published",
    arguments: [
      ("policy_author", ["add", "pending_approval"]), ("policy_reviewer", ["approved"]), ("employee", []),
      ("compliance_officer", ["add", "pending_approval", "approved", "published"]),
    ])
  func roles(role: String, allowed: [String]) async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let email = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      let found = try await tx.first(
        """
        UPDATE client_user SET role = \(role)
        WHERE id = (SELECT id FROM client_user WHERE state = 'active' AND role <> 'system_admin' ORDER BY id LIMIT 1)
        RETURNING email
        """, as: String.self)
      try await tx.record("test.role")
      return found
    }
    let (person, theirs) = try await RouterClient.inside(db, as: try #require(email))
    let draft = try await write(browser, access)
    let id = String(draft.suffix(36))
    let added = try await person.post(theirs + "/policies", Self.words)
    #expect(added.status == (allowed.contains("add") ? 303 : 403))
    let sights = try await person.get(theirs + "/policies/" + id)
    #expect(sights.status == (role == "employee" ? 404 : 200))
    let listed = try await person.json(theirs + "/policies?status=draft&status=retired")
    #expect((listed["count"] as? Int == 0) == (role == "employee"))
    // What they may not do, support without a subject does, so that the next step can be tried.
    for next in ["pending_approval", "approved", "published"] {
      let version = try #require(try await browser.json(draft)["version"] as? Int)
      let reply = try await person.post(
        theirs + "/policies/\(id)/move", ["to": next, "version": String(version)])
      #expect(reply.status == (allowed.contains(next) ? 303 : 403), "\(next)")
      if reply.status != 303 { #expect(try await move(browser, draft, to: next).status == 303) }
    }
    #expect(try await person.get(theirs + "/policies/" + id).status == 200)
  }

  @Test("has files for whoever may read it, which an author attaches, and nobody else is told of")
  func files() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let policy = try await write(browser, access)
    let bytes = Array("%PDF-1.7 signed".utf8)
    let attached = try await browser.upload(
      policy + "/attachments", ["description": "As signed"], file: ("Drones.pdf", bytes))
    #expect(attached.status == 303)
    let noted = try await db.superuser().query(
      .superuser,
      """
      SELECT e.object_type || ' ' || d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id
      WHERE e.action = 'attachment.add'
      """, as: String.self)
    #expect(noted == ["policy Use of drones: Drones.pdf"])
    let form = try await browser.get(policy).body
    #expect(form.contains("name=\"internal\" value=\"true\"") && form.contains("whoever may read this policy sees"))
    #expect(
      try await browser.upload(
        policy + "/attachments", ["internal": "true", "_key": "f2"], file: ("Draft.pdf", bytes)
      ).status == 303)
    let refused = try await browser.upload(policy + "/attachments", ["description": "kept"], file: ("run.exe", bytes))
    #expect(refused.status == 422 && refused.body.contains("value=\"kept\""))

    let files = try #require(try await browser.json(policy)["attachments"] as? [[String: Any]])
    let named = Dictionary(
      uniqueKeysWithValues: files.compactMap { file in
        (file["name"] as? String).map { ($0, "/attachments/\(file["id"] ?? "")") }
      })
    let file = try #require(named["Drones.pdf"])
    let draft = try #require(named["Draft.pdf"])
    #expect(files.count == 2 && files.filter { $0["is_internal"] as? Bool == true }.count == 1)
    let (reader, theirs) = try await RouterClient.inside(db, as: try await db.address(of: .employee))
    let seen = theirs + "/policies/" + policy.suffix(36)
    #expect(try await reader.get(seen + file).status == 404)
    for next in ["pending_approval", "approved", "published"] {
      #expect(try await move(browser, policy, to: next).status == 303)
    }
    #expect(try await reader.get(seen + file).bytes == bytes)
    let page = try await reader.get(seen)
    #expect(page.body.contains("Drones.pdf") && !page.body.contains("Attach file"))
    #expect(!page.body.contains("Draft.pdf"))
    #expect(try await reader.get(seen + draft).status == 404)
    #expect(try await browser.get(policy + draft).bytes == bytes)
    #expect(try await browser.get(policy).body.contains("Internal</span>"))
    #expect(try await reader.upload(seen + "/attachments", file: ("a.pdf", bytes)).status == 403)
    let list = try await browser.json(access + "/policies?limit=2")
    let other = (list["items"] as? [[String: Any]])?.compactMap { $0["id"] as? String }.first { !policy.hasSuffix($0) }
    #expect(try await browser.get(access + "/policies/\(other ?? "")" + file).status == 404)
  }

  @Test("another client's policy is not found, whatever is sent with it")
  func foreign() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let borealis = try await db.superuser().query(
      .superuser, "SELECT id FROM policy WHERE tenant_id = \(World.borealisBank.id) LIMIT 1", as: UUID.self)
    let policy = access + "/policies/" + (try #require(borealis.first).uuidString.lowercased())
    for path in ["", "/versions/1", "/edit"] { #expect(try await browser.get(policy + path).status == 404) }
    for path in ["/move", "/edit", "/revise", "/discard"] {
      #expect(try await browser.post(policy + path, ["to": "draft", "title": ""]).status == 404, "\(path)")
    }
    #expect(try await browser.get(access + "/policies?after=nonsense").status == 400)
  }
}
