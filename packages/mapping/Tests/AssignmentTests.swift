// Fields are given so that the whole is most likely, and none is given twice.

import EthicoTypes
import Testing

@testable import Mapping

@Suite("Assignment")
struct AssignmentTests {
  @Test("gives up a column's best field where the whole gains by it")
  func whole() {
    let scores = [[0.9, 0.5], [0.8, 0.1]]
    #expect(Assignment.best(scores, capacity: [1, 1], none: 0.35) == [1, 0])
  }

  @Test("leaves a column without a field rather than with an unlikely one")
  func none() {
    #expect(Assignment.best([[0.9, 0.2], [0.8, 0.2]], capacity: [1, 1], none: 0.35) == [0, nil])
  }

  @Test("gives a field to as many columns as may become it")
  func capacity() {
    let scores = Array(repeating: [0.6], count: 4)
    #expect(Assignment.best(scores, capacity: [3], none: 0.35).compactMap { $0 }.count == 3)
    #expect(Assignment.best(scores, capacity: [9], none: 0.35) == [0, 0, 0, 0])
  }

  @Test("is as good as trying everything", arguments: 0..<40)
  func exhaustive(seed: Int) {
    var dice = SplitMix64(seed: UInt64(seed))
    let scores = (0..<4).map { _ in (0..<3).map { _ in Double(dice.below(100)) / 100 } }
    func value(_ chosen: [Int?]) -> Double {
      zip(scores, chosen).reduce(0) { sum, pair in sum + Logarithm.of(pair.1.map { pair.0[$0] } ?? 0.35) }
    }
    var best = -Double.infinity
    for code in 0..<256 {
      let chosen = (0..<4).map { code >> ($0 * 2) & 3 }.map { $0 == 3 ? nil : Optional($0) }
      let fields = chosen.compactMap { $0 }
      guard Set(fields).count == fields.count else { continue }
      guard zip(scores, chosen).allSatisfy({ row, field in field.map { row[$0] >= 0.35 } ?? true }) else { continue }
      best = max(best, value(chosen))
    }
    #expect(abs(value(Assignment.best(scores, capacity: [1, 1, 1], none: 0.35)) - best) < 1e-9)
  }

  @Test("gives no field twice in a table whose headers repeat, and says where it went")
  func taken() throws {
    let doubled = table(columns: cases, repeating: "Case Status", as: "Status of case")
    let answer = suggest(doubled, .case)
    let targets = answer.columns.compactMap(\.target).filter { !$0.contains("[n]") }
    #expect(Set(targets).count == targets.count)
    let other = try #require(
      ["Case Status", "Status of case"].compactMap(answer.column).first { $0.target != "status" })
    if other.ranked.first?.target == "status", other.ranked[0].score >= 0.35 {
      #expect(other.reasons.contains { $0.code == .takenBy && $0.text.contains("ase") })
    }
  }

  private func table(columns source: SourceTable, repeating name: String, as other: String) -> SourceTable {
    var profiler = ColumnProfiler(name: other, index: source.columns.count)
    for row in 0..<source.rows { profiler.add(row.isMultiple(of: 3) ? "Open" : "Closed") }
    return SourceTable(name: source.name, columns: source.columns + [profiler.finish()], rows: source.rows)
  }
}
