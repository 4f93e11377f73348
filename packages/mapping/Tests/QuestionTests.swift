// What somebody outside hears of a table, and what their answer can change of a suggestion.

import Testing

@testable import Mapping

@Suite("A question about columns")
struct QuestionTests {
  private func table(_ columns: KeyValuePairs<String, [String]>) -> SourceTable {
    let profiles = columns.enumerated().map { index, column in
      var profiler = ColumnProfiler(name: column.key, index: index)
      for cell in column.value { profiler.add(cell) }
      return profiler.finish()
    }
    return SourceTable(name: "cases.csv", columns: profiles, rows: columns.map(\.value.count).max() ?? 0)
  }

  private let cases: KeyValuePairs<String, [String]> = [
    "Case Number": ["CANARY-0001", "CANARY-0002", "CANARY-0003"],
    "Blorp": ["CANARYTOWN", "CANARYTOWN", "Canaryville"], "Qx": ["KANAR", "VOGEL", "KANAR"],
    "Blank": ["", "", ""], "Withheld": ["canary", "canary", "canary"],
    "2021-03-04": ["1", "zz", "zz"],
  ]

  private func ask(_ table: SourceTable, without hidden: Set<Int> = []) -> (Suggestion, MappingQuestion?) {
    let suggestion = Mapping.suggest(table: table, entity: .case, vendor: nil, memory: .none)
    return (suggestion, MappingQuestion(suggestion, of: table, without: hidden))
  }

  @Test("holds places, shapes and sorts of what has no field, and never what stands in a column")
  func silence() throws {
    let (_, asked) = ask(table(cases), without: [4])
    let question = try #require(asked)
    #expect(question.columns.map(\.index) == [1, 2, 5])
    #expect(question.columns.map(\.header) == ["(column 2)", "(column 3)", "(column 6)"])
    let said = "\(question.columns)".lowercased()
    for word in ["canar", "kanar", "vogel", "2021"] { #expect(!said.contains(word), "\(word)") }
    #expect(!question.fields.contains { $0.name == "case_number" })
    #expect(
      question.fields.contains { $0.name == "location" } && question.fields.contains { $0.name == "notes[n].body" })
  }

  @Test(
    "names no column of a file whose first row may be a record",
    arguments: [
      ("2021-03-04", []), ("2021-03-04 (2)", []), ("17", []), ("17 (2)", []), ("+1 555 0128 44", []),
      ("canary@example.com", []), ("Ask canary@example.com", []), ("Mary", []), ("Mary Canary", []),
      ("EP-0000001", []), ("R-17", ["R-18", "R-19"]), ("Canaryville", ["KANAR", "canaryville"]),
      ("Canaryville (2)", ["KANAR", "Canaryville"]),
      ("The canary in the coal mine said that nobody had listened to it", []),
    ] as [(String, [String])])
  func headerless(name: String, cells: [String]) throws {
    let table = table(["Blorp": ["KANAR", "VOGEL", "KANAR"], "Qx": ["VOGEL", "KANAR", "VOGEL"], name: cells])
    let question = try #require(ask(table).1)
    #expect(question.columns.allSatisfy { $0.header == "(column \($0.index + 1))" })
  }

  @Test(
    "names the columns of a file whose first row is a header",
    arguments: [
      "Case #", "Date received", "E-Mail", "EP-ID", "Reported By", "Employee ID", "Case Number (2)", "(column 3)",
      "Question1", "CUSTOM01", "SHA1", "sha256", "Party 1 Name", "Prüfsumme (SHA-256)", "City", "Country", "Language",
      "reporter.name", "E-Mail der hinweisgebenden Person",
    ])
  func names(name: String) throws {
    let cells = ["CANARY-0001", "CANARY-0002", "CANARY-0003"]
    let table = table(["Blorp": ["KANAR", "VOGEL", "KANAR"], "Qx": ["VOGEL", "KANAR", "VOGEL"], name: cells])
    let question = try #require(ask(table).1)
    #expect(question.columns.contains { $0.header == "Blorp" })
    #expect(!question.columns.contains { $0.header == "(column 1)" })
  }

  @Test("has shapes without the letters that stay in them for our own eyes")
  func masks() throws {
    let table = table(["Case Number": ["1", "2", "3"], "Qx 7": ["KANA1", "KANA2", "Ünl-9€"]])
    let question = try #require(ask(table).1)
    let column = try #require(question.columns.first { $0.header == "Qx 7" })
    #expect(Set(column.masks).isSubset(of: ["AAAA9", "Aaa-9·"]) && column.masks.contains("AAAA9"))
  }

  @Test("is not asked where every column has a field")
  func nothing() {
    #expect(ask(table(["Case Number": ["EP-1", "EP-2"]])).1 == nil)
  }

  @Test("lifts what has no field to low, never above 0.6, and changes nothing else")
  func lifting() throws {
    let table = table(cases)
    let (before, asked) = ask(table)
    let question = try #require(asked)
    let after = before.taking(
      [
        MappingAdvice(column: 1, target: "location", confidence: 1),
        MappingAdvice(column: 0, target: "report_reference", confidence: 1),
      ], to: question, of: table)
    let lifted = after.columns[1]
    #expect(lifted.target == "location" && lifted.band == .low && lifted.score == 0.6)
    #expect(lifted.ranked.contains { $0.target == "location" && $0.score == 0.6 })
    #expect(lifted.reasons.map(\.code) == [.llm])
    #expect(after.columns.enumerated().allSatisfy { $0.offset == 1 || $0.element == before.columns[$0.offset] })
  }

  @Test(
    "passes over what was not asked, is not left, is unsure or no number, or contradicts the values",
    arguments: [
      MappingAdvice(column: 3, target: "location", confidence: 0.9),
      MappingAdvice(column: 99, target: "location", confidence: 0.9),
      MappingAdvice(column: 1, target: "case_number", confidence: 0.9),
      MappingAdvice(column: 1, target: "no_field", confidence: 0.9),
      MappingAdvice(column: 1, target: "policy_number", confidence: 0.9),
      MappingAdvice(column: 1, target: "location", confidence: 0.34),
      MappingAdvice(column: 1, target: "location", confidence: 1.01),
      MappingAdvice(column: 1, target: "location", confidence: -.infinity),
      MappingAdvice(column: 1, target: "location", confidence: .nan),
      MappingAdvice(column: 1, target: "closed_at", confidence: 0.9),
      MappingAdvice(column: 1, target: "reporter_name", confidence: 0.9),
    ])
  func refusal(advice: MappingAdvice) throws {
    let table = table(cases)
    let (before, asked) = ask(table)
    #expect(before.taking([advice], to: try #require(asked), of: table) == before)
  }

  @Test("gives a field to one column, the surer one, and a list to several")
  func capacity() throws {
    let table = table(cases)
    let (before, asked) = ask(table)
    let question = try #require(asked)
    let once = before.taking(
      [
        MappingAdvice(column: 1, target: "location", confidence: 0.5),
        MappingAdvice(column: 2, target: "location", confidence: 0.55),
      ], to: question, of: table)
    #expect(once.columns[1].target == nil && once.columns[2].target == "location")
    let both = before.taking(
      [
        MappingAdvice(column: 1, target: "related_cases", confidence: 0.5),
        MappingAdvice(column: 2, target: "related_cases", confidence: 0.55),
      ], to: question, of: table)
    #expect(both.columns[1].target == "related_cases" && both.columns[2].target == "related_cases")
  }
}
