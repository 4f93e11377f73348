// A value is one value whatever space came along with it: it is counted, decided and read by the same text.

import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Values with space around them")
struct ValueEdgeTests {
  @Test("are one value, decided once, whatever the space is", arguments: [nil, "/"])
  func edges(separator: String?) async throws {
    let desk = try await ImportDesk.open()
    let edges = ["\t", "\u{A0}", "\n", "\u{200B}", "\u{3000}"]
    let lines = edges.enumerated().map { index, edge in
      "EP-71\(index);One;\"\(edge)Mauve\(edge)\(separator ?? "")\";new"
    }
    let batch = try await desk.check(ImportDesk.cases(lines))
    if let separator { try await split(desk, batch, separator) }
    let values = try #require(try await desk.browser.json(batch + "/values")["values"] as? [[String: Any]])
    let place = try #require(values.firstIndex { $0["target"] as? String == "severity" })
    #expect(values.filter { $0["target"] as? String == "severity" }.count == 1)
    #expect(values[place]["value"] as? String == "Mauve" && values[place]["count"] as? Int == edges.count)
    let saved = try await desk.browser.post(
      batch + "/values", ["v\(place)": "high", "version": try await desk.version(batch)])
    #expect(saved.status == 303, "\(saved.body)")
    let staged = try await desk.browser.post(batch + "/stage", ["version": try await desk.version(batch)])
    #expect(staged.status == 303, "\(staged.body)")
    try await desk.work()
    let read = try await desk.texts(
      "SELECT COALESCE(parsed ->> 'severity', '–') FROM migration_staged_row ORDER BY row_no")
    #expect(read == edges.map { _ in "high" })
  }

  /// Has the part before the separator be the severity.
  private func split(_ desk: ImportDesk, _ batch: String, _ separator: String) async throws {
    let mapper = try await desk.browser.json(batch + "/map")
    let columns = try #require(mapper["columns"] as? [[String: Any]])
    let severity = try #require(columns.first { $0["name"] as? String == "severity" }?["index"] as? Int)
    let mapped = try await desk.browser.post(
      batch + "/map",
      list: [
        ("c\(severity).split", separator), ("c\(severity).part", "1"), ("c\(severity).target", "severity"),
        ("c\(severity).ok", "true"), ("then", "check"), ("version", String(mapper["version"] as? Int ?? 0)),
      ])
    #expect(mapped.status == 303, "\(mapped.body)")
    try await desk.work()
  }
}
