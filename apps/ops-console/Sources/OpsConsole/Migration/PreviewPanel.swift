// Rows of a batch as the records that they would become, each beside its cells: fifty that show the usual and the
// unusual, a tab a kind, and any other by its number.

import Access
import EthicoTypes
import Mapping
import Markup
import Migration
import SourceFiles
import Web

/// The rows that a batch's page shows, and what would change of the records that are here already.
struct Preview: Sendable {
  var choice: PreviewChoice?
  var rows: [PreviewRow] = []
  var changes: [FieldDifference] = []
  /// The row that somebody asked for, if there is one of that number.
  var sought: PreviewRow?

  static let none = Preview()
}

extension Preview {
  /// - Parameter number: the row that somebody asked for.
  static func of(
    _ batch: Batch, _ issues: [IssueGroup], _ sample: PreviewSample, seeking number: Int?, in tx: AuditedTransaction
  ) async throws -> Preview {
    guard batch.stagedNumber != nil else { return .none }
    let choice = try await PreviewChoice.of(batch.id, batch.shape.notable, issues, in: tx)
    var preview = Preview(choice: choice)
    preview.rows = try await PreviewRow.all(choice.numbers(sample), of: batch.id, in: tx)
    if let number { preview.sought = try await PreviewRow.find(number, of: batch.id, in: tx) }
    let shown = preview.rows + [preview.sought].compactMap(\.self)
    preview.changes = try await batch.changes(of: shown, in: tx)
    return preview
  }
}

enum PreviewPanel {
  /// From this many characters on values are cut here: the row's own page has all of them.
  private static let valueLimit = 300

  static func view(_ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms, _ frame: Frame) -> HTML {
    let home = Path.batch(file.batch.id, of: tenant)
    let preview = file.preview
    return panel(file.batch.committedAt == nil ? "Rows as they would be" : "Rows as they were read") {
      seek(home, file, forms)
      if let sought = preview.sought { row(sought, home, file, frame, isOpen: true) }
      tabs(
        "Sample", PreviewSample.allCases.map { (label($0, preview), home.query("sample", $0.rawValue)) },
        current: home.query("sample", forms.sample.rawValue))
      if preview.rows.isEmpty {
        p(.class("muted")) { none(forms.sample) }
      } else {
        for (place, shown) in preview.rows.enumerated() {
          row(shown, home, file, frame, isOpen: place == 0 && preview.sought == nil)
        }
      }
    }
  }

  private static func label(_ sample: PreviewSample, _ preview: Preview) -> String {
    "\(sample.label) · \(preview.choice?.numbers(sample).count ?? 0)"
  }

  private static func none(_ sample: PreviewSample) -> String {
    switch sample {
    case .first: "There are no rows."
    case .issues: "No further row has an issue."
    case .longest, .random: "All rows stand under the other tabs."
    case .rarest: "No further row has a value that is rare in its column."
    }
  }

  // MARK: Any row

  private static func seek(_ home: Path, _ file: BatchFile, _ forms: BatchForms) -> HTML {
    let typed = forms.sought?.typed ?? ""
    let isMissing = !typed.isEmpty && file.preview.sought == nil
    let message = file.preview.choice?.ends.map { ends in
      "This batch has no row “\(typed.prefix(20))”: its rows are \(grouped(ends.lowerBound)) to "
        + "\(grouped(ends.upperBound))."
    }
    let error = FieldError("row", message ?? "This batch has no rows.")
    let state = FormState(FormFields([("row", typed)]), errors: isMissing ? [error] : [])
    return form(.class("form row-seek"), .get, .action(home), .novalidate) {
      hiddenField("sample", forms.sample.rawValue)
      textField("row", label: "Any row, by its number", state: state, size: .short)
      submitButton("Show row", style: .plain)
    }
  }

  // MARK: One row

  private static func row(_ row: PreviewRow, _ home: Path, _ file: BatchFile, _ frame: Frame, isOpen: Bool) -> HTML {
    let sides = RowSides(row: row, batch: file.batch, mapping: file.mapping, limit: valueLimit)
    return details(.class("preview-row"), isOpen ? .open : nil) {
      summary {
        strong { "Row \(grouped(row.number))" }
        " "
        BatchView.decisionBadge(row)
        " "
        span(.class("muted"), .dirAuto) {
          [row.key, PreviewText.line(row, file.batch.entity, frame)].compactMap(\.self).filter { !$0.isEmpty }
            .joined(separator: " · ")
        }
      }
      p {
        a(.href(home.appending("rows").appending(row.number))) { "Open row \(grouped(row.number))" }
        if !row.issues.isEmpty { " · " + issues(row) }
      }
      RowChanges.panels(file.preview.changes.filter { $0.rowNumber == row.number })
      div(.class("columns sides")) {
        section {
          h3 { "As it came" }
          sides.cells
        }
        section {
          h3 { sides.title }
          sides.record(frame)
        }
      }
    }
  }

  private static func issues(_ row: PreviewRow) -> String {
    var seen: Set<IssueCode> = []
    return row.issues.map(\.code).filter { seen.insert($0).inserted }.map(\.label).joined(separator: " · ")
  }
}

/// A row that somebody asked for.
struct SoughtRow: Sendable {
  let typed: String

  /// The number, however its thousands are told apart.
  var number: Int? { Int(typed.filter { !",. \u{A0}\u{202F}".contains($0) }) }
}
