// A record that came over says so on its page, and a batch's list of records leads to that page: through an access.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("Where imported records came from")
struct ImportOriginTests {
  private static let csv = ImportDesk.cases(["EP-7001;Remarks;high;new", "EP-7002;Stock;low;new"])

  /// A kind of record, a table of it, and its page below an access.
  private static let kinds: [(table: String, page: SQL)] = [
    ("case", "SELECT 'cases/' || id FROM \"case\" WHERE reference LIKE 'RPT-%' AND tenant_id ="),
    ("policy", "SELECT 'policies/' || id FROM policy WHERE tenant_id ="),
    ("disclosure", "SELECT 'disclosures/' || id FROM disclosure WHERE tenant_id ="),
    ("employee", "SELECT 'people/employees/' || id FROM employee WHERE tenant_id ="),
    (
      "attestation",
      "SELECT 'campaigns/' || campaign_id || '/attestations/' || id FROM attestation WHERE tenant_id ="
    ),
  ]

  @Test("stands on the page of every kind of record, and on none that grew here", arguments: kinds.indices)
  func line(_ kind: Int) async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    let (table, source) = Self.kinds[kind]
    let page = try #require(
      try await desk.texts("\(fragment: source) \(World.acmeHealth.id) ORDER BY id LIMIT 1").first)
    let access = try #require(try await desk.browser.post("/t/acme-health/enter").location)
    let native = try await desk.browser.get(access + page)
    #expect(native.status == 200 && !native.body.contains("Undo this import"), "\(table)")
    try await desk.claim(table, try #require(page.split(separator: "/").last.map(String.init)))
    let imported = try await desk.browser.get(access + page)
    #expect(
      imported.body.contains("From navex ethicspoint") && imported.body.contains("row 1,204")
        && imported.body.contains("Undo this import") && imported.body.contains("Warehouse &lt;7&gt;"), "\(table)")
  }

  @Test("says what came along later too")
  func later() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    let access = try #require(try await desk.browser.post("/t/acme-health/enter").location)
    let id = try #require(try await desk.texts("SELECT id::text FROM \"case\" WHERE reference = 'EP-7001'").first)
    try await desk.claim("case", id)
    _ = try await desk.texts(
      """
      INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
        source_record_id, batch_id, row_no, seq, action, content_hash, imported_fields, event_id, imported_at)
      SELECT tenant_id, gen_random_uuid(), record_id, entity, target_table, target_id, source_system,
        source_record_id, batch_id, row_no, 2, 'update', sha256('K-2'), '{"Zone": "Dock 9", "Shift": "Night"}',
        gen_random_uuid(), imported_at + interval '1 day'
      FROM migration_provenance WHERE source_record_id = 'K-1'
      RETURNING 'told'
      """)
    let page = try await desk.browser.get(access + "cases/\(id)")
    #expect(page.body.contains("Dock 9") && page.body.contains("Night") && !page.body.contains("Warehouse &lt;7&gt;"))
  }

  @Test("shows a day that came without a time as that day, until somebody changes it, and calls fields by their names")
  func plainDays() async throws {
    let desk = try await ImportDesk.open()
    let csv = """
      case_number;title;severity;status;reporter_type;channel;received_at;due_at;category;summary;substatus
      EP-7003;Remarks;high;new;anonymous;phone;25/12/2020;26/12/2020;Harassment;On the night shift.;Waiting

      """
    _ = try await desk.bring(csv)
    let access = try #require(try await desk.browser.post("/t/acme-health/enter").location)
    let id = try #require(try await desk.texts("SELECT id::text FROM \"case\" WHERE reference = 'EP-7003'").first)
    // Acme Health is in Tokyo: the day begins while it is the day before in UTC.
    let page = try await desk.browser.get(access + "cases/\(id)")
    let received = "<time datetime=\"2020-12-25\">25 Dec 2020</time>"
    #expect(page.body.components(separatedBy: received).count == 3, "of the report, and of the case’s opening")
    #expect(page.body.contains("<time datetime=\"2020-12-26\">26 Dec 2020</time>"))
    #expect(!page.body.contains("datetime=\"2020-12-24T15:00:00Z\""))
    #expect(page.body.contains("Received at: 2020-12-25") && page.body.contains(">Substatus<"))
    #expect(!page.body.contains("received_at: ") && !page.body.contains(">substatus<"))
    try await desk.db.ledger.tenant(by: desk.db.system(World.acmeHealth)) { tx in
      try await tx.execute("UPDATE \"case\" SET due_at = '2020-12-26T09:00:00Z' WHERE reference = 'EP-7003'")
      try await tx.record("case.edit")
    }
    let edited = try await desk.browser.get(access + "cases/\(id)")
    #expect(edited.body.contains(received) && !edited.body.contains("<time datetime=\"2020-12-26\">"))
    #expect(edited.body.contains("datetime=\"2020-12-26T09:00:00Z\""))
  }

  @Test("stands beside a file of a case")
  func file() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    let access = try #require(try await desk.browser.post("/t/acme-health/enter").location)
    let id = try #require(try await desk.texts("SELECT id::text FROM \"case\" WHERE reference = 'EP-7001'").first)
    let sent = try await desk.browser.upload(
      access + "cases/\(id)/attachments", file: (name: "plan.pdf", bytes: Array("%PDF-1.7\n".utf8)))
    #expect(sent.status == 303, "\(sent.body)")
    let before = try await desk.browser.get(access + "cases/\(id)")
    #expect(!before.body.contains("row 1,204") && before.body.contains("Undo this import: EP-7001"))
    let file = try #require(try await desk.texts("SELECT id::text FROM attachment WHERE case_id = \(id)::uuid").first)
    try await desk.claim("attachment", file)
    let page = try await desk.browser.get(access + "cases/\(id)")
    #expect(page.body.contains("From navex ethicspoint, row 1,204") && page.body.contains("Undo this import: K-1"))
  }

  @Test("leads from the batch to the record, once one has entered, or through an access that one has")
  func wayIn() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.bring(Self.csv)
    let items = try #require(try await desk.browser.json(batch + "/records")["items"] as? [[String: Any]])
    let page = try #require(items.first?["page"] as? String)
    #expect(page.hasPrefix("cases/"))
    let list = try await desk.browser.get(batch + "/records")
    #expect(list.body.contains("Open in the workspace"))
    let form = try await desk.browser.get("/t/acme-health/enter?open=" + page)
    #expect(form.body.contains("Entering leads you to the case.") && !form.body.contains("You are inside already"))
    let entered = try await desk.browser.post("/t/acme-health/enter", ["open": page, "reason": "onboarding"])
    let inside = try #require(entered.location)
    #expect(inside.hasPrefix("/i/") && inside.hasSuffix("/" + page))
    let record = try await desk.browser.get(inside)
    #expect(record.status == 200 && record.body.contains("EP-7001"))
    let again = try await desk.browser.get("/t/acme-health/enter?open=" + page)
    #expect(again.body.contains("You are inside already") && again.body.contains(inside))
    // What is undone has no page, and who may not enter is offered none.
    let record1 = try #require(items.first?["record"] as? String)
    #expect(try await desk.browser.post(batch + "/undo", ["items[]": record1]).status == 303)
    let left = try #require(try await desk.browser.json(batch + "/records")["items"] as? [[String: Any]])
    #expect(left.first?["page"] is NSNull? && left.last?["page"] is String)
    let auditor = try desk.browser.another()
    try await auditor.signIn(World.auditor)
    let looked = try await auditor.get(batch + "/records")
    #expect(looked.status == 200 && !looked.body.contains("Open in the workspace"))
  }

  @Test(
    "leads nowhere but to a record's page",
    arguments: [
      "https://example.org", "//example.org", "cases/..", "settings", "cases/../settings", "cases", "", "cases/1",
      "cases/01930000-0000-7000-8000-000000000001/merge", "/cases/01930000-0000-7000-8000-000000000001",
    ])
  func elsewhere(_ place: String) async throws {
    let desk = try await ImportDesk.open()
    let entered = try await desk.browser.post("/t/acme-health/enter", ["open": place])
    let location = try #require(entered.location)
    #expect(location.wholeMatch(of: #/\/i\/[0-9a-f-]{36}\//#) != nil, "\(location)")
  }

  @Test("keeps the place through a form that was refused")
  func refused() async throws {
    let desk = try await ImportDesk.open()
    let place = "policies/01930000-0000-7000-8000-000000000001"
    let sent = try await desk.browser.post("/t/acme-health/enter", ["open": place, "as": "nobody@example.org"])
    #expect(sent.status == 422 && sent.body.contains("value=\"\(place)\""))
    let entered = try await desk.browser.post("/t/acme-health/enter", ["open": place])
    #expect(try await desk.browser.get(try #require(entered.location)).status == 404)
  }
}

extension ImportDesk {
  /// Says that a record came over from NAVEX as row 1,204.
  fileprivate func claim(_ table: String, _ id: String) async throws {
    _ = try await texts(
      """
      INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
        source_record_id, batch_id, row_no, action, content_hash, legacy_fields, event_id)
      SELECT tenant_id, gen_random_uuid(), gen_random_uuid(), \(table), \(table), \(id)::uuid, 'navex_ethicspoint',
        'K-1', id, 1204, 'insert', sha256('K-1'), '{"Zone": "Warehouse <7>"}', gen_random_uuid()
      FROM migration_batch
      LIMIT 1
      RETURNING 'claimed'
      """)
  }
}
