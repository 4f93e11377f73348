// Cases of which some stay behind, and what somebody does about them, through the routes.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import SourceFiles
import TestSupport
import Testing

/// Somebody at Ethico with a batch of cases of which some stay behind.
struct RepairDesk {
  let desk: ImportDesk
  let batch: String

  var db: TestDatabase { desk.db }
  var browser: RouterClient { desk.browser }

  static let home = ImportDesk.home
  static let columns = [
    "case_number", "status", "reporter_type", "channel", "received_at", "category", "severity", "title", "summary",
    "reporter_email",
  ]
  /// Row 3 has a date that never was, row 4 names who is anonymous, row 6 has no category.
  static let csv = """
    case_number;status;reporter_type;channel;received_at;category;severity;title;summary;reporter_email
    EP-1;New;anonymous;Hotline;25/12/2020;Harassment;High;Remarks;On the night shift.;
    EP-2;New;identified;Web form;31/02/2021;Theft;Low;Stock;Pallets.;b.berg@client.example
    EP-3;New;anonymous;Hotline;13/01/2021;Theft;Low;=SUM(A1);Pallets.;canary@client.example
    EP-4;New;anonymous;Hotline;14/01/2021;Theft;Low;Stock;Pallets.;
    EP-5;New;anonymous;Hotline;15/01/2021;;Low;Stock;Pallets.;

    """

  static func open() async throws -> RepairDesk {
    let desk = try await ImportDesk.open()
    return RepairDesk(desk: desk, batch: try await desk.check(csv))
  }

  /// The address of a further batch.
  func another(_ text: String) async throws -> String { try await desk.check(text) }

  func work() async throws { try await desk.work() }

  func version() async throws -> String { try await desk.version(batch) }

  /// What becomes of rows 2 to 6.
  func decisions() async throws -> [String?] {
    let rows = try #require(try await browser.json(batch)["rows"] as? [[String: Any]])
    return rows.map { $0["decision"] as? String }
  }

  func codes() async throws -> [String] {
    let issues = try #require(try await browser.json(batch)["issues"] as? [[String: Any]])
    return issues.compactMap { $0["code"] as? String }.sorted()
  }

  func record(_ row: Int) async throws -> [String: String] {
    try await browser.json(batch + "/rows/\(row)")["record"] as? [String: String] ?? [:]
  }

  /// The rows to fix as they were handed out, by number.
  func handedOut() async throws -> [Int: [String]] {
    let reply = try await browser.get(batch + "/rows-to-fix")
    #expect(reply.status == 200, "\(reply.body)")
    let workbook = try CorrectedWorkbook(MemoryBytes(reply.bytes), columns: Self.columns)
    var rows: [Int: [String]] = [:]
    while let row = try workbook.next() {
      rows[row.number] = Self.columns.indices.map { row.cells[$0] ?? "" }
    }
    return rows
  }

  /// Sends rows back, each with some of its cells changed.
  func send(_ changes: [Int: [String: String]]) async throws -> RouterClient.Reply {
    let rows = try await handedOut()
    let place = try ScratchPath()
    let workbook = try ErrorWorkbook(path: place.path, columns: Self.columns)
    for (number, changed) in changes.sorted(by: { $0.key < $1.key }) {
      let cells = rows[number] ?? Self.columns.map { _ in "" }
      let texts = zip(Self.columns, cells).map { changed[$0] ?? SpreadsheetText.unguarded($1) }
      try workbook.add(row: number, key: "", cells: texts, problems: [])
    }
    try workbook.finish()
    let bytes = try place.bytes()
    return try await send(bytes: try bytes.read(at: 0, count: bytes.size))
  }

  func send(bytes: [UInt8]) async throws -> RouterClient.Reply {
    try await browser.upload(
      batch + "/corrections", ["version": try await version()], file: (name: "rows to fix.xlsx", bytes: bytes),
      accept: "application/json")
  }

  func ask<Value: RowDecodable & Sendable>(_ sql: SQL, as type: Value.Type) async throws -> [Value] {
    try await db.superuser().query(.superuser, sql, as: Value.self)
  }

  /// Everything that tables say of the batch's rows, what is sealed too as it lies there.
  func everything() async throws -> String {
    try await ask(
      """
      SELECT concat_ws(' ',
        (SELECT string_agg(to_jsonb(s)::text, ' ') FROM migration_staged_row s),
        (SELECT string_agg(to_jsonb(i)::text, ' ') FROM migration_row_issue i),
        (SELECT string_agg(encode(sealed, 'escape'), ' ') FROM migration_correction),
        (SELECT string_agg(to_jsonb(b)::text, ' ') FROM migration_batch b),
        (SELECT string_agg(text, ' ') FROM audit_detail),
        (SELECT string_agg(payload, ' ') FROM row_change))
      """, as: String.self
    ).joined()
  }

  func details(of action: String) async throws -> [String] {
    try await ask(
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id
      WHERE e.action = \(action)
      ORDER BY e.at, e.id
      """, as: String.self)
  }
}
