// The figures of one kind of record: its rows by batch, why some stayed behind, both sides by status, year and more.

import EthicoTypes
import Foundation
import Mapping
import Markup
import Migration
import Web

enum FiguresView {
  /// Rows of a batch, or of all batches of a kind.
  struct Line {
    let name: String
    let rows: RowFigures
    /// How many records are here; `nil` for one batch, since a later one may have gone on with its records.
    let records: Int?
    let addsUp: Bool

    init(name: String, figures: EntityFigures) {
      self.name = name
      rows = figures.sum
      records = figures.records
      addsUp = figures.addsUp
    }

    init(_ batch: BatchFigures) {
      name = batch.title
      rows = batch.rows
      records = nil
      addsUp = batch.differences.isEmpty
    }
  }

  static func rowTable(_ caption: String, _ lines: [Line]) -> HTML {
    dataTable(
      caption, lines,
      columns: [
        Column("What", kind: .link) { line in
          clientText(line.name)
          " "
          line.addsUp ? badge("Adds up", .good) : badge("Does not add up", .bad)
        },
        Column("Source rows", kind: .number) { line in grouped(line.rows.source) },
        Column("New", kind: .number) { line in grouped(line.rows.inserted) },
        Column("Changed", kind: .number) { line in grouped(line.rows.updated) },
        Column("As they were", kind: .number) { line in grouped(line.rows.unchanged) },
        Column("Stayed behind", kind: .number) { line in grouped(line.rows.rejected + line.rows.skipped) },
        Column("Taken back", kind: .number) { line in grouped(line.rows.undone) },
        Column("Here", kind: .number) { line in line.records.map { .text(grouped($0)) } ?? dash },
      ])
  }

  static func panels(_ figures: EntityFigures) -> HTML {
    panel(figures.entity.pluralLabel) {
      if figures.batches.isEmpty {
        p(.class("muted")) { "Nothing of it has come over." }
      } else {
        rowTable("\(figures.entity.pluralLabel) by batch", figures.batches.map(Line.init))
        rest(figures)
        reasons(figures)
        for group in figures.groups { groupTable(group, figures.entity) }
        amounts(figures)
      }
    }
  }

  /// What is not a row: files, references, people who are stood in for, fields to decide.
  private static func rest(_ figures: EntityFigures) -> HTML {
    var rows: [(name: String, value: HTML)] = []
    if let files = figures.files {
      rows.append(("Files", .text("\(grouped(files.count)), \(byteCount(files.bytes)) together")))
      rows.append(("As the source says", files.sourceBytes.map { .text(byteCount($0)) } ?? dash))
    }
    if figures.sum.skipped > 0 { rows.append(("Left out by a person", .text(grouped(figures.sum.skipped)))) }
    if figures.unresolved > 0 {
      rows.append(("Refer to what has not come", .text(grouped(figures.unresolved))))
    }
    if figures.placeholders > 0 {
      rows.append(("People who are only stood in for", .text(grouped(figures.placeholders))))
    }
    if figures.conflicts > 0 { rows.append(("Fields to decide", .text(grouped(figures.conflicts)))) }
    if let emptied = figures.emptied, emptied > 0 {
      rows.append(("Counted alone, as their source was removed", .text(grouped(emptied))))
    }
    return rows.isEmpty ? .nothing : properties(rows)
  }

  private static func reasons(_ figures: EntityFigures) -> HTML {
    let reasons = figures.reasons
    guard !reasons.isEmpty else { return .nothing }
    return HTML {
      h3 { "Why rows stayed behind" }
      dataTable(
        "Why rows stayed behind", reasons,
        columns: [
          Column("Reason") { reason in
            reason.label
            " "
            code { reason.code }
          },
          Column("Rows", kind: .number) { reason in grouped(reason.count) },
        ])
    }
  }

  private static func groupTable(_ group: FigureGroup, _ entity: ImportEntity) -> HTML {
    HTML {
      h3 { "By \(group.name)" }
      dataTable(
        "\(entity.pluralLabel) by \(group.name)", group.lines,
        columns: [
          Column(group.label) { line in line.value.isEmpty ? dash : clientText(word(line.value, group.name)) },
          Column("Source", kind: .number) { line in grouped(line.source) },
          Column("Here", kind: .number) { line in grouped(line.here) },
          Column("Difference", kind: .number) { line in difference(line.difference) },
          Column("Why") { line in why(line.reasons) },
        ])
      if group.others > 0 { p(.class("muted")) { "And \(grouped(group.others)) of further values." } }
    }
  }

  private static func amounts(_ figures: EntityFigures) -> HTML {
    guard !figures.money.isEmpty else { return .nothing }
    return HTML {
      h3 { "Amounts" }
      dataTable(
        "Amounts of \(figures.entity.pluralLabel.lowercased()) by currency", figures.money,
        columns: [
          Column("Currency") { line in line.currency.isEmpty ? dash : .text(line.currency) },
          Column("Source", kind: .number) { line in amount(line.source) },
          Column("Here", kind: .number) { line in amount(line.here) },
          Column("Difference", kind: .number) { line in line.difference == 0 ? "0" : amount(line.difference) },
          Column("Why") { line in why(line.reasons) },
        ])
    }
  }

  private static func why(_ reasons: [FigureReason]) -> HTML {
    guard !reasons.isEmpty else { return dash }
    return .text(reasons.map { "\($0.label): \(grouped($0.count))" }.joined(separator: " · "))
  }

  private static func difference(_ count: Int) -> String { count > 0 ? "+" + grouped(count) : grouped(count) }

  /// A word of ours as people read it; a client's own stays as it is.
  private static func word(_ value: String, _ group: String) -> String {
    group == "category" || group.hasPrefix("year") ? value : ValueView.label(of: value)
  }

  /// `12,480.50`.
  static func amount(_ value: Decimal) -> String {
    let parts = (value < 0 ? -value : value).description.split(separator: ".")
    guard let whole = parts.first.flatMap({ Int($0) }) else { return value.description }
    let cents = (parts.count > 1 ? String(parts[1]) : "").padding(toLength: 2, withPad: "0", startingAt: 0)
    return (value < 0 ? "−" : "") + grouped(whole) + "." + cents
  }
}
