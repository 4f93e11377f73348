// The JSON face of how a file was read.

import Migration
import SourceFiles

/// How the file of a batch is read, and what else it offers.
struct ReadingBody: Encodable, Sendable {
  let encoding: String?
  let delimiter: String?
  let headerRow: Int?
  let table: String?
  let tables: [Table]
  /// Whether it is being read again.
  let again: Bool
  /// Why it could not be read as somebody wanted.
  let refused: String?

  struct Table: Encodable, Sendable {
    let name: String
    let hidden: Bool
  }

  enum CodingKeys: String, CodingKey {
    case encoding, delimiter, table, tables, again, refused
    case headerRow = "header_row"
  }

  init(_ batch: Batch) {
    encoding = batch.shape.encoding
    delimiter = batch.shape.delimiter
    headerRow = batch.shape.headerRow
    table = batch.shape.table
    tables = batch.shape.tables.map { Table(name: $0.name, hidden: $0.isHidden) }
    again = batch.isBeingRead
    refused = batch.readingRefused
  }
}
