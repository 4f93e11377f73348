// What a record is, as names and values.

public import Markup

/// The properties of a record, in order.
public func properties(_ rows: [(name: String, value: HTML)]) -> HTML {
  dl(.class("properties")) {
    for row in rows {
      div {
        dt(.dirAuto) { row.name }
        dd { row.value.isEmpty ? dash : row.value }
      }
    }
  }
}
