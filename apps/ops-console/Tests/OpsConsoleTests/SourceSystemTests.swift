// Which system data comes from is somebody's to say: what a file looks like is no more than a beginning.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("Where data comes from")
struct SourceSystemTests {
  private static let csv = ImportDesk.cases(["EP-1;Remarks;High;New", "EP-2;Stock;Low;New"])

  /// Uploads a file, which has one batch.
  private func upload(_ name: String, _ desk: ImportDesk, _ csv: String = csv) async throws -> String {
    let known = Set(try await desk.batches())
    // A line of its own, so that no two files are the same.
    let bytes = Array((csv + "\(name);Remarks;High;New;anonymous;phone;25/12/2020;Harassment;On a shift.\n").utf8)
    let sent = try await desk.browser.upload(ImportDesk.home + "/files", file: (name: name, bytes: bytes))
    #expect(sent.status == 303, "\(sent.body)")
    try await desk.work()
    return try #require(try await desk.batches().first { !known.contains($0) })
  }

  private func source(_ batch: String, _ desk: ImportDesk) async throws -> String? {
    (try await desk.browser.json(batch)["batch"] as? [String: Any])?["source"] as? String
  }

  private func say(
    _ fields: [String: String], of batch: String, _ desk: ImportDesk
  ) async throws -> RouterClient.Reply {
    let sent = fields.map { ($0, $1) } + [("version", try await desk.version(batch))]
    return try await desk.browser.post(batch + "/source", list: sent)
  }

