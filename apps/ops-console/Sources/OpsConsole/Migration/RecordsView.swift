// What a batch brought over, row by row, each with the way to its page in the workspace and the way to take it back.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Migration
import Web

enum RecordsView {
  static func page(_ tenant: Tenant, _ batch: Batch, _ rows: [ImportedRow], behind: Int, _ may: RecordActs) -> Page {
    let shown = Array(rows.prefix(ImportedRow.pageLength))
    let next = rows.count > shown.count ? shown.last?.number : nil
    return Page(
      "What came over", section: "/tenants", crumbs: MapperView.crumbs(tenant, batch), trace: batch.title,
      value: RecordsBody(shown, next: next)
    ) { frame in
      pageHead("What came over", facts: [clientText(batch.title), clientText("from \(batch.source.label)")])
      if shown.isEmpty {
        nothingYet("Nothing came over", "No row of this batch has become a record yet.")
      } else {
        table(tenant, batch, shown, frame, may)
        let home = Path.batch(batch.id, of: tenant).appending("records")
        pagination(
          shown: shown.count, first: behind > 0 ? home : nil,
          next: next.map { home.query("after", $0) })
      }
    }
  }

  private static func table(
    _ tenant: Tenant, _ batch: Batch, _ rows: [ImportedRow], _ frame: Frame, _ may: RecordActs
  ) -> HTML {
    let undo = Path.batch(batch.id, of: tenant).appending("undo")
    // What was taken back already cannot be taken back again.
    let selects = may.mayUndo && rows.contains { $0.undoneAt == nil }
    let columns: [Column<ImportedRow>] = [
      Column("Record", kind: .link) { row in
        a(.href(Path.batch(batch.id, of: tenant).appending("rows").appending(row.number)), .dirAuto) { row.key }
      },
      Column("Row", kind: .number) { row in grouped(row.number) },
      Column("What it did") { row in
        if let undoneAt = row.undoneAt {
          badge("Undone", .neutral)
          " "
          frame.face.ago(undoneAt)
        } else {
          actionBadge(row.action)
        }
      },
      Column("Where it is") { row in
        if may.mayEnter, let page = row.page {
          a(
            .href(Path.enter(tenant).query("open", WorkspacePlace(page).text)),
            .aria("label", "Open in the workspace: \(row.key)")
          ) { "Open in the workspace" }
        } else {
          dash
        }
      },
      Column("") { row in
        if may.mayUndo, row.undoneAt == nil {
          a(
            .href(undo.query([("items[]", row.record.description)])),
            .aria("label", "Undo this record: \(row.key)")
          ) { "Undo this record" }
        }
      },
    ]
    return HTML {
      dataTable(
        "Records of the batch", rows, columns: columns,
        selection: selects
          ? Selection(
            form: "undo-some", value: { $0.undoneAt == nil ? $0.record.description : nil }, name: { $0.key }) : nil)
      if selects {
        form(.class("selection-bar"), .id("undo-some"), .get, .action(undo)) {
          hiddenField("scope", UndoDraft.some)
          span(.class("count"), .aria("live", "polite")) { "With the rows selected:" }
          submitButton("Undo these records", style: .danger)
        }
      }
    }
  }

  private static func actionBadge(_ action: ImportedRow.Action) -> HTML {
    switch action {
    case .update: badge("Changed a record", .info)
    case .insert, .link, .implied: badge("New record", .good)
    }
  }
}

/// What the person who looks may do with the records.
struct RecordActs: Sendable {
  let mayUndo: Bool
  let mayEnter: Bool
}

/// The rows that came over, for programs.
struct RecordsBody: Encodable, Sendable {
  let items: [Item]
  /// Where the next page begins.
  let next: Int?

  struct Item: Encodable, Sendable {
    let record: String
    let row: Int
    let key: String
    let target: String
    let action: ImportedRow.Action
    let undone: Date?
    /// The record's page, relative to an access.
    let page: String?
  }

  init(_ rows: [ImportedRow], next: Int?) {
    self.next = next
    items = rows.map {
      Item(
        record: $0.record.description, row: $0.number, key: $0.key, target: $0.target.uuidString.lowercased(),
        action: $0.action, undone: $0.undoneAt, page: $0.page.map { WorkspacePlace($0).text })
    }
  }
}
