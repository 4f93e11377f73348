// A table of records: the first cell leads to the record, numbers stand right, in little room each row becomes a card.

public import Markup

/// How a column's cells are set.
public enum ColumnKind: Sendable {
  case text, number
  /// Leads to the record that the row is about; it stands first.
  case link
}

/// One column: its title, and what stands in it for each row.
public struct Column<Row> {
  let title: String
  let kind: ColumnKind
  let cell: (Row) -> [HTML]

  /// - Parameter cell: what stands in the column for a row.
  public init(_ title: String, kind: ColumnKind = .text, @HTMLBuilder cell: @escaping (Row) -> [HTML]) {
    self.title = title
    self.kind = kind
    self.cell = cell
  }
}

/// A checkbox in front of each row, for an act on several: sent as `items[]` with the form of that id, see
/// `selectionBar`.
public struct Selection<Row> {
  let form: String
  let value: (Row) -> String?
  let name: (Row) -> String
  let isChosen: (Row) -> Bool

  /// - Parameters:
  ///   - value: what is sent for a row; `nil` for one that the act is not for, which gets no checkbox.
  ///   - name: what a screen reader calls the row: "Select RPT-2026-00412".
  ///   - isChosen: whether it was chosen when the form was sent and refused.
  public init(
    form: String, value: @escaping (Row) -> String?, name: @escaping (Row) -> String,
    isChosen: @escaping (Row) -> Bool = { _ in false }
  ) {
    self.form = form
    self.value = value
    self.name = name
    self.isChosen = isChosen
  }
}

/// Rows under a sticky head. The caption is for screen readers; the page's heading says it to the eye.
public func dataTable<Row>(
  _ caption: String, _ rows: [Row], columns: [Column<Row>], selection: Selection<Row>? = nil
) -> HTML {
  div(.class("table-wrap")) {
    table(.class("table")) {
      Markup.caption(.class("visually-hidden")) { caption }
      thead { tableHead(columns, selection) }
      tbody { rows.map { tableRow($0, columns: columns, selection: selection) } }
    }
  }
}

/// One row, as a page renders it and a stream pushes it.
public func tableRow<Row>(_ row: Row, columns: [Column<Row>], selection: Selection<Row>? = nil) -> HTML {
  tr {
    if let selection {
      td(.class("select")) {
        if let value = selection.value(row) {
          input(
            .type("checkbox"), .name("items[]"), .value(value), .form(selection.form),
            .aria("label", "Select " + selection.name(row)), selection.isChosen(row) ? .checked : nil)
        }
      }
    }
    columns.map { column in td(cellClass(column.kind), .data("label", column.title)) { column.cell(row) } }
  }
}

private func tableHead<Row>(_ columns: [Column<Row>], _ selection: Selection<Row>?) -> HTML {
  tr {
    if selection != nil {
      th(.scope("col"), .class("select")) { span(.class("visually-hidden")) { "Select" } }
    }
    columns.map { column in th(.scope("col"), cellClass(column.kind)) { column.title } }
  }
}

private func cellClass(_ kind: ColumnKind) -> Attribute {
  switch kind {
  case .text, .link: nil
  case .number: .class("number")
  }
}
