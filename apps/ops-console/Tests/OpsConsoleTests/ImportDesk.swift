// Cases on their way through the routes: uploaded, mapped as their columns are called, checked, imported.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

/// Somebody at Ethico who brings Acme Health's cases over.
struct ImportDesk {
  let db: TestDatabase
  let browser: RouterClient

  static let home = "/t/acme-health/migration"

  static func open() async throws -> ImportDesk {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.implementation)
    let sent = try await browser.post(
      home + "/scope", ["choice[]": "case", "decided_by": "N. Berg", "version": "0"])
    #expect(sent.status == 303, "\(sent.body)")
    return ImportDesk(db: db, browser: browser)
  }

  /// Runs what waits, to its end.
  func work() async throws { try await db.runJobs() }

  /// A file of cases, each line `number;title;severity;status`.
  static func cases(_ lines: [String]) -> String {
    let head = "case_number;title;severity;status;reporter_type;channel;received_at;category;summary\n"
    return head + lines.map { $0 + ";anonymous;phone;25/12/2020;Harassment;On the night shift.\n" }.joined()
  }

  /// The address of a new batch whose rows are checked.
  func check(_ csv: String, named name: String = "cases.csv") async throws -> String {
    let batch = try await upload(Array(csv.utf8), named: name)
    try await map(batch)
    return batch
  }

  /// The address of the batch of a new file.
  func upload(_ bytes: [UInt8], named name: String) async throws -> String {
    let known = Set(try await batches())
    let sent = try await browser.upload(Self.home + "/files", file: (name: name, bytes: bytes))
    #expect(sent.status == 303, "\(sent.body)")
    try await work()
    return try #require(try await batches().first { !known.contains($0) })
  }

  /// Has the rows of a batch checked, each column as it is called.
  /// - Parameter others: what columns become that are called otherwise.
  func map(_ batch: String, _ others: [String: String] = [:]) async throws {
    let mapper = try await browser.json(batch + "/map")
    let columns = try #require(mapper["columns"] as? [[String: Any]])
    let fields = columns.flatMap { column -> [(String, String)] in
      let index = column["index"] as? Int ?? 0
      let name = column["name"] as? String ?? ""
      return [("c\(index).target", others[name] ?? name), ("c\(index).ok", "true")]
    }
    let mapped = try await browser.post(
      batch + "/map", list: fields + [("version", String(mapper["version"] as? Int ?? 0)), ("then", "check")])
    #expect(mapped.status == 303, "\(mapped.body)")
    try await work()
  }

  /// The address of a new batch that is imported.
  func bring(_ csv: String, named name: String = "cases.csv") async throws -> String {
    let batch = try await check(csv, named: name)
    try await commit(batch)
    return batch
  }

  /// Imports a batch whose rows are checked.
  func commit(_ batch: String) async throws {
    let begun = try await browser.post(batch + "/commit", ["version": try await version(batch), "slug": "acme-health"])
    #expect(begun.status == 303, "\(begun.body)")
    try await work()
    #expect(try await state(batch) == "committed")
  }

  func batches() async throws -> [String] {
    let found = try await browser.json(Self.home)["batches"] as? [[String: Any]] ?? []
    return found.compactMap { ($0["id"] as? String).map { Self.home + "/batches/" + $0 } }
  }

  func version(_ batch: String) async throws -> String {
    let found = try await browser.json(batch)["batch"] as? [String: Any]
    return String(try #require(found?["version"] as? Int))
  }

  func state(_ batch: String) async throws -> String? {
    (try await browser.json(batch)["batch"] as? [String: Any])?["state"] as? String
  }

  /// Texts that the database answers with.
  func texts(_ sql: SQL) async throws -> [String] {
    try await db.superuser().query(.superuser, sql, as: String.self)
  }
}
