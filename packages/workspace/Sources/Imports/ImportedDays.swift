// The moments of an imported record that its source says no time of: a page shows the days that they are, whatever zone
// somebody looks from.

import FoundationEssentials

/// The days of a record that came without a time.
struct ImportedDays: Sendable {
  /// By the field that the source's column became: `closed_at`, `2022-05-05`.
  private let days: [String: String]
  /// What an import last wrote, by the column of ours.
  private let written: [String: Date]

  init(_ days: [String: String], written: [String: Date]) {
    self.days = days
    self.written = written
  }

  /// The day of a moment that nobody can change here.
  func day(of field: String) -> String? { days[field] }

  /// The day of a moment, as long as its column holds what came over: what was changed here since is exact.
  fileprivate func day(of field: String, in column: String, at moment: Date) -> String? {
    written[column] == moment ? days[field] : nil
  }
}

extension [ImportedFrom] {
  /// The day that a moment of the record stands for; `nil` where it is exact.
  /// - Parameters:
  ///   - field: what the source's column became.
  ///   - column: where it stands here.
  func day(of field: String, in column: String, at moment: Date) -> String? {
    for found in self {
      if let day = found.days.day(of: field, in: column, at: moment) { return day }
    }
    return nil
  }

  /// The same of a moment that nobody can change here.
  func day(of field: String) -> String? {
    for found in self {
      if let day = found.days.day(of: field) { return day }
    }
    return nil
  }
}
