// The list of cases as a file for spreadsheets: the filters of the list, all its pages.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

/// A case as a spreadsheet shows it.
struct ExportedCase: Sendable, Hashable {
  let reference: String
  let title: String
  let category: String
  let severity: Severity
  let stage: CaseStage
  let outcome: CaseOutcome?
  let lead: String?
  let openedAt: Date
  let dueAt: Date
  let closedAt: Date?

  /// The newest that one file holds.
  static let limit = 50_000

  private static let heads = [
    "Reference", "Title", "Category", "Severity", "Stage", "Outcome", "Lead", "Opened", "Due", "Closed",
  ]

  private var cells: [CSVText.Cell] {
    [
      .words(reference), .words(title), .words(category), .words(severity.label), .words(stage.label),
      .words(outcome?.label), .words(lead), .moment(openedAt), .moment(dueAt), .moment(closedAt),
    ]
  }

  /// The file of some cases.
  static func file(_ cases: [ExportedCase], of tenant: Tenant, at moment: Date) -> Download {
    var text = CSVText(heads: heads)
    for found in cases { text.append(found.cells) }
    let day = moment.formatted(.iso8601.year().month().day())
    return Download(
      name: "\(tenant.slug)-cases-\(day).csv", contentType: "text/csv; charset=utf-8; header=present",
      bytes: text.bytes)
  }
}

extension ExportedCase: RowDecodable {
  init(row: Row) throws {
    reference = try row["reference"]
    title = try row["title"]
    category = try row["category"]
    severity = try row["severity"]
    stage = try row["stage"]
    outcome = try row["outcome"]
    lead = try row["lead_name"]
    openedAt = try row["opened_at"]
    dueAt = try row["due_at"]
    closedAt = try row["closed_at"]
  }
}
