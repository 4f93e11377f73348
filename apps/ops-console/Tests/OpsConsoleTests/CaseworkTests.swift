// The work around a case through the routes: investigations, messages, files, reporters, links and the export.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

/// A support person at work on one case of Acme.
private struct Desk {
  let db: TestDatabase
  let browser: RouterClient
  let access: String
  let page: String
  let found: [String: Any]

  /// - Parameter query: which case of the list.
  init(_ query: String = "stage=active") async throws {
    db = try await TestDatabase.make()
    browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/acme-health/enter")
    access = String(try #require(entered.location).dropLast())
    let list = try await browser.json(access + "/cases?limit=1&" + query)
    let id = try #require((list["items"] as? [[String: Any]])?.first?["id"] as? String)
    page = access + "/cases/" + id
    found = try await browser.json(page)
  }

  var caseID: String { String(page.split(separator: "/").last ?? "") }
  var lead: String { (found["lead"] as? [String: Any])?["id"] as? String ?? "" }

  /// Of the events of that action inside Acme: by whom and where they were done, and how many rows they changed.
  func events(_ action: String) async throws -> [String] {
    try await db.superuser().query(
      .superuser,
      """
      SELECT s.email || ' ' || e.outcome || ' ' || e.change_count
      FROM audit_event e JOIN staff s ON s.id::text = e.actor_id
      WHERE e.action = \(action) AND e.chain = \(World.acmeHealth.id) AND e.impersonation_id IS NOT NULL
      ORDER BY e.at
      """, as: String.self)
  }

  /// A statement of Acme's own role, outside the program.
  func execute(_ statement: SQL) async throws {
    let settings = TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    try await db.database.transaction(.tenant, settings) { tx in _ = try await tx.execute(statement) }
  }
}

@Suite("Investigations")
struct InvestigationTests {
  private func open(_ desk: Desk, investigator: String = "") async throws -> String {
    let opened = try await desk.browser.post(
      desk.page + "/investigations",
      ["title": "Interviews", "plan": "Both colleagues.", "investigator": investigator, "_key": "open"])
    #expect(opened.status == 303)
    return String(try #require(opened.location?.split(separator: "?").first))
  }

  @Test("are opened, given to somebody, moved to their end and written about, each step an event")
  func life() async throws {
    let desk = try await Desk()
    let page = try await open(desk)
    let browser = desk.browser
    let assigned = try await browser.post(page + "/assign", ["investigator": desk.lead, "version": "1"])
    #expect(assigned.status == 303)
    #expect(try await browser.json(page)["state"] as? String == "assigned")
    for (version, state) in [
      (2, "investigating"), (3, "on_hold"), (4, "investigating"), (5, "pending_review"), (6, "closed"),
    ] {
      let moved = try await browser.post(page + "/state", ["state": state, "version": String(version)])
      #expect(moved.status == 303, "\(state)")
    }
    let edited = try await browser.post(
      page + "/edit", ["title": "Interviews", "plan": "Both.", "findings": "Agree.", "version": "7"])
    #expect(edited.status == 303)
    let after = try await browser.json(page)
    #expect(after["state"] as? String == "closed" && after["findings"] as? String == "Agree.")
    #expect(after["closed"] is String)
    #expect(try await browser.get(desk.page).body.contains(page))
    for action in ["investigation.open", "investigation.assign", "investigation.edit"] {
      #expect(try await desk.events(action) == ["\(World.support) ok 1"], "\(action)")
    }
    #expect(try await desk.events("investigation.state").count == 5)
  }

  @Test("take no step that the table does not name, by the page or by the database")
  func badTransition() async throws {
    let desk = try await Desk()
    let page = try await open(desk, investigator: desk.lead)
    for state in ["closed", "new", "on_hold", "pending_review"] {
      let reply = try await desk.browser.post(
        page + "/state", ["state": state, "version": "1"], accept: "application/json")
      #expect(try reply.gist == "409 bad_transition", "\(state)")
    }
    for (from, to) in [("assigned", "closed"), ("closed", "investigating"), ("investigating", "closed")] {
      let error = await #expect(throws: PostgresError.self) {
        try await desk.execute(
          "UPDATE investigation SET state = \(to), closed_at = now() WHERE state = \(from)")
      }
      #expect(error?.constraint == "investigation_move", "\(from) → \(to)")
    }
  }

