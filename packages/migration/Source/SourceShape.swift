// What a file turned out to be, and what a person may correct of it: enough to read it the same way again.

/// What a person chose above the grid; `nil` is found out.
package struct ReadingOptions: Codable, Sendable, Equatable {
  /// The name of an encoding, as `TextEncoding` knows it.
  package var encoding: String?
  /// One character, or `tab`.
  package var delimiter: String?
  /// A sheet, an entry of a ZIP, or a JSON pointer.
  package var sheet: String?
  /// The number of the record that names the columns; 0 for none.
  package var headerRow: Int?
  /// What becomes of hidden rows and columns of a sheet; read unless somebody decided otherwise.
  package var hidden: HiddenCells?

  /// Nothing chosen, or these.
  package init(
    encoding: String? = nil, delimiter: String? = nil, sheet: String? = nil, headerRow: Int? = nil,
    hidden: HiddenCells? = nil
  ) {
    self.encoding = encoding
    self.delimiter = delimiter
    self.sheet = sheet
    self.headerRow = headerRow
    self.hidden = hidden
  }
}

/// What becomes of what a sheet hides.
package enum HiddenCells: String, Codable, Sendable {
  case read
  case leftOut = "left_out"
}

/// What kind of file it is, by its bytes.
package enum SourceKind: String, Codable, Sendable, CaseIterable {
  case csv
  case tsv
  case xlsx
  case json
  case ndjson
  case zip
}

/// A table that a file offers: a sheet, an entry, or an array.
package struct OfferedTable: Codable, Sendable, Equatable {
  /// What it is chosen by.
  package let name: String
  /// Whether its program hides it.
  package let isHidden: Bool
  /// How many bytes or objects it has, to tell it from others; `nil` where only reading would tell.
  package let size: Int?
}

/// Something a person should know about how the file was read.
package struct Finding: Codable, Sendable, Equatable {
  package enum Code: String, Codable, Sendable, CaseIterable {
    case preamble = "preamble"
    case sublabels = "header.sublabels"
    case noHeader = "header.missing"
    case footer = "footer.skipped"
    case repeatedHeader = "header.repeated"
    case doubtfulEncoding = "encoding.doubtful"
    case damagedEncoding = "encoding.damaged"
    case mojibake = "encoding.mojibake"
    case hiddenSheet = "xlsx.hidden_sheet"
    case hiddenRows = "xlsx.hidden_rows"
    case hiddenColumns = "xlsx.hidden_columns"
    case refusedEntry = "zip.entry_refused"
    case severalTables = "table.several"
    case repeatedNames = "header.repeated_names"
  }

  package let code: Code
  /// A sentence.
  package let text: String
  /// The number of the record it is about.
  package let row: Int?
  /// The column it is about, from 0.
  package var column: Int?
}

/// How a file is read.
package struct SourceShape: Codable, Sendable, Equatable {
  /// What the file is.
  package var kind: SourceKind
  /// How its text is encoded; `nil` in a workbook.
  package var encoding: String?
  /// What stands between two cells; `nil` in a workbook and in JSON.
  package var delimiter: String?
  /// The tables that it offers, in its own order.
  package var tables: [OfferedTable]
  /// The one that is read; `nil` where a file is one table.
  package var table: String?
  /// The record that names the columns, counted from 1 with blank lines; `nil` in JSON and where there is none.
  package var headerRow: Int?
  /// The first record below the header and what belongs to it.
  package var firstRow: Int
  /// The names of the columns, by the contract's rule: no two alike, none empty.
  package var columns: [String]
  /// The first rows as they stand, for the grid.
  package var grid: [GridRow]
  package var findings: [Finding]
  /// The rows that stand out, once the table has been read.
  package var notable: NotableRows?
  /// What only the readers need.
  var reading: Reading

  /// A shape of which only the kind is known yet.
  init(kind: SourceKind) {
    self.kind = kind
    tables = []
    firstRow = 1
    columns = []
    grid = []
    findings = []
    reading = Reading(kind: kind)
  }

  /// The same with some columns, by their places, under names of their own; what stands in the header in these places
  /// is forgotten.
  package func naming(_ names: [Int: String]) -> SourceShape {
    var shape = self
    for (place, name) in names where columns.indices.contains(place) {
      shape.columns[place] = name
      if reading.header.indices.contains(place) { shape.reading.header[place] = name }
    }
    shape.columns = ColumnNames.unique(shape.columns)
    return shape
  }

  /// A row of the grid.
  package struct GridRow: Codable, Sendable, Equatable {
    package let number: Int
    package let cells: [String]

    /// A row of that number.
    package init(number: Int, cells: [String]) {
      self.number = number
      self.cells = cells
    }
  }

  /// What a reader needs beyond what a person sees.
  struct Reading: Codable, Sendable, Equatable {
    /// What the chosen table is: of a ZIP, the kind of its entry.
    var kind: SourceKind
    /// The names as they stand in the header, for finding it repeated; in JSON the keys.
    var header: [String] = []
    /// Whether a carriage return alone ends a row.
    var carriageReturns = false
    var hidden: HiddenCells = .read
    /// The entry of a ZIP that the table is in, and the sheet or list within that entry.
    var entry: String?
    var sheet: String?
  }
}
