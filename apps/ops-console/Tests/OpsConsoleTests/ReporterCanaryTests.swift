// Who reported anonymously, written into every column of every kind of file that may say it: nothing of it is anywhere
// but in the sealed files.

import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Who reported anonymously")
struct ReporterCanaryTests {
  /// What stands for an identity in a cell, and what is looked for.
  private enum Identity: String, CaseIterable {
    case name, email, phone, ip

    func cell(_ number: Int) -> String {
      switch self {
      case .name: "Qxcanary\(number) Quill"
      case .email: "qxcanary\(number)@mail.example"
      case .phone: "+4930555700\(100 + number)"
      case .ip: "2001:db8:ca11::\(number)"
      }
    }

    static let traces = ["qxcanary", "4930555700", "2001:db8:ca11"]
  }

  private static let said: [(column: String, identity: Identity)] = [
    ("Zone 51", .name), ("reporter_email", .email), ("reporter_phone", .phone), ("reporter_relationship", .name),
  ]
  private static let alike: [(column: String, identity: Identity)] = [
    ("reporterWorkEmail", .email), ("callerIPAddress", .ip), ("Submitter", .name), ("Reported by", .name),
    ("Reporting person phone", .phone), ("Name des Hinweisgebers", .name), ("Correo del denunciante", .email),
    ("Nom du lanceur d’alerte", .name), ("Segnalato da", .name),
  ]

  /// Twelve cases that name who reported, and twelve of which only columns without a field do.
  private static let cases: String = {
    let known = "case_number;title;severity;status;reporter_type;channel;received_at;category;summary"
    let head = ([known] + (said + alike).map(\.column)).joined(separator: ";")
    let rows = (1...24).map { row in
      let cells = said.map { row <= 12 ? $0.identity.cell(row) : "" } + alike.map { $0.identity.cell(row) }
      let own = "EP-\(row);Remarks;High;New;anonymous;phone;25/12/2020;Harassment;On the night shift."
      return ([own] + cells).joined(separator: ";")
    }
    return ([head] + rows).joined(separator: "\n") + "\n"
  }()

  private static let archive: [UInt8] = {
    let head =
      "attachment_key;parent_entity;parent_key;file_name;path;uploaded_by.name;uploaded_by.email;Reporter Email;"
      + "callerIPAddress;Remark\n"
    let rows = (1...6).map { row in
      let cells = [Identity.name, .email, .email, .ip].map { $0.cell(30 + row) }.joined(separator: ";")
      return "F\(row);case;EP-\(row);memo\(row).txt;memo\(row).txt;\(cells);Ask \(Identity.email.cell(row)).\n"
    }
    let files = (1...6).map { (name: "memo\($0).txt", bytes: Array("Memo \($0).".utf8)) }
    let manifest = (name: "manifest.csv", bytes: Array((head + rows.joined()).utf8))
    return StoredZip(entries: [manifest] + files).bytes
  }()

  private static let trail: String = {
    let head =
      "event_key;parent_entity;parent_key;occurred_at;actor.name;actor.email;action;ip;field;old_value;new_value;"
      + "comment;Reporter Email;Remark\n"
    return head
      + (1...12).map { row in
        let parent = row.isMultiple(of: 2) ? "case;EP-\(row)" : "attachment;F\((row + 1) / 2)"
        func cell(_ identity: Identity) -> String { identity.cell(60 + row) }
        return "A\(row);\(parent);2021-03-10T10:00:00Z;\(cell(.name));\(cell(.email));update;\(cell(.ip));"
          + "Reporter name;\(cell(.name));\(cell(.name));From \(cell(.email)).;\(cell(.email));Or \(cell(.phone)).\n"
      }.joined()
  }()

