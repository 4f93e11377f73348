// How figures of a reconciliation read, on a page and on paper.

import FoundationEssentials
import Mapping
import Migration
import Web

enum FigureWords {
  /// The heads of a table of rows by batch or by kind, behind the first.
  static let rowHeads = ["Source rows", "New", "Changed", "As they were", "Stayed behind", "Taken back"]

  /// Counts as `rowHeads` name them.
  static func counts(_ rows: RowFigures) -> [String] {
    [rows.source, rows.inserted, rows.updated, rows.unchanged, rows.rejected + rows.skipped, rows.undone].map(grouped)
  }

  /// What is not a row: files, references, people who are stood in for, fields to decide. A value is `nil` where the
  /// source does not say.
  static func rest(_ figures: EntityFigures) -> [(name: String, value: String?)] {
    var rows: [(name: String, value: String?)] = []
    if let files = figures.files {
      rows.append(("Files", "\(grouped(files.count)), \(byteCount(files.bytes)) together"))
      rows.append(("As the source says", files.sourceBytes.map(byteCount)))
    }
    let counts = [
      ("Left out by a person", figures.sum.skipped), ("Refer to what has not come", figures.unresolved),
      ("People who are only stood in for", figures.placeholders), ("Fields to decide", figures.conflicts),
      ("Counted alone, as their source was removed", figures.emptied ?? 0),
    ]
    return rows + counts.filter { $0.1 > 0 }.map { ($0.0, grouped($0.1)) }
  }

  /// Reasons with how often each is one; empty where there are none.
  static func why(_ reasons: [FigureReason]) -> String {
    reasons.map { "\($0.label): \(grouped($0.count))" }.joined(separator: " · ")
  }

  static func difference(_ count: Int) -> String { count > 0 ? "+" + grouped(count) : grouped(count) }

  static func difference(_ money: MoneyFigures) -> String { money.difference == 0 ? "0" : amount(money.difference) }

  /// A word of ours as people read it; a client's own stays as it is. Empty where nothing is said.
  static func word(_ line: FigureLine, of group: FigureGroup) -> String {
    line.value.isEmpty || group.name == "category" || group.name.hasPrefix("year")
      ? line.value : ValueView.label(of: line.value)
  }

  /// What stands below a table that does not list all values; `nil` where it does.
  static func others(_ group: FigureGroup) -> String? {
    group.others > 0 ? "And \(grouped(group.others)) of further values." : nil
  }

  /// `12,480.50`.
  static func amount(_ value: Decimal) -> String {
    let parts = (value < 0 ? -value : value).description.split(separator: ".")
    guard let whole = parts.first.flatMap({ Int($0) }) else { return value.description }
    let cents = (parts.count > 1 ? parts[1] : "") + "00"
    return (value < 0 ? "−" : "") + grouped(whole) + "." + cents.prefix(2)
  }

  /// That each row is accounted for; `nil` where something differs.
  static func verdict(_ reckoned: [Reconciliation]) -> String? {
    guard reckoned.allSatisfy(\.figures.addsUp) else { return nil }
    let sum = reckoned.reduce(0) { $0 + $1.figures.sum.source }
    let records = reckoned.reduce(0) { $0 + $1.figures.records }
    return "Everything adds up: each of \(grouped(sum)) rows of the source is accounted for, and \(grouped(records)) "
      + "records are here."
  }
}
