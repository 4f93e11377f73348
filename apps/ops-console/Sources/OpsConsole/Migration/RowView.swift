// One row: its cells as they came beside the record it would become, and what is wrong with it.

import Access
import EthicoTypes
import Foundation
import Mapping
import Markup
import Migration
import SourceFiles
import Web

enum RowView {
  static func page(
    _ tenant: Tenant, _ batch: Batch, _ mapping: BatchMapping, _ row: PreviewRow, _ changes: [FieldDifference]
  ) -> Page {
    let title = "Row \(grouped(row.number))"
    return Page(
      title, section: "/tenants", crumbs: MapperView.crumbs(tenant, batch), trace: "\(batch.title): \(title)",
      value: RowBody(row)
    ) { frame in
      pageHead(title, facts: [BatchView.decisionBadge(row), clientText(row.key)])
      PurgeNotice.line(batch, frame)
      if !row.issues.isEmpty { issues(row, batch) }
      RowChanges.panels(changes)
      div(.class("columns sides")) {
        panel("As it came") { cells(row, batch, mapping) }
        panel("As it would be") { record(row, batch.entity, frame) }
      }
    }
  }

  private static func issues(_ row: PreviewRow, _ batch: Batch) -> HTML {
    let isBlocked = row.issues.contains { $0.code.level == .blocker }
    return section(.class("notice"), .data("meaning", isBlocked ? "bad" : "attention")) {
      h2 { isBlocked ? "This row stays behind" : "To be taken note of" }
      ul {
        for issue in row.issues {
          li {
            strong { issue.code.label }
            if let position = issue.position, batch.shape.columns.indices.contains(position) {
              " in "
              clientText(batch.shape.columns[position])
            }
            ". \(issue.code.remedy)"
          }
        }
      }
    }
  }

  private static func cells(_ row: PreviewRow, _ batch: Batch, _ mapping: BatchMapping) -> HTML {
    let withheld = withheld(row, batch, mapping)
    return properties(
      batch.shape.columns.enumerated().map { index, name in
        let cell = row.cells.indices.contains(index) ? row.cells[index] : ""
        return (name, withheld.contains(index) ? badge("Withheld", .bad) : clientText(cell.isEmpty ? nil : cell))
      })
  }

  /// Columns whose cells are not shown: who reported, where the record is anonymous.
  private static func withheld(_ row: PreviewRow, _ batch: Batch, _ mapping: BatchMapping) -> Set<Int> {
    guard batch.entity == .case, row.record["reporter_type"] == "anonymous" else { return [] }
    return mapping.identityColumns
  }

  private static func record(_ row: PreviewRow, _ entity: ImportEntity, _ frame: Frame) -> HTML {
    let members = row.record
    let fields = TargetSchema.fields(of: entity)
    let known = fields.compactMap { field in members[field.name].map { (field.label, value($0, field, frame)) } }
    let labels = Set(fields.map(\.name))
    let others = members.filter { !labels.contains($0.key) }.sorted { $0.key < $1.key }.map {
      ($0.key, clientText($0.value))
    }
    let legacy = row.kept.sorted { $0.key < $1.key }.map { ($0.key, clientText($0.value)) }
    return HTML {
      properties(known + others)
      if !legacy.isEmpty {
        h3 { "Kept under its own name" }
        properties(legacy)
      }
    }
  }

  /// A value as the record's own page would show it.
  private static func value(_ text: String, _ field: TargetField, _ frame: Frame) -> HTML {
    switch field.kind {
    case .timestamp: time(text).map(frame.face.moment) ?? clientText(text)
    case .enumeration: .text(ValueView.label(of: text))
    case .text, .longText, .date, .boolean, .number, .money: clientText(text)
    }
  }

  /// The moment that a record's time says; `nil` for a day alone.
  private static func time(_ text: String) -> Date? {
    try? Date(text, strategy: .iso8601)
  }
}

/// A record on its way, in a few words.
enum PreviewText {
  /// The first things that tell a record apart.
  static func line(_ row: PreviewRow, _ entity: ImportEntity) -> String {
    let members = row.record
    let names: [String] =
      switch entity {
      case .case: ["status", "received_at", "category", "title", "summary"]
      case .person: ["display_name", "first_name", "last_name", "email", "job_title"]
      case .policy: ["title", "version_label", "status"]
      case .attestation: ["policy.title", "policy.number", "person.name", "person.email", "status"]
      case .disclosure: ["disclosure_type", "status", "discloser.name", "submitted_at"]
      case .attachment: ["parent_key", "file_name"]
      case .auditEvent: ["occurred_at", "action", "parent_key"]
      }
    return names.compactMap { members[$0] }.map(cut).joined(separator: " · ")
  }

  private static func cut(_ text: String) -> String {
    text.count > 60 ? String(text.prefix(60)) + "…" : text
  }
}
