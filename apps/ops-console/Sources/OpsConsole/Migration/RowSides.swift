// A row's cells as they came beside the record that it would become, with what reading made of a cell marked there.

import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import SourceFiles
import Web

struct RowSides: Sendable {
  let row: PreviewRow
  let batch: Batch
  let mapping: BatchMapping
  /// From this many characters on values are cut, where a page shows many rows.
  var limit = Int.max

  // MARK: As it came

  var cells: HTML {
    properties(
      batch.shape.columns.enumerated().map { index, name in
        let cell = row.cells.indices.contains(index) ? row.cells[index] : ""
        return (name, withheld.contains(index) ? badge("Withheld", .bad) : clientText(cell.isEmpty ? nil : cut(cell)))
      })
  }

  /// Columns whose cells are not shown: who reported, where the record is anonymous.
  private var withheld: Set<Int> {
    guard batch.entity == .case, row.record["reporter_type"] == "anonymous" else { return [] }
    return mapping.identityColumns
  }

  private func cut(_ text: String) -> String { text.count > limit ? String(text.prefix(limit)) + "…" : text }

  // MARK: As it would be

  /// What the record stands under: after the import it is what the row was read as, whatever the record says by now.
  var title: String { batch.committedAt == nil ? "As it would be" : "As it was read" }

  func record(_ frame: Frame) -> HTML {
    let members = row.record
    let fields = TargetSchema.fields(of: batch.entity)
    let known = fields.compactMap { field in members[field.name].map { (field.label, value($0, field, frame)) } }
    let names = Set(fields.map(\.name))
    let others = members.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }.map {
      ($0.key, clientText(cut($0.value)))
    }
    let legacy = row.kept.sorted { $0.key < $1.key }.map { ($0.key, clientText(cut($0.value))) }
    return HTML {
      properties(known + others)
      if !legacy.isEmpty {
        h3 { "Kept under its own name" }
        properties(legacy)
      }
    }
  }

  /// A value as the record's own page would show it, marked where it is not what stands in its cell.
  private func value(_ text: String, _ field: TargetField, _ frame: Frame) -> HTML {
    let shown = shown(text, field, frame)
    let columns = mapping.matched.filter { $0.target == field.name }
    let cells = columns.compactMap { column in
      row.cells.indices.contains(column.index) ? row.cells[column.index] : nil
    }.filter { !$0.isEmpty }
    let same = [text, ValueView.label(of: text)].map { $0.lowercased() }
    if cells.contains(where: { same.contains($0.trimmed.lowercased()) }) {
      return shown
    }
    return HTML {
      ins(.dirAuto) { shown }
      " "
      span(.class("muted")) { origin(cells, columns, field) }
    }
  }

  /// Where a value comes from that no cell says like that.
  private func origin(_ cells: [String], _ columns: [ColumnDecision], _ field: TargetField) -> HTML {
    if let cell = cells.first {
      guard cells.count == 1 else { return .text("from \(cells.count) columns") }
      guard !columns.contains(where: { withheld.contains($0.index) }), cell.count <= Self.briefly else {
        return "read from its cell"
      }
      return HTML {
        "from "
        clientText("“\(cell)”")
      }
    }
    if mapping.constants[field.name] != nil { return "one value for all records" }
    let isAssumed = field.defaultValue != nil || field.name == "reporter_type"
    return isAssumed ? "assumed, as no cell says it" : "taken from the rest of the row"
  }

  /// The longest cell that is repeated beside what was made of it.
  private static let briefly = 60

  private func shown(_ text: String, _ field: TargetField, _ frame: Frame) -> HTML {
    switch field.kind {
    case .timestamp: Self.time(text).map(frame.face.moment) ?? clientText(text)
    case .enumeration: .text(ValueView.label(of: text))
    case .text, .longText, .date, .boolean, .number, .money: clientText(cut(text))
    }
  }

  /// The moment that a record's time says; `nil` for a day alone.
  static func time(_ text: String) -> Date? {
    try? Date(text, strategy: .iso8601)
  }
}
