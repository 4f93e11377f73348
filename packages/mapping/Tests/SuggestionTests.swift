// What the engine answers, and what no probability outweighs.

import Foundation
import Testing

@testable import Mapping

@Suite("Suggestions")
struct SuggestionTests {
  @Test("find fields, entity and what has no field in an export of an unknown system")
  func unknown() {
    let answer = suggest(cases)
    #expect(answer.entity.value == .case && answer.entity.requested == "auto")
    let expected = [
      "Case #": "case_number", "Date Received": "received_at", "Case Status": "status",
      "Allegation Type": "category", "Anonymous?": "reporter_type", "Assigned To": "assignee.name",
      "Case Description": "narrative",
    ]
    for (header, target) in expected { #expect(answer.target(header) == target, "\(header)") }
    #expect(answer.target("Zone 51") == nil)
  }

  @Test("keep the order of the file and the form of the contract")
  func contract() throws {
    let answer = suggest(cases)
    #expect(answer.columns.map(\.name) == cases.columns.map(\.name))
    #expect(answer.columns.map(\.index) == Array(0..<cases.columns.count))
    for column in answer.columns {
      #expect((column.target == nil) == (column.band == .unmapped))
      #expect(column.ranked.count <= 5 && column.ranked.allSatisfy { $0.score >= 0.01 })
      let pairs = zip(column.ranked, column.ranked.dropFirst())
      #expect(pairs.allSatisfy { ($1.score, $0.target) < ($0.score, $1.target) })
      #expect((1...4).contains(column.reasons.count))
      #expect(zip(column.reasons, column.reasons.dropFirst()).allSatisfy { $0.weight >= $1.weight })
      #expect(column.score == (column.score * 10_000).rounded() / 10_000)
      if let target = column.target, target != column.ranked.first?.target {
        #expect(column.reasons.contains { $0.code == .takenBy })
      }
    }
  }

  @Test("are the same bytes for the same table, with members in the order of the contract")
  func bytes() throws {
    let text = OrderedJSON.object(suggest(cases).members).text
    #expect(text == OrderedJSON.object(suggest(cases).members).text)
    let places = ["\"entity\":", "\"vendor\":", "\"model\":", "\"columns\":", "\"Case #\":", "\"Zone 51\":"]
      .compactMap { text.range(of: $0)?.lowerBound }
    #expect(places.count == 6 && places == places.sorted())
    let read = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    let columns = read?["columns"] as? [String: [String: Any]]
    #expect(columns?["Case #"]?.keys.sorted() == ["band", "index", "ranked", "reasons", "score", "target"])
    #expect(columns?["Zone 51"]?["target"] is NSNull)
  }

  @Test("are at most low where values contradict, are missing, or say who reported")
  func vetoes() throws {
    let answer = suggest(cases, .case)
    let empty = try #require(answer.column("Date Closed"))
    #expect(empty.band != .high && empty.reasons.contains { $0.code == .veto })
    let reporter = try #require(answer.column("Reporter Name"))
    #expect(reporter.target == "reporter_name" && reporter.band == .low)
    #expect(reporter.reasons.contains { $0.code == .veto })
    var wrong = cases.columns
    var profiler = ColumnProfiler(name: "Date Received", index: 1)
    for _ in 0..<12 { profiler.add("as soon as possible") }
    wrong[1] = profiler.finish()
    let contradicted = suggest(SourceTable(name: "cases.csv", columns: wrong, rows: 12), .case)
    #expect(contradicted.column("Date Received")?.band != .high)
  }

  @Test("are high only from the model's threshold on")
  func bands() {
    let answer = suggest(cases, .case)
    for column in answer.columns where column.band == .high { #expect(column.score >= answer.model.thresholds.high) }
    #expect(answer.column("Case Status")?.band == .high)
    #expect(answer.model.thresholds.high >= 0.9 && answer.model.thresholds.low == 0.35)
  }

  @Test("work from headers alone")
  func headersAlone() {
    let bare = table("cases.csv", cases.columns.map { ($0.name, []) })
    let answer = suggest(bare)
    #expect(answer.entity.value == .case)
    #expect(answer.target("Case Status") == "status" && answer.target("Date Closed") == "closed_at")
  }

  @Test("follow what the tenant decided before")
  func memory() {
    let memory = MappingMemory(accepted: ["zone51": "location", MappingMemory.key(of: "Case Status"): ""])
    let answer = suggest(cases, .case, memory: memory)
    #expect(answer.target("Zone 51") == "location" && answer.target("Case Status") == nil)
    #expect(answer.column("Zone 51")?.reasons.first?.code == .tenantMemory)
  }

  @Test("count others' votes from two tenants on")
  func votes() {
    func score(_ tenants: Int) -> Double {
      let memory = MappingMemory(votes: ["zone51": ["location": tenants]])
      let ranked = suggest(cases, .case, memory: memory).column("Zone 51")?.ranked ?? []
      return ranked.first { $0.target == "location" }?.score ?? 0
    }
    #expect(score(1) == score(0) && score(2) > score(1) && score(6) > score(2))
  }

  @Test("are sure of a table filled in from a template, but of a column that somebody added or decided otherwise")
  func template() throws {
    let headings = [
      "case_number", "channel", "status", "received_at", "category", "reporter_type", "summary",
      "restricted_persons.employee_id", "Zone 51",
    ]
    func filled(_ headings: [String], _ memory: MappingMemory = .none) -> Suggestion {
      suggest(table("cases.xlsx", headings.map { ($0, []) }), .case, memory: memory)
    }
    let answer = filled(headings)
    for heading in headings.dropLast() {
      #expect(answer.target(heading) == heading && answer.column(heading)?.band == .high, "\(heading)")
    }
    #expect(answer.column("channel")?.reasons.first?.code == .exact)
    #expect(answer.target("Zone 51") == nil)
    let decided = MappingMemory(accepted: [MappingMemory.key(of: "channel"): "location"])
    #expect(filled(headings, decided).target("channel") == "location")
    // Without what every case needs it is somebody else's table that happens to have such names.
    #expect(filled(Array(headings.dropFirst())).column("channel")?.band != .high)
  }

  @Test("know the exports of systems, and say so")
  func vendor() throws {
    let headers = [
      "Numero", "Canale", "Etichetta", "Stato", "Data di invio", "Ultimo aggiornamento", "Data di scadenza",
    ]
    let answer = suggest(table("segnalazioni.csv", headers.map { ($0, []) }), .case)
    #expect(answer.vendor.value == "globaleaks" && answer.vendor.score >= 0.5)
    #expect(answer.target("Canale") == "category")
    #expect(try #require(answer.column("Canale")).reasons.contains { $0.code == .vendorProfile })
    #expect(suggest(cases).vendor.value == nil)
  }

  @Test("never give a numbered field to more than nine columns, and a list to as many as there are")
  func repeats() {
    let notes = table("cases.csv", (1...12).map { ("Note \($0) text", ["Called the manager, no answer."]) })
    let answer = suggest(notes, .case)
    #expect(answer.columns.filter { $0.target == "notes[n].body" }.count <= 9)
  }

  @Test(
    "are printed with at most four decimals",
    arguments: [(0.99124, "0.9912"), (0.9, "0.9"), (0, "0"), (3.10001, "3.1")])
  func decimals(number: Double, text: String) {
    #expect(OrderedJSON.number(number).text == text)
  }

  @Test("stand a thousand columns without a field for each")
  func wide() {
    let wide = table("x.csv", (0..<1000).map { ("Column \($0)", ["\($0)"]) })
    #expect(suggest(wide, .case).columns.count == 1000)
  }
}
