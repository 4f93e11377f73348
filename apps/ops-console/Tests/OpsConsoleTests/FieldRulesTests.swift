// What somebody says at a batch about fields that are there: what the page offers, what follows, what is refused.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("What happens to fields that are there")
struct FieldRulesTests {
  private static let first = ["EP-7001;Remarks;high;new", "EP-7002;Stock;low;new"]
  private static let heading = "What happens to fields that are there"

  /// A batch whose rows are checked, of which one is about a title that was edited here.
  private func disputed(_ desk: ImportDesk) async throws -> String {
    _ = try await desk.bring(ImportDesk.cases(Self.first))
    try await desk.retitle("EP-7001", "Ours")
    return try await desk.check(
      ImportDesk.cases(["EP-7001;Remarks, corrected;low;new", "EP-7002;Stock, corrected;low;new"]), named: "again.csv")
  }

  private func say(
    _ fields: KeyValuePairs<String, String>, of batch: String, _ desk: ImportDesk, accept: String = "text/html"
  ) async throws -> RouterClient.Reply {
    let sent = fields.map { ($0.key, $0.value) } + [("version", try await desk.version(batch))]
    return try await desk.browser.post(batch + "/fields", list: sent, accept: accept)
  }

  private func rules(_ batch: String, _ desk: ImportDesk) async throws -> [String: String] {
    let found = try #require(try await desk.browser.json(batch)["fields"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: found.map { ($0["field"] as? String ?? "", $0["rule"] as? String ?? "") })
  }

  /// What would become of the rows of a batch, and what of their fields.
  private func preview(_ batch: String, _ desk: ImportDesk) async throws -> [String] {
    let rows = try #require(try await desk.browser.json(batch)["rows"] as? [[String: Any]])
    return rows.map { row in
      let changes = row["changes"] as? [[String: Any]] ?? []
      let told = changes.map { "\($0["field"] as? String ?? "") \($0["kind"] as? String ?? "")" }
      return ([row["decision"] as? String ?? ""] + told).joined(separator: ", ")
    }
  }

  @Test("is chosen field by field, decides the rows anew, and is what the import does")
  func chosen() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await disputed(desk)
    #expect(try await preview(batch, desk) == ["conflict, severity apply, title conflict", "update, title apply"])
    let page = try await desk.browser.get(batch).body
    for words in [Self.heading, "Stage, outcome, closed", "Keep what is here", "name=\"r.title\""] {
      #expect(page.contains(words), "\(words)")
    }
    // What no column says anything of has no rule.
    #expect(!page.contains("name=\"r.due_at\""))
    #expect(try await rules(batch, desk)["title"] == "if_unchanged_since_import")
    let sent = try await say(["r.title": "always", "r.severity": "never"], of: batch, desk)
    #expect(sent.status == 303, "\(sent.body)")
    #expect(try await desk.state(batch) == "staged")
    try await desk.work()
    #expect(try await desk.state(batch) == "validated")
    let chosen = try await rules(batch, desk)
    #expect(chosen["title"] == "always" && chosen["severity"] == "never" && chosen["summary"] != "never")
    #expect(try await preview(batch, desk) == ["update, title apply", "update, title apply"])
    #expect(try await desk.browser.get(batch).body.contains("2 of \(chosen.count) by another rule than usual"))
    try await desk.commit(batch)
    #expect(try await desk.titles() == ["Remarks, corrected", "Stock, corrected"])
    let severity = try await desk.texts("SELECT severity FROM \"case\" WHERE reference = 'EP-7001'")
    #expect(severity == ["high"])
    let told = try await desk.texts(
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id WHERE e.action = 'migration.field_rules'
      """)
    #expect(told.count == 1 && told[0].hasSuffix(": title always, severity never"))
  }

  @Test("stays as it is where the same is chosen again, and goes where the rows are something else")
  func same() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await disputed(desk)
    #expect(try await say(["r.title": "never"], of: batch, desk).status == 303)
    try await desk.work()
    let again = try await say(["r.title": "never"], of: batch, desk)
    #expect(again.status == 303 && again.location?.contains("rules-same") == true)
    #expect(try await desk.state(batch) == "validated")
    #expect(try await rules(batch, desk)["title"] == "never")
    let taken = try await desk.browser.post(
      batch + "/entity", ["entity": "disclosure", "version": try await desk.version(batch)])
    #expect(taken.status == 303, "\(taken.body)")
    #expect(try await !rules(batch, desk).values.contains("never"))
  }

  @Test("is asked only where rows change records, and is refused elsewhere")
  func offered() async throws {
    let desk = try await ImportDesk.open()
    let fresh = try await desk.check(ImportDesk.cases(Self.first))
    #expect(try await !desk.browser.get(fresh).body.contains(Self.heading))
    try await desk.commit(fresh)
    let late = try await say(["r.title": "always"], of: fresh, desk, accept: "application/json")
    #expect(try late.gist == "409 illegal_transition")
  }

  @Test(
    "takes no rule and no field that is none, and says at which field",
    arguments: [("r.title", "sometimes"), ("r.reporter_type", "always"), ("r.due_at", "always"), ("r.stage", "")])
  func refused(field: String, rule: String) async throws {
    let desk = try await ImportDesk.open()
    let batch = try await disputed(desk)
    let sent = try await desk.browser.post(
      batch + "/fields",
      list: [("r.summary", "never"), (field, rule), ("version", try await desk.version(batch))])
    #expect(sent.status == 422 && sent.body.contains("href=\"#f-\(field)\""))
    #expect(sent.body.contains("<option value=\"never\" selected"))
    #expect(try await desk.state(batch) == "validated")
    #expect(try await !rules(batch, desk).values.contains("never"))
  }

  @Test("is for those who run migrations to say, of the batch as it stands, and of one client’s alone")
  func rights() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await disputed(desk)
    let stale = try await desk.browser.post(
      batch + "/fields", ["r.title": "always", "version": "1"], accept: "application/json")
    #expect(try stale.gist == "409 stale")
    let support = try desk.browser.another()
    try await support.signIn(World.support)
    let page = try await support.get(batch).body
    #expect(page.contains(Self.heading) && page.contains("Take over unless edited here"))
    #expect(!page.contains("name=\"r.title\""))
    #expect(try await support.post(batch + "/fields", ["r.title": "always", "version": "1"]).status == 403)
    let foreign = batch.replacing("acme-health", with: "borealis-bank") + "/fields"
    #expect(try await desk.browser.post(foreign, ["r.title": "always", "version": "1"]).status == 404)
  }
}
