// A file that is here is imported again from here: after an undo, or after its batch was cancelled.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("A file that is imported again")
struct FileAgainTests {
  private static let csv = ImportDesk.cases(["EP-1;Remarks;High;New", "EP-2;Stock;Low;New"])

  private func file(_ desk: ImportDesk) async throws -> (home: String, mayBeAgain: Bool, sha256: String) {
    let files = try #require(try await desk.browser.json(ImportDesk.home)["files"] as? [[String: Any]])
    let file = try #require(files.first)
    return (
      ImportDesk.home + "/files/" + (try #require(file["id"] as? String)),
      file["may_be_imported_again"] as? Bool ?? false, file["sha256"] as? String ?? ""
    )
  }

  private func records(_ desk: ImportDesk) async throws -> [String] {
    try await desk.texts("SELECT reference FROM \"case\" WHERE reference LIKE 'EP-%' ORDER BY reference")
  }

  @Test("becomes a new batch of the bytes that are here, once what came of it was undone")
  func undone() async throws {
    let desk = try await ImportDesk.open()
    let first = try await desk.bring(Self.csv)
    #expect(try await desk.browser.post(first + "/undo").status == 303)
    try await desk.work()
    #expect(try await desk.state(first) == "undone")
    #expect(try await records(desk).isEmpty)
    let known = try await desk.browser.upload(
      ImportDesk.home + "/files", file: (name: "copy.csv", bytes: Array(Self.csv.utf8)))
    let file = try await file(desk)
    let place = file.home.split(separator: "/").last.map { "file-\($0)" } ?? ""
    #expect(known.status == 409 && known.body.contains("href=\"#\(place)\"") && known.body.contains("id=\"\(place)\""))
    #expect(known.body.contains("aria-label=\"Make a new batch of cases.csv\">Make a new batch</button>"))
    #expect(file.mayBeAgain && file.sha256.count == 64)
    for _ in 1...2 { #expect(try await desk.browser.post(file.home + "/batches").status == 303) }
    #expect(try await desk.browser.get(ImportDesk.home).body.contains("Being read…"))
    #expect(try await !self.file(desk).mayBeAgain)
    try await desk.work()
    let batches = try await desk.batches()
    #expect(batches.count == 2)
    let second = try #require(batches.first { $0 != first })
    try await desk.map(second)
    try await desk.commit(second)
    #expect(try await records(desk) == ["EP-1", "EP-2"])
    let deleted = try await desk.browser.post(file.home + "/delete", accept: "application/json")
    #expect(try deleted.gist == "409 file_used" && deleted.body.contains("make a new batch of it"))
  }

  @Test("has one batch on its way, and another one when that was cancelled")
  func cancelled() async throws {
    let desk = try await ImportDesk.open()
    let first = try await desk.check(Self.csv)
    let file = try await file(desk)
    #expect(!file.mayBeAgain)
    #expect(try await !desk.browser.get(ImportDesk.home).body.contains("Make a new batch"))
    let early = try await desk.browser.post(file.home + "/batches", accept: "application/json")
    #expect(try early.gist == "409 file_open")
    let cancelled = try await desk.browser.post(first + "/cancel", ["version": try await desk.version(first)])
    #expect(cancelled.status == 303, "\(cancelled.body)")
    #expect(try await desk.browser.post(file.home + "/batches").status == 303)
    try await desk.work()
    let second = try #require(try await desk.batches().first { $0 != first })
    #expect(try await desk.state(second) == "profiled")
    #expect(try await desk.browser.post(file.home + "/batches", accept: "application/json").gist == "409 file_open")
  }

  @Test("is one that was read: what cannot be read becomes nothing")
  func unreadable() async throws {
    let desk = try await ImportDesk.open()
    let html = Array("<!doctype html><html><body>Sign in</body></html>".utf8)
    #expect(
      try await desk.browser.upload(ImportDesk.home + "/files", file: (name: "a.csv", bytes: html)).status == 303)
    try await desk.work()
    let sent = try await desk.browser.post(try await file(desk).home + "/batches", accept: "application/json")
    #expect(try sent.gist == "409 file_unreadable")
  }
}