  private func project(_ desk: ImportDesk) async throws -> (said: String?, new: String?, version: String) {
    let found = try await desk.browser.json(ImportDesk.home)
    let source = try #require(found["source"] as? [String: Any])
    return (source["said"] as? String, source["new"] as? String, String(try #require(found["version"] as? Int)))
  }

  @Test("is what the first file looks like that looks like anything, for those before it and after it")
  func proposed() async throws {
    let desk = try await ImportDesk.open()
    let before = try await upload("cases.csv", desk)
    #expect(try await source(before, desk) == "file")
    #expect(try await desk.browser.get(before).body.contains("Nobody has said which system it comes from."))
    let first = try await upload("navex.csv", desk)
    for batch in [before, first] { #expect(try await source(batch, desk) == "navex_ethicspoint") }
    let other = try await upload("caseiq.csv", desk)
    #expect(try await source(other, desk) == "navex_ethicspoint")
    #expect(
      try await desk.browser.get(other).body.contains(
        "It looks like an export of Case IQ, and counts as coming from NAVEX EthicsPoint."))
    let project = try await project(desk)
    #expect(project.said == nil && project.new == "navex_ethicspoint")
    let told = try await desk.browser.json(ImportDesk.home)["source"] as? [String: Any]
    let names = (told?["offered"] as? [[String: Any]])?.compactMap { $0["name"] as? String } ?? []
    #expect(names.first == "NAVEX EthicsPoint" && names.contains("Case IQ") && Set(names).count == names.count)
    #expect(try await desk.browser.get(ImportDesk.home).body.contains("from NAVEX EthicsPoint"))
  }

  @Test("is said of a batch: by a known system’s name or one of its own, and its rows are checked again")
  func batch() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.check(Self.csv)
    #expect(try await desk.state(batch) == "validated")
    let stale = try await desk.browser.post(
      batch + "/source", ["source": "case_iq", "version": "1"], accept: "application/json")
    #expect(try stale.gist == "409 stale")
    #expect(
      try await say(["source": "=other", "source_name": " Speak  Up 3000 "], of: batch, desk).status == 303)
    #expect(try await source(batch, desk) == "Speak Up 3000")
    #expect(try await desk.state(batch) == "mapped")
    #expect(
      try await desk.browser.post(batch + "/stage", ["version": try await desk.version(batch)]).status == 303)
    try await desk.work()
    #expect(try await desk.state(batch) == "validated")
    // What it is already changes nothing.
    #expect(try await say(["source": "Speak Up 3000"], of: batch, desk).status == 303)
    #expect(try await desk.state(batch) == "validated")
    let next = try await upload("more.csv", desk)
    #expect(try await source(next, desk) == "Speak Up 3000")
    #expect(try await say(["source": "=other", "source_name": "navex ethicspoint"], of: next, desk).status == 303)
    #expect(try await source(next, desk) == "navex_ethicspoint")
    #expect(try await desk.state(next) == "profiled")
    let told = try await desk.texts(
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id
      WHERE e.action = 'migration.source'
      ORDER BY e.at, e.id
      """)
    #expect(told.count == 3 && told[0].hasSuffix(": Speak Up 3000") && told[2].hasSuffix(": NAVEX EthicsPoint"))
  }

  @Test(
    "takes no answer that names no system, and says at which field",
    arguments: [
      ("source", ["source": ""]), ("source", ["source": "no_such"]), ("source_name", ["source": "=other"]),
      ("source_name", ["source": "case_iq", "source_name": "Speak Up"]),
      ("source_name", ["source": "=other", "source_name": "File"]),
      ("source_name", ["source": "=other", "source_name": "=other"]),
      ("source_name", ["source": "=other", "source_name": String(repeating: "x", count: 65)]),
    ])
  func refused(field: String, fields: [String: String]) async throws {
    let desk = try await ImportDesk.open()
    let batch = try await upload("cases.csv", desk)
    let sent = try await say(fields, of: batch, desk)
    #expect(sent.status == 422 && sent.body.contains("href=\"#f-\(field)\""))
    for (_, typed) in fields where typed.count > 60 { #expect(sent.body.contains(typed)) }
    #expect(try await source(batch, desk) == "file")
  }

  @Test("is said of a whole move: what comes, and what is here and nobody has said it of")
  func whole() async throws {
    let desk = try await ImportDesk.open()
    let checked = try await desk.check(Self.csv)
    let own = try await upload("own.csv", desk)
    #expect(try await say(["source": "eqs_integrity_line"], of: own, desk).status == 303)
    let before = try await project(desk)
    #expect(before.said == nil && before.new == "eqs_integrity_line")
    let fields = [("source", "case_iq"), ("version", before.version)]
    #expect(try await desk.browser.post(ImportDesk.home + "/source", list: fields).status == 303)
    let again = try await desk.browser.post(ImportDesk.home + "/source", list: fields, accept: "application/json")
    #expect(try again.gist == "409 stale")
    #expect(try await source(checked, desk) == "case_iq")
    #expect(try await desk.state(checked) == "mapped")
    #expect(try await source(own, desk) == "eqs_integrity_line")
    #expect(try await source(try await upload("navex.csv", desk), desk) == "case_iq")
    let said = try await project(desk)
    #expect(said.said == "case_iq" && said.new == "case_iq")
    let unsaid = try await desk.browser.post(
      ImportDesk.home + "/source", ["source": "", "version": said.version])
    #expect(unsaid.status == 303, "\(unsaid.body)")
    #expect(try await project(desk).said == nil)
    let broken = try await desk.browser.post(
      ImportDesk.home + "/source", ["source": "=other", "version": try await project(desk).version])
    #expect(broken.status == 422 && broken.body.contains("href=\"#f-source_name\""))
  }

  @Test("stays what records came from, so that a later export that looks otherwise does not bring them twice")
  func later() async throws {
    let desk = try await ImportDesk.open()
    let first = try await desk.bring(Self.csv)
    let later = try await desk.check(
      ImportDesk.cases(["EP-1;Remarks, and more;High;New", "EP-2;Stock;Low;New"]), named: "navex.csv")
    #expect(try await source(later, desk) == "file")
    let rows = try #require(try await desk.browser.json(later)["rows"] as? [[String: Any]])
    #expect(rows.map { $0["decision"] as? String } == ["update", "unchanged"])
    let imported = try await desk.browser.post(
      first + "/source", ["source": "case_iq", "version": try await desk.version(first)], accept: "application/json")
    #expect(try imported.gist == "409 illegal_transition")
    // Of another system the same keys are other records.
    #expect(try await say(["source": "navex_ethicspoint"], of: later, desk).status == 303)
    #expect(
      try await desk.browser.post(later + "/stage", ["version": try await desk.version(later)]).status == 303)
    try await desk.work()
    let other = try #require(try await desk.browser.json(later)["rows"] as? [[String: Any]])
    #expect(other.map { $0["decision"] as? String } == ["insert", "insert"])
  }
}