  @Test(
    "are not led by an accused or by whom the case is kept from, and lose nothing to a stale save",
    arguments: [("accused", "is accused in this case"), ("restricted", "is kept from this case")])
  func refusals(part: String, words: String) async throws {
    let desk = try await Desk()
    let lead = UUID(uuidString: desk.lead)
    let caseID = UUID(uuidString: desk.caseID)
    try await desk.db.ledger.tenant(by: desk.db.system(World.acmeHealth)) { tx in
      try await tx.execute(
        """
        INSERT INTO case_party (tenant_id, id, case_id, part, name, user_id)
        VALUES (\(World.acmeHealth.id), \(UUID()), \(caseID), \(part), 'A', \(lead))
        """)
      try await tx.record("test.accuse")
    }
    let refused = try await desk.browser.post(
      desk.page + "/investigations", ["title": "Kept title", "investigator": desk.lead])
    #expect(refused.status == 422 && refused.body.contains(words))
    #expect(refused.body.contains("Kept title"))
    let page = try await open(desk)
    #expect(
      try await desk.browser.post(page + "/edit", ["title": "One", "plan": "", "findings": "", "version": "1"]).status
        == 303)
    let late = try await desk.browser.post(
      page + "/edit", ["title": "Two", "plan": "typed", "findings": "", "version": "1"])
    #expect(late.status == 409 && late.body.contains("One") && late.body.contains("typed"))
  }
}

