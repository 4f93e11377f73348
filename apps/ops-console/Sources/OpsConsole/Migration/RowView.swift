// One row: its cells as they came beside the record it would become, and what is wrong with it.

import Access
import EthicoTypes
import FoundationEssentials
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
    let sides = RowSides(row: row, batch: batch, mapping: mapping)
    return Page(
      title, section: "/tenants", crumbs: MapperView.crumbs(tenant, batch), trace: "\(batch.title): \(title)",
      value: RowBody(row, changes: changes)
    ) { frame in
      pageHead(title, facts: [BatchView.decisionBadge(row), clientText(row.key)])
      PurgeNotice.line(batch, frame)
      if !row.issues.isEmpty { issues(row, batch) }
      RowChanges.panels(changes)
      div(.class("columns sides")) {
        panel("As it came") { sides.cells }
        panel(sides.title) { sides.record(frame) }
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
            if let column = batch.column(at: issue.position) {
              " in "
              clientText(column)
            }
            ". \(issue.code.remedy)"
          }
        }
      }
    }
  }
}

/// A record on its way, in a few words.
enum PreviewText {
  /// The first things that tell a record apart.
  static func line(_ row: PreviewRow, _ entity: ImportEntity, _ frame: Frame) -> String {
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
    return names.compactMap { members[$0] }.map { text in
      RowSides.time(text).map(frame.face.exact) ?? cut(text)
    }.joined(separator: " · ")
  }

  private static func cut(_ text: String) -> String {
    text.count > 60 ? String(text.prefix(60)) + "…" : text
  }
}
