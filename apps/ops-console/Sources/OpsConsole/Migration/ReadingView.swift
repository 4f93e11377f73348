// How a file was read, above its first rows: what was found out, and the form that corrects it.

import Access
import EthicoTypes
import Mapping
import Markup
import Migration
import SourceFiles
import Web

/// How the form of a reading is shown.
enum ReadingForm: Sendable {
  /// To whoever only reads, or when nothing can be changed any more.
  case closed
  /// As it stands, or as it was sent and refused.
  case open(FormState?)
}

enum ReadingView {
  /// - Parameter withheld: columns whose cells are not shown.
  static func panel(
    _ tenant: Tenant, _ batch: Batch, withheld: Set<Int>, _ form: ReadingForm, _ frame: Frame
  ) -> HTML {
    details(.class("fold"), .id("reading"), form.wasRefused ? .open : nil) {
      summary {
        "How it was read: "
        clientText(line(batch))
      }
      switch form {
      case .closed: HTML.nothing
      case .open(let sent): correction(tenant, batch, sent, frame)
      }
      for finding in batch.shape.findings { p(.class("help"), .dirAuto) { finding.text } }
      grid(batch, withheld: withheld)
    }
  }

  /// `windows-1252, semicolon, header in row 3`.
  static func line(_ batch: Batch) -> String {
    let now = ReadingFields(batch: batch)
    let header = now.headerRow.map { $0 == 0 ? "no header" : "header in row \($0)" }
    return [now.encoding, now.delimiter.map(delimiterName), now.table.map(tableName), header].compactMap(\.self)
      .joined(separator: ", ")
  }

  /// Why the file could not be read as somebody wanted.
  static func refusal(_ batch: Batch) -> HTML {
    guard let refused = batch.readingRefused, batch.state.isOpen else { return .nothing }
    return div(.class("notice"), .data("meaning", "bad"), .role("alert")) {
      p(.dirAuto) { "The file cannot be read like that: it is read as before. " + refused }
    }
  }

  // MARK: The form

  private static func correction(_ tenant: Tenant, _ batch: Batch, _ sent: FormState?, _ frame: Frame) -> HTML {
    let now = ReadingFields(batch: batch)
    let state = sent ?? now.state
    return postForm(
      Path.batch(batch.id, of: tenant).appending("reading"), frame.secrets("reading"), version: batch.version,
      state: state, leaving: .silent, refused: "Nothing was changed"
    ) {
      div(.class("constants")) {
        if now.table != nil { tableField(batch, state) }
        if let encoding = now.encoding {
          selectField(
            "encoding", label: "Encoding", state: state,
            options: [(ReadingFields.foundOut, "Find it out")]
              + ([encoding] + TextEncoding.offered.map(\.name).filter { $0 != encoding }).map { ($0, $0) })
        }
        if let delimiter = now.delimiter {
          selectField("delimiter", label: "Between two cells", state: state, options: delimiters(delimiter))
        }
        if now.headerRow != nil {
          textField(
            "header_row", label: "Row that names the columns", help: "0 if none does; empty to find it out.",
            state: state, kind: .number, need: .optional, size: .short)
        }
        if now.hidden != nil {
          selectField(
            "hidden", label: "Hidden rows and columns", state: state,
            options: [("read", "Are read"), ("left_out", "Are left out")])
        }
      }
      p(.class("help")) { consequence(batch) }
      formActs { submitButton("Read it again", style: .plain) }
    }
  }

  private static func consequence(_ batch: Batch) -> String {
    batch.state == .profiled
      ? "The columns are looked at anew."
      : "The columns are looked at anew: what was decided about them, put right in rows, and found in them is "
        + "lost. "
        + "What values become stays."
  }

  private static func tableField(_ batch: Batch, _ state: FormState) -> HTML {
    selectField(
      "table", label: tableLabel(batch), state: state,
      options: batch.shape.tables.map { table in
        let value = table.name.isEmpty ? ReadingFields.whole : table.name
        return (value, tableName(value) + (table.isHidden ? " (hidden)" : ""))
      })
  }

