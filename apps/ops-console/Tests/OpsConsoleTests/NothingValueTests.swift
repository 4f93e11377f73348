// Words that say nothing are no values to decide: a row is read by the same rule as its values are counted by.

import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Words that say nothing")
struct NothingValueTests {
  @Test("are no values, as a whole cell or as the part of one that is meant")
  func parts() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.check(
      ImportDesk.cases(["EP-7001;One;n/a;new", "EP-7002;Two;high/x;new", "EP-7003;Three;-/x;new"]))
    let mapper = try await desk.browser.json(batch + "/map")
    let columns = try #require(mapper["columns"] as? [[String: Any]])
    let severity = try #require(columns.first { $0["name"] as? String == "severity" }?["index"] as? Int)
    let fields = columns.flatMap { column -> [(String, String)] in
      let index = column["index"] as? Int ?? 0
      return [("c\(index).target", column["name"] as? String ?? ""), ("c\(index).ok", "true")]
    }
    let mapped = try await desk.browser.post(
      batch + "/map",
      list: fields + [
        ("c\(severity).split", "/"), ("c\(severity).part", "1"), ("then", "check"),
        ("version", String(mapper["version"] as? Int ?? 0)),
      ])
    #expect(mapped.status == 303, "\(mapped.body)")
    try await desk.work()
    let values = try #require(try await desk.browser.json(batch + "/values")["values"] as? [[String: Any]])
    #expect(values.filter { $0["target"] as? String == "severity" }.map { $0["value"] as? String } == ["high"])
    let read = try await desk.texts(
      "SELECT COALESCE(parsed ->> 'severity', '–') FROM migration_staged_row ORDER BY row_no")
    #expect(read == ["–", "high", "–"])
  }
}