  @Test("is in no table, on no page and found by no search, whatever columns said it")
  func everywhere() async throws {
    let desk = try await ImportDesk.open()
    let kept = Dictionary(uniqueKeysWithValues: Self.alike.map { ($0.column, "=keep") })
    let cases = try await desk.upload(Array(Self.cases.utf8), named: "cases.csv")
    // What one of the columns says is found out only once its rows have been read.
    try await desk.map(cases, kept.merging(["Zone 51": "=ignore"]) { $1 })
    try await desk.map(cases, kept.merging(["Zone 51": "reporter_name"]) { $1 })
    let codes = try await desk.texts("SELECT DISTINCT code FROM migration_row_issue WHERE level = 'blocker'")
    #expect(codes == ["anonymity.identity"])
    try await expectNothing(desk, [cases])
    let blanked = try await desk.browser.post(
      cases + "/blank-reporters", ["version": try await desk.version(cases)])
    #expect(blanked.status == 303, "\(blanked.body)")
    try await desk.work()
    try await desk.commit(cases)

    let files = try await desk.upload(Self.archive, named: "files.zip")
    try await desk.map(files, ["Reporter Email": "=keep", "callerIPAddress": "=keep", "Remark": "=keep"])
    try await desk.commit(files)
    let trail = try await desk.upload(Array(Self.trail.utf8), named: "audit_trail.csv")
    try await desk.map(trail, ["Reporter Email": "=keep", "Remark": "=keep"])
    try await desk.commit(trail)
    let came = try await desk.texts(
      """
      SELECT entity || ' ' || count(*) FROM migration_provenance WHERE content_hash IS NOT NULL
      GROUP BY entity ORDER BY 1
      """)
    #expect(came == ["attachment 6", "audit_event 12", "case 24"])
    #expect(try await desk.texts("SELECT DISTINCT actor FROM imported_history") == ["reporter"])
    try await expectNothing(desk, [cases, files, trail])
    try await expectNothingInside(desk)
  }

  @Test("is withheld from a file and a trail that were checked before their case came")
  func later() async throws {
    let desk = try await ImportDesk.open()
    let trail = try await desk.upload(Array(Self.trail.utf8), named: "audit_trail.csv")
    try await desk.map(trail, ["Reporter Email": "=keep", "Remark": "=keep"])
    #expect(try await desk.browser.get(trail).body.localizedCaseInsensitiveContains("qxcanary"))
    let cases = (1...12).map { "EP-\($0);Remarks;High;New" }
    _ = try await desk.check(ImportDesk.cases(cases))
    let of = try await desk.texts(
      """
      SELECT DISTINCT parsed ->> 'actor.name' FROM migration_staged_row WHERE parsed ->> 'parent_entity' = 'case'
        AND parsed ? 'event_key'
      """)
    #expect(of == ["reporter"])
  }

  // MARK: Where it is looked for

  private func expectNothing(_ desk: ImportDesk, _ batches: [String]) async throws {
    let tables = try await desk.texts(
      """
      SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      ORDER BY 1
      """)
    #expect(tables.contains("public.migration_staged_row"))
    for table in tables {
      let found = try await desk.texts(
        "SELECT left(t::text, 300) FROM \(fragment: SQL(trusted: table)) t WHERE t::text ~* \(Self.pattern) LIMIT 3")
      #expect(found.isEmpty, "\(table): \(found)")
    }
    let numbers = (2...13).map { "/rows/\($0)" }
    try await expectNothing(desk, on: ImportDesk.home)
    for batch in batches {
      for page in ["", "/map", "/values"] + numbers { try await expectNothing(desk, on: batch + page) }
    }
  }

  private func expectNothingInside(_ desk: ImportDesk) async throws {
    let access = try #require(try await desk.browser.post("/t/acme-health/enter").location)
    for number in [1, 2, 13] {
      let reference = "EP-\(number)"
      let id = try #require(
        try await desk.texts("SELECT id::text FROM \"case\" WHERE reference = \(reference)").first)
      for page in ["cases/\(id)", "cases/\(id)/imported-history"] {
        try await expectNothing(desk, on: access + page)
      }
    }
    for word in ["qxcanary1", "quill", "qxcanary61@mail.example", "4930555700101"] {
      let items = try await desk.browser.json(access + "search?q=" + word)["items"] as? [Any]
      #expect(items?.isEmpty == true, "\(word)")
    }
  }

  private func expectNothing(_ desk: ImportDesk, on page: String) async throws {
    for accept in ["text/html", "application/json"] {
      let reply = try await desk.browser.get(page, accept: accept)
      let found = Identity.traces.filter { reply.body.localizedCaseInsensitiveContains($0) }
      #expect(found.isEmpty, "\(page) as \(accept): \(found)")
    }
  }

  private static let pattern = Identity.traces.joined(separator: "|")
}
