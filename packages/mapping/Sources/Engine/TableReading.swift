// A table as the engine reads it, before it is asked what entity it holds.

/// A table's headers and values, ready for every entity.
struct TableReading: Sendable {
  let table: SourceTable
  let headers: [HeaderName]
  let values: [ColumnWords]
  let tongue: Tongue

  init(_ table: SourceTable) {
    self.table = table
    (headers, tongue) = HeaderName.read(table.columns.map(\.name))
    values = table.columns.map { ColumnWords($0) }
  }

  /// Whether there are rows at all: a header alone says nothing of values.
  var hasRows: Bool { table.rows > 0 }
}
