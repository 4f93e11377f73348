// Somebody of support inside Acme, who does what its pages offer, and what the trail says of it.

import Access
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

/// A support person inside Acme who does one act after the other.
final class WorkspaceVisit {
  let db: TestDatabase
  let browser: RouterClient
  let access: String
  /// Where each act led, by its event.
  private var led: [String: String] = [:]

  init(as subject: String? = nil) async throws {
    db = try await TestDatabase.make()
    // What no form could offer without it.
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.execute("UPDATE client_user SET second_factor_since = invited_at WHERE role = 'manager'")
      try await tx.record("test.plant")
    }
    (browser, access) = try await RouterClient.inside(db, as: subject)
  }

  /// The id of a user of Acme.
  func id(of email: String) async throws -> String {
    let found = try await db.superuser().query(
      .superuser,
      "SELECT id::text FROM client_user WHERE tenant_id = \(World.acmeHealth.id) AND email = \(email)", as: String.self)
    return try #require(found.first)
  }

  /// Opens the page, fills in what its form does not have yet, and sends it.
  func perform(_ act: WorkspaceAct) async throws -> RouterClient.Reply {
    let page = try await page(of: act)
    let shown = try await browser.get(page)
    let offered = OfferedForm.all(in: shown.body).first { act.isAt($0.action, below: access) }
    var form = try #require(offered, "\(act.route): \(page) answers \(shown.status) and offers no such form")
    for (name, value) in act.fields { form.set(name, try await resolve(value)) }
    let sent = form.fields.map { ($0.name, $0.value) }
    let reply: RouterClient.Reply
    if form.takesFile {
      let file = try #require(act.file, "\(act.route) takes a file")
      reply = try await browser.upload(form.action, list: sent, file: (file.name, file.bytes))
    } else {
      reply = try await browser.post(form.action, list: sent)
    }
    if let event = act.events.first { led[event] = reply.location.map { String($0.prefix { $0 != "?" }) } }
    return reply
  }

  private func page(of act: WorkspaceAct) async throws -> String {
    guard let origin = act.origin else { return access + "/" + (try await resolve(act.page)) }
    return try #require(led[origin], "\(act.route): \(origin) led nowhere") + act.page
  }

  /// Puts records in the place of what stands in braces.
  private func resolve(_ text: String) async throws -> String {
    var resolved = ""
    var rest = text[...]
    while let opening = rest.firstIndex(of: "{"), let closing = rest[opening...].firstIndex(of: "}") {
      resolved += rest[..<opening]
      let inside = rest[rest.index(after: opening)..<closing]
      let parts = inside.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      // Without a list of its own it is that of the address so far.
      let list = parts.count == 2 ? String(parts[0]) : String(resolved.dropLast())
      let filter = (parts.last ?? "").split(separator: "#", omittingEmptySubsequences: false).map(String.init)
      let found = try await browser.json("\(access)/\(list)?limit=1&\(filter[0])")["items"] as? [[String: Any]]
      let member = filter.count == 2 ? filter[1] : "id"
      resolved += try #require(found?.first?[member] as? String, "\(list) shows nothing that is \(filter)")
      rest = rest[rest.index(after: closing)...]
    }
    return resolved + rest
  }

  /// What the trail says since then but for looks: the act, how it ended, by whom, as whom, where, under which access.
  func events(since moment: Date) async throws -> [String] {
    let found = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', e.action, e.outcome, s.email, COALESCE(u.email, 'nobody'), t.slug, e.impersonation_id)
      FROM audit_event e
      LEFT JOIN staff s ON s.id::text = e.actor_id AND e.actor_kind = 'staff'
      LEFT JOIN client_user u ON u.tenant_id = e.chain AND u.id = e.subject_id
      LEFT JOIN tenant t ON t.id = e.chain AND t.id::text = e.body::jsonb ->> 'tenant'
      WHERE e.at > \(moment) AND e.at <= \(db.clock.now) AND e.action NOT LIKE 'view.%'
      """, as: String.self)
    return found.sorted()
  }
}
