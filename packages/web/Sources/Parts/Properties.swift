// What a record is, as names and values.

package import Markup

/// The properties of a record, in order.
package func properties(_ rows: [(name: String, value: HTML)]) -> HTML {
  dl(.class("properties")) {
    for row in rows {
      div {
        dt(.dirAuto) { row.name }
        dd { row.value.isEmpty ? dash : row.value }
      }
    }
  }
}
