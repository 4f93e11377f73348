// In which order the dates of one column are written, and what proves it. What nothing proves is never guessed.

/// In which order day, month and year stand.
package enum DateOrder: String, Codable, Hashable, Sendable {
  case dayMonthYear = "dmy"
  case monthDayYear = "mdy"
  case yearMonthDay = "ymd"
}

/// A cell that proves something, and where it stands.
package struct Witness: Codable, Hashable, Sendable {
  package let text: String
  /// The record's number among the records, from 1.
  package let row: Int

  package init(text: String, row: Int) {
    self.text = text
    self.row = row
  }
}

/// What the cells of one column prove about the order of their dates.
package struct DateProof: Codable, Hashable, Sendable {
  /// The first cell that can only be day before month, as 25/12/2020.
  package internal(set) var dayFirst: Witness?
  /// The first cell that can only be month before day, as 12/25/2020.
  package internal(set) var monthFirst: Witness?
  /// Cells that could be either.
  package internal(set) var undecided = 0
  /// Those of them that are written with dots.
  package internal(set) var undecidedWithDots = 0
  /// Cells that say their order themselves: 2020-12-25, 25 Dec 2020.
  package internal(set) var selfEvident = 0
  /// Cells that look like a date but are none: 31/02/2021.
  package internal(set) var impossible = 0

  package init() {}

  /// What follows for the column.
  package enum Verdict: Hashable, Sendable {
    /// Nothing in the column depends on an order.
    case none
    /// Every date says its order itself.
    case selfEvident
    case proved(DateOrder, Witness)
    /// With dots the day stands first by convention: WARNING `date.order_convention`, changeable.
    case convention(DateOrder)
    /// `date.order_ambiguous`: a person chooses.
    case ambiguous
    /// `date.mixed_order`: both orders are proved in one column.
    case mixed(dayFirst: Witness, monthFirst: Witness)
  }

  package var verdict: Verdict {
    switch (dayFirst, monthFirst) {
    case (let day?, let month?): return .mixed(dayFirst: day, monthFirst: month)
    case (let day?, nil): return .proved(.dayMonthYear, day)
    case (nil, let month?): return .proved(.monthDayYear, month)
    case (nil, nil): break
    }
    if undecided == 0 { return selfEvident == 0 ? .none : .selfEvident }
    return undecidedWithDots == undecided ? .convention(.dayMonthYear) : .ambiguous
  }

  /// Notes one cell that reads as a date.
  mutating func add(_ form: DateForm, text: @autoclosure () -> String, row: Int) {
    switch form.order {
    case .selfEvident: selfEvident += 1
    case .impossible: impossible += 1
    case .dayFirst: if dayFirst == nil { dayFirst = Witness(text: text(), row: row) }
    case .monthFirst: if monthFirst == nil { monthFirst = Witness(text: text(), row: row) }
    case .either:
      undecided += 1
      if form.hasDots { undecidedWithDots += 1 }
    }
  }
}

/// The day that a spreadsheet's serial number means.
package enum SerialDate {
  /// Where a workbook counts from.
  package enum Epoch: String, Codable, Hashable, Sendable {
    case from1900 = "1900"
    case from1904 = "1904"
  }

  /// Days since 1970-01-01; `nil` outside the years 1900 to 9999, and for serial 60 of the 1900 system, which would be
  /// the 29 February 1900 that never was.
  package static func daysSince1970(serial: Int, epoch: Epoch) -> Int? {
    switch epoch {
    case .from1900:
      guard serial >= 1, serial != 60, serial <= 2_958_465 else { return nil }
      return serial - (serial < 60 ? 25_568 : 25_569)
    case .from1904:
      guard serial >= 0, serial <= 2_957_003 else { return nil }
      return serial - 24_107
    }
  }
}
