// What a former system wrote down about a record is shown with it, apart from our own trail.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("History from a former system")
struct ImportedHistoryTests {
  /// A case with 60 events, of which the last says most.
  private static let events =
    "event_key;parent_entity;parent_key;occurred_at;actor.name;action;action_label;field;old_value;new_value;comment\n"
    + (1...59).map { "A\($0);case;EP-1;2021-03-\(10 + $0 % 20)T10:00:00Z;Joe Desk;view;;;;;\n" }.joined()
    + "A60;case;EP-1;2022-01-02T10:00:00Z;Jane Caller;update;Severity <set>;severity;Low;High;After the audit.\n"

  private func open(_ desk: ImportDesk) async throws -> (access: String, page: String, batch: String) {
    _ = try await desk.bring(ImportDesk.cases(["EP-1;Remarks;High;New", "EP-2;Stock;Low;New"]))
    let batch = try await desk.bring(Self.events, named: "audit_trail.csv")
    let access = try #require(try await desk.browser.post("/t/acme-health/enter").location)
    let id = try #require(try await desk.texts("SELECT id::text FROM \"case\" WHERE reference = 'EP-1'").first)
    return (access, access + "cases/" + id, batch)
  }

  @Test("stands on the record's page, the newest first, and says that it is no part of our trail")
  func panel() async throws {
    let desk = try await ImportDesk.open()
    let (access, page, _) = try await open(desk)
    let shown = try await desk.browser.get(page).body
    #expect(shown.contains("History from a file · the newest 10 events"))
    #expect(shown.contains("no part of our own audit trail, and outside its proof against tampering"))
    // Whoever reported stays nobody.
    #expect(shown.contains("<strong dir=\"auto\">Reporter</strong>") && !shown.contains("Jane"))
    #expect(shown.contains("Severity &lt;set&gt;") && shown.contains("After the audit."))
    #expect(shown.contains("<del dir=\"auto\">Low</del>") && shown.contains("<ins dir=\"auto\">High</ins>"))
    #expect(shown.contains("Imported from a file on ") && shown.contains(" by Ethico Support"))
    let told = try #require(try await desk.browser.json(page)["imported_history"] as? [[String: Any]])
    #expect(told.count == 10 && told.first?["actor"] as? String == "reporter")
    #expect(told.first?["before"] as? String == "Low" && told.first?["after"] as? String == "High")
    let other = try #require(try await desk.texts("SELECT id::text FROM \"case\" WHERE reference = 'EP-2'").first)
    #expect(!(try await desk.browser.get(access + "cases/" + other).body.contains("History from")))
  }

  @Test("is read page by page, each event once")
  func pages() async throws {
    let desk = try await ImportDesk.open()
    let (_, page, _) = try await open(desk)
    let first = try await desk.browser.json(page + "/imported-history")
    let next = try #require(first["next"] as? String)
    let second = try await desk.browser.json(page + "/imported-history?after=" + next)
    let all = [first, second].flatMap { $0["items"] as? [[String: Any]] ?? [] }
    #expect(all.count == 60 && second["next"] == nil)
    let times = all.compactMap { $0["occurred"] as? String }
    #expect(times == times.sorted(by: >))
    let shown = try await desk.browser.get(page + "/imported-history")
    #expect(shown.status == 200 && shown.body.contains("Next page") && shown.body.contains("50 shown"))
    #expect(try await desk.browser.get(page + "/imported-history?after=x").status == 400)
    let looked = try await desk.texts(
      "SELECT action FROM audit_event WHERE action = 'view.case.imported_history' AND chain = \(World.acmeHealth.id)")
    #expect(looked.count == 3)
  }

  @Test("goes with the undo of its import, and comes back with it")
  func undone() async throws {
    let desk = try await ImportDesk.open()
    let (_, page, batch) = try await open(desk)
    #expect(try await desk.browser.post(batch + "/undo").status == 303)
    try await desk.work()
    #expect(!(try await desk.browser.get(page).body.contains("History from")))
    let gone = try await desk.browser.get(page + "/imported-history")
    #expect(gone.status == 200 && gone.body.contains("No imported history"))
    let undo = try #require(try await desk.texts("SELECT id::text FROM migration_undo").first)
    #expect(try await desk.browser.post(ImportDesk.home + "/undos/\(undo)/reverse").status == 303)
    try await desk.work()
    #expect(try await desk.browser.get(page).body.contains("History from a file"))
  }

  @Test("is for whoever sees the record")
  func rights() async throws {
    let desk = try await ImportDesk.open()
    let (access, page, _) = try await open(desk)
    let employee = try #require(
      try await desk.texts(
        "SELECT email FROM client_user WHERE tenant_id = \(World.acmeHealth.id) AND role = 'manager' LIMIT 1"
      ).first)
    let entered = try await desk.browser.post("/t/acme-health/enter", ["as": employee])
    let inside = try #require(entered.location)
    let path = String(page.dropFirst(access.count))
    #expect(try await desk.browser.get(inside + path + "/imported-history").status == 403)
  }
}
