// What the cells of one column prove about dates and numbers: every row of the specification's table.

import Mapping
import Testing

@Suite("Proofs")
struct ProofTests {
  private func profile(_ cells: [String]) -> ColumnProfile {
    var profiler = ColumnProfiler(name: "Column", index: 0)
    for cell in cells { profiler.add(cell) }
    return profiler.finish()
  }

  @Test(
    "an order is proved, taken by convention, or asked for; never guessed",
    arguments: [
      (["03/04/2021", "11/12/2020"], DateProof.Verdict.ambiguous),
      (["03/04/2021", "11/12/2020", "25/12/2020"], .proved(.dayMonthYear, Witness(text: "25/12/2020", row: 3))),
      (["03/04/2021", "12/25/2020"], .proved(.monthDayYear, Witness(text: "12/25/2020", row: 2))),
      (
        ["25/12/2020", "12/25/2020"],
        .mixed(dayFirst: Witness(text: "25/12/2020", row: 1), monthFirst: Witness(text: "12/25/2020", row: 2))
      ),
      (["03.04.2021"], .convention(.dayMonthYear)),
      (["2021-04-03", "3 Apr 2021"], .selfEvident),
      (["Warehouse"], .none),
    ])
  func order(cells: [String], verdict: DateProof.Verdict) {
    #expect(profile(cells).dates.verdict == verdict)
  }

  @Test(
    "reads the days that sources write",
    arguments: [
      "2020-12-25", "2020-12-25T10:11:12Z", "2020-12-25 10:11:12.000 +0100", "25 Dec 2020", "25-Dec-20",
      "25. Dezember 2020", "Dec 25, 2020 10:15 AM", "Friday, December 25, 2020",
      "Friday, December 25th, 2020", "Dec 1st 2020", "3rd March 2021", "25 de diciembre de 2020",
      "25 décembre 2020", "20201225", "/Date(1608854400000)/", "2020/12/25", "12/25/20", "25.12.2020, 14:30",
    ])
  func days(text: String) {
    #expect(profile([text]).share(.date) == 1)
  }

  @Test(
    "takes nothing else for a day", arguments: ["1.2.34", "10.0.0.1", "EP-2020-12", "2020", "12/25", "555-12-3456"])
  func noDays(text: String) {
    #expect(profile([text]).share(.date) == 0)
  }

  @Test(
    "a separator is proved or asked for",
    arguments: [
      (["1.234"], NumberProof.Verdict.ambiguous), (["1,234", "20"], .ambiguous),
      (["1.234", "1.234,50"], .proved(.comma, Witness(text: "1.234,50", row: 2))),
      (["1,234", "$1,234.50"], .proved(.point, Witness(text: "$1,234.50", row: 2))),
      (["1,234,567"], .proved(.point, Witness(text: "1,234,567", row: 1))),
      (["0.125"], .proved(.point, Witness(text: "0.125", row: 1))),
      (["12,5 EUR"], .proved(.comma, Witness(text: "12,5 EUR", row: 1))),
      ([".5"], .proved(.point, Witness(text: ".5", row: 1))),
      (["1 234", "12"], .plain), (["Warehouse"], .none), (["50–100", "5K", "1.5E+06", "50-100", "1/3"], .none),
    ])
  func separator(cells: [String], verdict: NumberProof.Verdict) {
    #expect(profile(cells).numbers.verdict == verdict)
  }

  @Test(
    "serial days count from their own beginning, and one of them never was",
    arguments: [(45_678, SerialDate.Epoch.from1900, Int?(20_109)), (44_216, .from1904, 20_109), (60, .from1900, nil)])
  func serial(serial: Int, epoch: SerialDate.Epoch, days: Int?) {
    #expect(SerialDate.daysSince1970(serial: serial, epoch: epoch) == days)
  }

  @Test("a column's shape is counted without its words for nothing")
  func shape() {
    let found = profile(["EP-0000001", "EP-0000002", "N/A", "", "EP-0000002"])
    #expect(found.rows == 5 && found.filled == 3 && found.distinct == 2)
    #expect(found.masks == [CountedText(text: "EP-9999999", count: 3)])
    #expect(found.top.first == CountedText(text: "EP-0000002", count: 2))
    #expect(found.share(.identifier) == 1)
  }
}