  private static func tableLabel(_ batch: Batch) -> String {
    switch batch.shape.kind {
    case .xlsx: "Sheet"
    case .zip: "File in the ZIP"
    case .json, .ndjson: "List in the file"
    case .csv, .tsv: "Table"
    }
  }

  private static func tableName(_ value: String) -> String {
    value == ReadingFields.whole ? "The whole file" : value
  }

  private static let delimiterNames = ["tab": "tab", ",": "comma", ";": "semicolon", "|": "bar"]

  private static func delimiterName(_ value: String) -> String { delimiterNames[value] ?? value }

  private static func delimiters(_ now: String) -> [Choice] {
    let usual = [",", ";", "tab", "|"]
    return [(ReadingFields.foundOut, "Find it out")]
      + (usual.contains(now) ? usual : [now] + usual).map { value in
        let name = delimiterName(value)
        return (value, name == value ? value : name.capitalizedFirst)
      }
  }

  // MARK: The grid

  /// The first rows as they stand: what lies above the header and the header itself are told apart.
  private static func grid(_ batch: Batch, withheld: Set<Int>) -> HTML {
    div(.class("raw-grid"), .tabindex(0), .role("region"), .aria("label", "First rows of the file")) {
      table {
        thead {
          tr {
            th(.scope("col")) { "Row" }
            for column in batch.shape.columns { th(.scope("col"), .dirAuto) { column } }
          }
        }
        tbody {
          for row in batch.shape.grid {
            tr(row.number < batch.shape.firstRow ? .data("part", "head") : nil) {
              td { row.number == batch.shape.headerRow ? "\(row.number) · header" : String(row.number) }
              for (index, cell) in row.cells.enumerated() {
                td(.dirAuto) { text(of: cell, index, row, batch, withheld) }
              }
              // Lines above the header are shorter.
              for _ in 0..<max(0, batch.shape.columns.count - row.cells.count) { td() }
            }
          }
        }
      }
    }
  }

  private static func text(
    of cell: String, _ index: Int, _ row: SourceShape.GridRow, _ batch: Batch, _ withheld: Set<Int>
  ) -> String {
    let isName = row.number == batch.shape.headerRow
    if isName, batch.shape.columns.indices.contains(index) { return batch.shape.columns[index] }
    return withheld.contains(index) && !cell.isEmpty ? "withheld" : String(cell.prefix(80))
  }
}

extension ReadingForm {
  fileprivate var wasRefused: Bool {
    guard case .open(let sent?) = self else { return false }
    return !sent.errors.isEmpty
  }
}

/// Tables that a file hides, each with the button that makes a batch of it.
enum HiddenTables {
  static func notice(_ tables: [HiddenTable], _ tenant: Tenant, _ frame: Frame, may: Bool) -> HTML {
    HTML {
      for table in tables {
        div(.class("notice"), .data("meaning", table.refused == nil ? "info" : "bad")) {
          p {
            "The file hides "
            clientText("“\(table.name)”")
            ", which has rows. "
            table.isBeingRead ? "It is being read… " : "Nothing of it comes over unless you say so."
            if table.isBeingRead { LiveSlot("files.again", .link(nil)).view }
          }
          if let refused = table.refused { p(.dirAuto) { "It cannot be read. " + refused } }
          if may, !table.isBeingRead { button(table, tenant, frame) }
        }
      }
    }
  }

  private static func button(_ table: HiddenTable, _ tenant: Tenant, _ frame: Frame) -> HTML {
    postButton(
      "Make a batch", to: Path.migration(tenant).appending("files").appending(table.file).appending("tables"),
      frame.secrets("table-\(table.file)-\(table.position)"), fields: [("table", table.name)], style: [.small],
      name: "Make a batch of \(table.name)")
  }
}
