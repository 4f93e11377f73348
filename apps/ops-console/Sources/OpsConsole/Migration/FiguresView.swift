// The figures of one kind of record: its rows by batch, why some stayed behind, both sides by status, year and more.

import EthicoTypes
import FoundationEssentials
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
    let counts = FigureWords.rowHeads.enumerated().map { index, head in
      Column<Line>(head, kind: .number) { line in FigureWords.counts(line.rows)[index] }
    }
    return dataTable(
      caption, lines,
      columns: [
        Column("What", kind: .link) { line in
          clientText(line.name)
          " "
          line.addsUp ? badge("Adds up", .good) : badge("Does not add up", .bad)
        }
      ] + counts + [
        Column("Here", kind: .number) { line in line.records.map { .text(grouped($0)) } ?? dash }
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

  private static func rest(_ figures: EntityFigures) -> HTML {
    let rows = FigureWords.rest(figures)
    return rows.isEmpty ? .nothing : properties(rows.map { ($0.name, $0.value.map { .text($0) } ?? dash) })
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
          Column(group.label) { line in line.value.isEmpty ? dash : clientText(FigureWords.word(line, of: group)) },
          Column("Source", kind: .number) { line in grouped(line.source) },
          Column("Here", kind: .number) { line in grouped(line.here) },
          Column("Difference", kind: .number) { line in FigureWords.difference(line.difference) },
          Column("Why") { line in why(line.reasons) },
        ])
      if let others = FigureWords.others(group) { p(.class("muted")) { others } }
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
          Column("Source", kind: .number) { line in FigureWords.amount(line.source) },
          Column("Here", kind: .number) { line in FigureWords.amount(line.here) },
          Column("Difference", kind: .number) { line in FigureWords.difference(line) },
          Column("Why") { line in why(line.reasons) },
        ])
    }
  }

  private static func why(_ reasons: [FigureReason]) -> HTML {
    reasons.isEmpty ? dash : .text(FigureWords.why(reasons))
  }
}