@Suite("Messages and reports of a case")
struct DialogueTests {
  @Test("a message is written once, in either direction, however often it is sent")
  func messages() async throws {
    let desk = try await Desk()
    let before = (desk.found["messages"] as? [Any])?.count ?? 0
    for _ in 0..<2 {
      let written = try await desk.browser.post(
        desk.page + "/messages", ["message": "Which day was it?", "direction": "to_reporter", "_key": "m1"])
      #expect(written.status == 303)
    }
    let answered = try await desk.browser.post(
      desk.page + "/messages", ["message": "A Tuesday.", "direction": "from_reporter", "_key": "m2"])
    #expect(answered.status == 303)
    let messages = try #require(try await desk.browser.json(desk.page)["messages"] as? [[String: Any]])
    #expect(messages.count == before + 2)
    #expect(messages.suffix(2).compactMap { $0["direction"] as? String } == ["to_reporter", "from_reporter"])
    #expect(try await desk.events("case_message.add") == ["\(World.support) ok 1", "\(World.support) ok 1"])
    let empty = try await desk.browser.post(desk.page + "/messages", ["message": "", "direction": "nobody"])
    #expect(empty.status == 422 && empty.body.contains("Write something first."))
    let error = await #expect(throws: PostgresError.self) { try await desk.execute("DELETE FROM case_message") }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("who reported is hidden until revealed, which is never refused, counted, and an event of its own")
  func reveal() async throws {
    let desk = try await Desk()
    let list = try await desk.browser.json(desk.access + "/reports?reporter=identified&limit=1")
    let row = try #require((list["items"] as? [[String: Any]])?.first)
    let id = try #require(row["id"] as? String)
    let report = desk.access + "/reports/" + id
    let owner = try #require((row["cases"] as? [[String: Any]])?.first?["id"] as? String)
    let identity = try await desk.db.superuser().query(
      .superuser, "SELECT reporter_name FROM report WHERE id::text = \(id)", as: String.self)
    let name = try #require(identity.first)
    for page in [report, desk.access + "/cases/" + owner] {
      let masked = try await desk.browser.get(page)
      #expect(masked.body.contains("Reveal reporter") && !masked.body.contains(name))
      #expect(try await !desk.browser.get(page, accept: "application/json").body.contains(name))
    }
    #expect(try await desk.browser.post(report + "/reveal").body.contains(name))
    #expect(try await desk.browser.post(desk.access + "/cases/\(owner)/reports/\(id)/reveal").body.contains(name))
    #expect(try await !desk.browser.get(report).body.contains(name))
    #expect(try await desk.events("reveal.reporter") == ["\(World.support) ok 0", "\(World.support) ok 0"])
    let details = try await desk.db.superuser().query(
      .superuser,
      "SELECT d.text FROM audit_detail d JOIN audit_event e ON e.id = d.event WHERE e.action = 'reveal.reporter'",
      as: String.self)
    #expect(details.allSatisfy { !$0.contains(name) })
    let cases = try await desk.browser.json(desk.access + "/cases?limit=2")
    let other = (cases["items"] as? [[String: Any]])?.compactMap { $0["id"] as? String }.first { $0 != owner }
    #expect(try await desk.browser.post(desk.access + "/cases/\(other ?? "")/reports/\(id)/reveal").status == 404)
    let left = try await desk.browser.post(desk.access + "/exit")
    let card = try await desk.browser.get(try #require(left.location))
    #expect(card.body.contains("2") && card.body.contains("reveals"))
  }

  @Test("acting as somebody offers what they may, and writes nothing in their name")
  func asSomebody() async throws {
    let desk = try await Desk()
    let lead = try await desk.db.address(of: .complianceOfficer)
    let entered = try await desk.browser.post("/t/acme-health/enter", ["as": lead])
    let page = String(try #require(entered.location).dropLast()) + "/cases/" + desk.caseID
    let form: KeyValuePairs = ["message": "Written by Ethico.", "direction": "to_reporter"]
    #expect(try await desk.browser.post(page + "/messages", form).status == 303)
    let messages = try #require(try await desk.browser.json(page)["messages"] as? [[String: Any]])
    #expect(messages.last?["body"] as? String == "Written by Ethico." && messages.last?["author"] == nil)
    #expect(try await desk.browser.post(page + "/notes", ["body": "Mine.", "visibility": "private"]).status == 422)
    #expect(try await !desk.browser.get(page).body.contains("Only Ethico"))
    let ours: KeyValuePairs = ["body": "Noted by Ethico.", "visibility": "team"]
    #expect(try await desk.browser.post(page + "/notes", ours).status == 303)
    let notes = try #require(try await desk.browser.json(page)["notes"] as? [[String: Any]])
    #expect(notes.first?["body"] as? String == "Noted by Ethico." && notes.first?["author"] == nil)
    let admin = try await desk.db.address(of: .departmentAdmin)
    let closed = try await desk.browser.post("/t/acme-health/enter", ["as": admin])
    let access = String(try #require(closed.location).dropLast())
    for act in ["/cases/export", "/cases/\(desk.caseID)/messages", "/cases/\(desk.caseID)/investigations"] {
      #expect(try await desk.browser.post(access + act, form).status == 403, "\(act)")
    }
    #expect(try await desk.browser.get(access + "/reports").status == 403)
    #expect(try await !desk.browser.get(access + "/").body.contains("/reports\""))
  }

  @Test("a report cannot be changed, and can be linked to a second case once")
  func linking() async throws {
    let desk = try await Desk()
    let list = try await desk.browser.json(desk.access + "/reports?limit=3")
    let own = (desk.found["reports"] as? [[String: Any]])?.compactMap { $0["reference"] as? String } ?? []
    let other = try #require(
      (list["items"] as? [[String: Any]])?.compactMap { $0["reference"] as? String }.first { !own.contains($0) })
    let first = try await desk.browser.post(desk.page + "/reports", ["report": other, "link": "primary"])
    #expect(first.status == 422 && first.body.contains("Choose what the report is to this case."))
    let linked = try await desk.browser.post(
      desk.page + "/reports", ["report": other.lowercased(), "link": "merged_from"])
    #expect(linked.status == 303)
    let again = try await desk.browser.post(desk.page + "/reports", ["report": other, "link": "related"])
    #expect(again.status == 422 && again.body.contains("is linked to this case already"))
    let unknown = try await desk.browser.post(desk.page + "/reports", ["report": "RPT-1999-00001", "link": "related"])
    #expect(unknown.status == 422 && unknown.body.contains("There is no report RPT-1999-00001 here."))
    #expect(try await desk.events("case_report.link").contains("\(World.support) ok 1"))
    let error = await #expect(throws: PostgresError.self) { try await desk.execute("UPDATE report SET body = 'x'") }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("the export holds the filtered list, defuses formulas, and is one event")
  func export() async throws {
    let desk = try await Desk()
    let title = "=cmd|' /C calc'!A0, \"quoted\""
    let version = String(try #require(desk.found["version"] as? Int))
    let edited = try await desk.browser.post(
      desk.page + "/edit", ["title": title, "summary": "", "severity": "high", "version": version])
    #expect(edited.status == 303)
    let reply = try await desk.browser.post(desk.access + "/cases/export?stage=active&severity=high")
    #expect(reply.status == 200 && reply.headers[.contentType]?.hasPrefix("text/csv") == true)
    #expect(reply.headers[.contentDisposition]?.hasPrefix("attachment; filename=\"acme-health-cases-2026-") == true)
    let lines = reply.body.split(separator: "\r\n")
    let list = try await desk.browser.json(desk.access + "/cases?stage=active&severity=high&limit=200")
    #expect(lines.count == (list["count"] as? Int ?? 0) + 1)
    #expect(lines.first?.hasPrefix("Reference,Title,Category,") == true)
    #expect(reply.body.contains(",\"'=cmd|' /C calc'!A0, \"\"quoted\"\"\","))
    #expect(try await desk.events("export.csv") == ["\(World.support) ok 0"])
  }
}

@Suite("Files")
struct AttachmentTests {
  private static let pdf = Array("%PDF-1.7\n".utf8) + (0...255).map { UInt8($0) }

  private func files(_ desk: Desk) async throws -> [[String: Any]] {
    try #require(try await desk.browser.json(desk.page)["attachments"] as? [[String: Any]])
  }

  @Test("are kept byte by byte, given out to download only, and each download is a view")
  func roundTrip() async throws {
    let desk = try await Desk()
    let name = "fee\u{202E}fdp.exe “x”.pdf"
    for _ in 0..<2 {
      let sent = try await desk.browser.upload(
        desk.page + "/attachments", ["description": "From HR", "_key": "f1"], file: ("C:\\tmp\\" + name, Self.pdf))
      #expect(sent.status == 303)
    }
    let file = try #require(try await files(desk).first)
    #expect(file["name"] as? String == name && file["bytes"] as? Int == Self.pdf.count)
    #expect(try await files(desk).count == (desk.found["attachments"] as? [Any] ?? []).count + 1)
    #expect(try await desk.browser.get(desk.page).body.contains("[U+202E]"))
    let address = desk.page + "/attachments/" + (try #require(file["id"] as? String))
    let reply = try await desk.browser.get(address)
    #expect(reply.status == 200 && reply.bytes == Self.pdf)
    let disposition = try #require(reply.headers[.contentDisposition])
    #expect(disposition.hasPrefix("attachment; filename=\"fee_fdp.exe _x_.pdf\"; filename*=UTF-8''fee_fdp.exe%20%E2"))
    #expect(reply.headers[.contentSecurityPolicy]?.hasPrefix("sandbox; default-src 'none'") == true)
    #expect(reply.headers[.xContentTypeOptions] == "nosniff" && reply.headers[.cacheControl] == "no-store")
    #expect(try await desk.events("attachment.add") == ["\(World.support) ok 1"])
    #expect(try await desk.events("view.attachment.download") == ["\(World.support) ok 0"])
    let digest = try await desk.db.superuser().query(
      .superuser,
      """
      SELECT encode(sha256(content), 'hex') FROM attachment_content WHERE attachment_id::text = \(file["id"] as? String)
      """, as: String.self)
    #expect(digest.first == file["sha256"] as? String)
  }

  @Test(
    "that break a rule are refused by its name, and the description stays",
    arguments: [
      ("empty.pdf", 0, "is empty"), ("run.exe", 20, "is of a kind that is not taken"),
      ("noend", 20, "is of a kind that is not taken"), ("page.png", 20, "does not begin as that of a PNG file"),
      ("words.docx", 20, "does not begin as that of a DOCX file"), ("large.pdf", 26_214_401, "at most 25 MiB"),
      ("huge.pdf", 27_000_000, "at most 25 MiB"),
    ])
  func refused(name: String, count: Int, says: String) async throws {
    let desk = try await Desk()
    let bytes = Array((Self.pdf + Array(repeating: 0x20, count: max(0, count - Self.pdf.count))).prefix(count))
    let reply = try await desk.browser.upload(
      desk.page + "/attachments", ["description": "<i>kept</i>"], file: (name, bytes))
    #expect(reply.status == 422 && reply.body.contains(says), "\(reply.status)")
    #expect(reply.body.contains("&lt;i&gt;kept&lt;/i&gt;"))
    #expect(try await files(desk).count == (desk.found["attachments"] as? [Any] ?? []).count)
  }

  @Test("as large as one may be are taken")
  func largest() async throws {
    let desk = try await Desk()
    let bytes = Self.pdf + Array(repeating: 0x20, count: 26_214_400 - Self.pdf.count)
    #expect(try await desk.browser.upload(desk.page + "/attachments", file: ("l.pdf", bytes)).status == 303)
    let file = try #require(try await files(desk).first?["id"] as? String)
    #expect(try await desk.browser.get(desk.page + "/attachments/" + file).bytes.count == bytes.count)
  }

  @Test("belong to their case and client, and no form from elsewhere attaches any")
  func strangers() async throws {
    let desk = try await Desk()
    let forged = try await desk.browser.upload(desk.page + "/attachments", file: ("a.pdf", Self.pdf), csrf: "wrong")
    #expect(forged.status == 403)
    let nobody = try RouterClient(desk.db)
    #expect(try await nobody.upload(desk.page + "/attachments", file: ("a.pdf", Self.pdf)).status == 303)
    #expect(try await files(desk).count == (desk.found["attachments"] as? [Any] ?? []).count)
    #expect(try await desk.browser.upload(desk.page + "/attachments", file: ("a.pdf", Self.pdf)).status == 303)
    let id = try #require(try await files(desk).first?["id"] as? String)
    let list = try await desk.browser.json(desk.access + "/cases?limit=2")
    let other = (list["items"] as? [[String: Any]])?.compactMap { $0["id"] as? String }.first { $0 != desk.caseID }
    #expect(try await desk.browser.get(desk.access + "/cases/\(other ?? "")/attachments/\(id)").status == 404)
    let foreign = try await desk.db.superuser().query(
      .superuser,
      "SELECT case_id || '/attachments/' || id FROM attachment WHERE tenant_id = \(World.borealisBank.id) LIMIT 1",
      as: String.self)
    #expect(try await desk.browser.get(desk.access + "/cases/" + (try #require(foreign.first))).status == 404)
  }

  @Test("have no bytes but those of the digest in the trail")
  func digest() async throws {
    let desk = try await Desk()
    let error = await #expect(throws: PostgresError.self) {
      try await desk.execute(
        """
        INSERT INTO attachment_content (tenant_id, attachment_id, content)
        SELECT tenant_id, id, 'other' FROM attachment LIMIT 1
        """)
    }
    #expect(error?.constraint == "attachment_content_digest")
    let change = await #expect(throws: PostgresError.self) {
      try await desk.execute("UPDATE attachment_content SET content = 'other'")
    }
    #expect(change?.sqlState == .insufficientPrivilege)
  }

  @Test("belong to disclosures as well")
  func disclosures() async throws {
    let desk = try await Desk()
    let list = try await desk.browser.json(desk.access + "/disclosures?limit=1")
    let id = try #require((list["items"] as? [[String: Any]])?.first?["id"] as? String)
    let page = desk.access + "/disclosures/" + id
    #expect(try await desk.browser.upload(page + "/attachments", file: ("a.pdf", Self.pdf)).status == 303)
    let files = try #require(try await desk.browser.json(page)["attachments"] as? [[String: Any]])
    let file = try #require(files.first?["id"] as? String)
    #expect(try await desk.browser.get(page + "/attachments/" + file).bytes == Self.pdf)
    #expect(try await desk.browser.get(desk.page + "/attachments/" + file).status == 404)
  }
}
