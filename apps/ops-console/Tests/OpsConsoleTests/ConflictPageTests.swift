// The page of conflicts: who may decide, what is shown, what a stale decision is told.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("The conflicts of a batch")
struct ConflictPageTests {
  /// A batch with two fields that were edited here.
  private func disputed(_ desk: ImportDesk) async throws -> String {
    _ = try await desk.bring(ImportDesk.cases(["EP-7001;Remarks;high;new", "EP-7002;Stock;low;new"]))
    try await desk.retitle("EP-7001", "Ours <1>")
    try await desk.retitle("EP-7002", "Ours 2")
    return try await desk.bring(
      ImportDesk.cases(["EP-7001;Remarks, corrected;high;new", "EP-7002;Stock, corrected;low;new"]), named: "again.csv")
  }

  private func items(_ desk: ImportDesk, _ batch: String) async throws -> [[String: Any]] {
    try #require(try await desk.browser.json(batch + "/conflicts")["items"] as? [[String: Any]])
  }

  @Test("are shown with both sides, on the batch, on the project, and one by one decided")
  func decide() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await disputed(desk)
    let page = try await desk.browser.get(batch + "/conflicts")
    for words in ["Ours &lt;1&gt;", "Remarks, corrected", "2 to decide", "Keep ours", "Take the source’s", "Open"] {
      #expect(page.body.contains(words), "\(words)")
    }
    #expect(try await desk.browser.get(batch).body.contains("Decide them"))
    #expect(try await desk.browser.get(ImportDesk.home).body.contains("2 to decide"))
    let found = try await items(desk, batch)
    #expect(found.map { $0["field"] as? String } == ["title", "title"])
    let first = try #require(found.first?["item"] as? String)
    let sent = try await desk.browser.post(batch + "/conflicts", ["items[]": first, "choice": "source"])
    #expect(sent.status == 303, "\(sent.body)")
    #expect(try await desk.browser.get(try #require(sent.location)).body.contains("taken over in 1 field"))
    #expect(try await desk.titles() == ["Remarks, corrected", "Ours 2"])
    let all = try await desk.browser.post(batch + "/conflicts", ["scope": "all", "choice": "ours"])
    #expect(all.status == 303)
    #expect(try await desk.browser.get(batch + "/conflicts").body.contains("Nothing to decide"))
    #expect(try await !desk.browser.get(ImportDesk.home).body.contains("to decide"))
    #expect(try await desk.titles() == ["Remarks, corrected", "Ours 2"])
  }

  @Test("are decided by what was seen: a stale decision is told, and keeps what was selected")
  func stale() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await disputed(desk)
    let seen = try #require(try await items(desk, batch).first?["item"] as? String)
    try await desk.retitle("EP-7001", "Ours once more")
    let sent = try await desk.browser.post(batch + "/conflicts", ["items[]": seen, "choice": "source"])
    #expect(sent.status == 409 && sent.body.contains("Ours once more"))
    #expect(sent.body.contains("Nothing was decided.") && sent.body.contains("checked"))
    let told = try await desk.browser.post(
      batch + "/conflicts", ["items[]": seen, "choice": "source"], accept: "application/json")
    #expect(try told.gist == "409 stale")
    #expect(try await desk.titles() == ["Ours once more", "Ours 2"])
  }

  @Test("are refused without a field, without a choice, and for what is no field")
  func refused() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await disputed(desk)
    let item = try #require(try await items(desk, batch).first?["item"] as? String)
    let cases: [(KeyValuePairs<String, String>, String)] = [
      (["choice": "ours"], "409 nothing_selected"), (["items[]": item], "422 invalid"),
      (["items[]": item, "choice": "both"], "422 invalid"), (["items[]": "x", "choice": "ours"], "422 invalid"),
      (["items[]": item + "0", "choice": "ours"], "409 stale"),
    ]
    for (fields, gist) in cases {
      let sent = try await desk.browser.post(batch + "/conflicts", fields, accept: "application/json")
      #expect(try sent.gist == gist, "\(fields)")
    }
    #expect(try await items(desk, batch).count == 2)
  }

  @Test("are for those who run migrations to decide, and one client's alone")
  func rights() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await disputed(desk)
    let item = try #require(try await items(desk, batch).first?["item"] as? String)
    let support = try desk.browser.another()
    try await support.signIn(World.support)
    let page = try await support.get(batch + "/conflicts")
    #expect(page.status == 200 && !page.body.contains("Keep ours in all"))
    #expect(try await support.post(batch + "/conflicts", ["items[]": item, "choice": "ours"]).status == 403)
    let foreign = batch.replacing("acme-health", with: "borealis-bank") + "/conflicts"
    #expect(try await desk.browser.get(foreign).status == 404)
    #expect(try await desk.browser.post(foreign, ["items[]": item, "choice": "ours"]).status == 404)
  }
}

extension ImportDesk {
  /// Edits a case here, as support would.
  func retitle(_ reference: String, _ title: String) async throws {
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.execute("UPDATE \"case\" SET title = \(title) WHERE reference = \(reference)")
      try await tx.record("case.edit")
    }
  }

  func titles() async throws -> [String] {
    try await texts("SELECT title FROM \"case\" WHERE reference LIKE 'EP-%' ORDER BY reference")
  }
}
