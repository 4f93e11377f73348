// Moments as sources write them.

import Mapping
import Testing

@Suite("Written moments")
struct MomentTextTests {
  private func read(_ text: String, _ order: DateOrder? = nil, epoch: SerialDate.Epoch = .from1900) -> String? {
    MomentReading(order: order, epoch: epoch, pivotYear: 2036).read(text).map { moment in
      let time = moment.secondOfDay.map { " \($0)" } ?? ""
      return moment.dayText + time + (moment.offsetSeconds.map { " \($0)" } ?? "")
    }
  }

  @Test(
    "are read in their column's order",
    arguments: [
      ("2021-12-25", nil, "2021-12-25"), ("2021-12-25T10:30:00Z", nil, "2021-12-25 37800 0"),
      ("2021-12-25 10:30:00.123+02:00", nil, "2021-12-25 37800 7200"),
      ("03/04/2021", DateOrder.dayMonthYear, "2021-04-03"), ("03/04/2021", .monthDayYear, "2021-03-04"),
      ("03.04.21", .dayMonthYear, "2021-04-03"), ("12/25/2020 1:05 PM", .monthDayYear, "2020-12-25 47100"),
      ("25 Dec 2020", nil, "2020-12-25"), ("25. Dezember 2020", nil, "2020-12-25"),
      ("25 de diciembre de 2020", nil, "2020-12-25"), ("Dec 25, 2020", nil, "2020-12-25"),
      ("Friday, December 25, 2020", nil, "2020-12-25"), ("Friday, December 25th, 2020", nil, "2020-12-25"),
      ("Dec 1st 2020 10:15 AM", nil, "2020-12-01 36900"), ("22nd of March, 2021", nil, "2021-03-22"),
      ("20201225", nil, "2020-12-25"),
      ("45678", nil, "2025-01-21"), ("44216.5", nil, "2021-01-20 43200"),
      ("/Date(1609459200000)/", nil, "2021-01-01 0 0"),
      ("01/02/37", .dayMonthYear, "1937-02-01"), ("01/02/36", .dayMonthYear, "2036-02-01"),
      ("25/12/2020", nil, "2020-12-25"),
    ] as [(String, DateOrder?, String)])
  func written(text: String, order: DateOrder?, day: String) {
    #expect(read(text, order) == day)
  }

  @Test("count from 1904 where the workbook does")
  func epochs() {
    #expect(read("44216", epoch: .from1904) == "2025-01-21")
  }

  @Test(
    "are none where the day does not exist, or nothing says in which order it is",
    arguments: ["31/02/2021", "60", "03/04/2021", "soon", "", "2021-13-01", "1.2.3.4", "12:30"])
  func none(text: String) {
    #expect(read(text, text == "31/02/2021" ? .dayMonthYear : nil) == nil)
  }
}
