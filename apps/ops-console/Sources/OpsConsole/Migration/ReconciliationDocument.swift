// The reconciliation on paper: the same figures as on its page, for the client to sign.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Migration
import Print
import Web

enum ReconciliationDocument {
  /// - Parameters:
  ///   - reckoned: the kinds of record, of one reckoning; not empty.
  ///   - names: of staff people, by the actor.
  static func of(_ reckoned: [Reconciliation], _ tenant: Tenant, names: [String: String]) -> PrintedDocument {
    let madeAt = reckoned.first?.madeAt ?? .distantPast
    return PrintedDocument(
      title: "\(tenant.name): reconciliation of the data migration",
      footer: "Reckoned \(moment(madeAt)) · \(tenant.slug)", language: "en", madeAt: madeAt,
      parts: opening(reckoned, tenant, names) + reckoned.flatMap { parts($0.figures) }
        + [.signatures([tenant.name, "Ethico"])])
  }

  private static func opening(
    _ reckoned: [Reconciliation], _ tenant: Tenant, _ names: [String: String]
  ) -> [PrintedDocument.Part] {
    var facts = [PrintedDocument.Fact("Client", tenant.name)]
    if let first = reckoned.first {
      facts.append(.init("Reckoned", "\(moment(first.madeAt)) by \(actorName(first.madeBy, names))"))
    }
    if let confirmation = reckoned.first?.confirmation {
      facts.append(.init("Agreed by", confirmation.by))
      facts.append(.init("On", moment(confirmation.at)))
    }
    let kinds = reckoned.map { found in
      [found.figures.entity.pluralLabel] + FigureWords.counts(found.figures.sum) + [grouped(found.figures.records)]
    }
    return [.facts(facts)] + verdict(reckoned) + [
      .heading("All kinds of record", level: .section),
      .table(PrintedTable(rowColumns("Kind") + [.init("Here", .number)], rows: kinds)),
    ]
  }

  private static func verdict(_ reckoned: [Reconciliation]) -> [PrintedDocument.Part] {
    if let verdict = FigureWords.verdict(reckoned) { return [.paragraph(verdict)] }
    return [.paragraph("This does not add up:"), .bullets(reckoned.flatMap(\.figures.differences))]
  }

  private static func rowColumns(_ first: String) -> [PrintedTable.Column] {
    [.init(first)] + FigureWords.rowHeads.map { .init($0, .number) }
  }

  // MARK: One kind

  private static func parts(_ figures: EntityFigures) -> [PrintedDocument.Part] {
    guard !figures.batches.isEmpty else { return [] }
    var parts: [PrintedDocument.Part] = [
      .heading(figures.entity.pluralLabel, level: .section),
      .table(
        PrintedTable(rowColumns("Batch"), rows: figures.batches.map { [$0.title] + FigureWords.counts($0.rows) })),
    ]
    let rest = FigureWords.rest(figures)
    if !rest.isEmpty { parts.append(.facts(rest.map { .init($0.name, $0.value ?? "–") })) }
    if !figures.reasons.isEmpty {
      parts.append(.heading("Why rows stayed behind", level: .table))
      parts.append(
        .table(
          PrintedTable(
            [.init("Reason"), .init("Code"), .init("Rows", .number)],
            rows: figures.reasons.map { [$0.label, $0.code, grouped($0.count)] })))
    }
    return parts + figures.groups.flatMap(table(of:)) + amounts(figures)
  }

  private static func table(of group: FigureGroup) -> [PrintedDocument.Part] {
    let rows = group.lines.map { line in
      [
        line.value.isEmpty ? "–" : FigureWords.word(line, of: group), grouped(line.source), grouped(line.here),
        FigureWords.difference(line.difference), FigureWords.why(line.reasons),
      ]
    }
    return [.heading("By \(group.name)", level: .table), .table(PrintedTable(sides(group.label), rows: rows))]
      + (FigureWords.others(group).map { [.paragraph($0)] } ?? [])
  }

  private static func amounts(_ figures: EntityFigures) -> [PrintedDocument.Part] {
    guard !figures.money.isEmpty else { return [] }
    let rows = figures.money.map { line in
      [
        line.currency.isEmpty ? "–" : line.currency, FigureWords.amount(line.source), FigureWords.amount(line.here),
        FigureWords.difference(line), FigureWords.why(line.reasons),
      ]
    }
    return [.heading("Amounts", level: .table), .table(PrintedTable(sides("Currency"), rows: rows))]
  }

  /// The columns that hold the source against what is here.
  private static func sides(_ first: String) -> [PrintedTable.Column] {
    [
      .init(first), .init("Source", .number), .init("Here", .number),
      .init("Difference", .number), .init("Why"),
    ]
  }

  /// `2026-03-02 09:15 UTC`: paper has no time zone of its own.
  private static func moment(_ date: Date) -> String {
    ClockFace.iso(date).prefix(16).replacing("T", with: " ") + " UTC"
  }
}
