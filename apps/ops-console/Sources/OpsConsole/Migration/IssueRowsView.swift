// The rows behind one finding of a batch, each with the way to its own page.

import Access
import EthicoTypes
import Markup
import Migration
import SourceFiles
import Web

enum IssueRowsView {
  static func page(_ tenant: Tenant, _ batch: Batch, _ finding: BatchFinding, _ rows: [IssueRow]) -> Page {
    let shown = Array(rows.prefix(IssueRow.pageLength))
    let title = finding.code.label
    let next = rows.count > shown.count ? shown.last.map { "\($0.number)-\($0.n)" } : nil
    return Page(
      title, section: "/tenants", crumbs: MapperView.crumbs(tenant, batch), trace: "\(batch.title): \(title)",
      value: IssueRowsBody(shown, next: next)
    ) { frame in
      pageHead(
        title,
        facts: [
          code { finding.code.rawValue },
          batch.column(at: finding.position).map { clientText($0) } ?? .text("The row as a whole"),
        ])
      p { finding.code.remedy }
      if shown.isEmpty {
        nothingYet("No row of that kind", "Since the rows were checked last, none is found by this rule here.")
      } else {
        table(tenant, batch, shown)
        let here = finding.path(of: batch, tenant)
        pagination(
          shown: shown.count, first: finding.behind == nil ? nil : here,
          next: next.map { here.query("after", $0) })
      }
    }
  }

  private static func table(_ tenant: Tenant, _ batch: Batch, _ rows: [IssueRow]) -> HTML {
    let home = Path.batch(batch.id, of: tenant).appending("rows")
    return dataTable(
      "Rows that were found", rows,
      columns: [
        Column("Row", kind: .link) { row in
          row.number > 0 ? a(.href(home.appending(row.number))) { "row \(grouped(row.number))" } : dash
        },
        Column("Key") { row in clientText(row.key) },
        Column("Value") { row in clientText(row.value) },
        Column("Becomes") { row in BatchView.decisionBadge(row.decision) },
      ])
  }
}

/// One rule and one column of a batch, as an address names them.
struct BatchFinding: Sendable {
  let code: IssueCode
  /// The column, from 0; `nil` for rows as a whole.
  let position: Int?
  /// The row that the page before ended with: its number, and what tells it from others of that number.
  var behind: (number: Int, n: Int)?

  /// Where its rows are listed.
  func path(of batch: Batch, _ tenant: Tenant) -> Path {
    let list = Path.batch(batch.id, of: tenant).appending("issues").appending(code.rawValue)
    return position.map { list.query("column", $0) } ?? list
  }
}

/// The rows behind a finding, for programs.
struct IssueRowsBody: Encodable, Sendable {
  let items: [Item]
  /// Where the next page begins.
  let next: String?

  struct Item: Encodable, Sendable {
    let row: Int
    let key: String?
    let value: String?
    let decision: StagedDecision?
  }

  init(_ rows: [IssueRow], next: String?) {
    self.next = next
    items = rows.map { Item(row: $0.number, key: $0.key, value: $0.value, decision: $0.decision) }
  }
}
