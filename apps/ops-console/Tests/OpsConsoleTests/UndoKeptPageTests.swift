// An undo below later imports, on its page: both ways to go are looked at before one is taken.

import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("The page of an undo below later imports")
struct UndoKeptPageTests {
  @Test("shows what would be with later imports kept, and does that")
  func kept() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(ImportDesk.cases(["EP-1;First;High;New", "EP-2;Other;Low;New"]))
    let batch = try await desk.bring(ImportDesk.cases(["EP-1;Second;High;New"]), named: "second.csv")
    let later = try await desk.bring(ImportDesk.cases(["EP-1;Third;High;New"]), named: "third.csv")
    let records = try #require(try await desk.browser.json(batch + "/records")["items"] as? [[String: Any]])
    let record = try #require(records.first?["record"] as? String)
    let undo = batch + "/undo?items%5B%5D=\(record)&scope=some"
    let along = try await desk.browser.get(undo)
    #expect(along.body.contains("Take back later imports too") && along.body.contains("keep_later=true"))
    #expect(along.body.contains("the later layers are taken back first"))
    #expect(along.body.contains("a later import changed it") && !along.body.contains("superseded:"))
    let kept = try await desk.browser.get(undo + "&keep_later=true")
    #expect(kept.body.contains("name=\"keep_later\"") && kept.body.contains("only what this import changed goes"))
    #expect(kept.body.contains("Later imports stay."))
    let plan = try await desk.browser.json(undo + "&keep_later=true")
    #expect(plan["later"] as? String == "kept" && plan["acting"] as? Int == 1)
    #expect((plan["buckets"] as? [String: Int]) == ["superseded": 1])
    let undone = try await desk.browser.post(
      batch + "/undo", ["items[]": record, "scope": "some", "keep_later": "true"])
    #expect(undone.status == 303, "\(undone.body)")
    #expect(try await desk.state(batch) == "undone")
    #expect(try await desk.state(later) == "committed")
    #expect(try await desk.texts("SELECT title FROM \"case\" WHERE reference = 'EP-1'") == ["Third"])
    let undos = try await desk.browser.json(batch)["undos"] as? [[String: Any]]
    #expect(undos?.first?["later"] as? String == "kept")
    #expect(try await desk.browser.get(batch).body.contains("Undo, later imports kept"))
  }

  @Test("offers no choice where no later import has changed anything")
  func none() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.bring(ImportDesk.cases(["EP-1;First;High;New"]))
    #expect(try await !desk.browser.get(batch + "/undo").body.contains("Keep later imports"))
  }
}
