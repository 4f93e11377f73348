// What the statements of a span answer.

import FoundationEssentials
import Postgres

/// What became of rows.
struct CountedRows: RowDecodable {
  let figures: RowFigures

  init(row: Row) throws {
    figures = RowFigures(
      source: try row["rows"], inserted: try row["inserted"], updated: try row["updated"],
      unchanged: try row["unchanged"], rejected: try row["rejected"], skipped: try row["skipped"],
      made: try row["made"], changed: try row["changed"], undone: try row["undone"])
  }
}

/// How many rows stayed behind for what.
struct CountedReason: RowDecodable {
  let code: String
  let count: Int

  init(row: Row) throws {
    code = try row["code"]
    count = try row["count"]
  }
}

/// What is counted of records as a whole.
struct CountedRecords: RowDecodable {
  let records: Int
  let emptied: Int
  let bytes: Int
  let sourceBytes: Int?
  let unresolved: Int
  let placeholders: Int

  init(row: Row) throws {
    records = try row["records"]
    emptied = try row["emptied"]
    bytes = try row["bytes"]
    sourceBytes = try row["source_bytes"]
    unresolved = try row["unresolved"]
    placeholders = try row["placeholders"]
  }

  func put(into tally: inout SpanTally) {
    tally.records = records
    tally.emptied = emptied
    tally.bytes = bytes
    tally.sourceBytes = sourceBytes
    tally.unresolved = unresolved
    tally.placeholders = placeholders
  }
}

/// So many records say the one in the source and the other here.
struct CountedPair: RowDecodable {
  let pair: FigurePair
  let count: Int

  init(row: Row) throws {
    pair = FigurePair(
      name: try row["name"], source: try row["source"], here: try row["here"], isEdited: try row["is_edited"])
    count = try row["count"]
  }
}

/// Amounts of one currency in the source and of one here.
struct SummedAmounts: RowDecodable {
  let pair: CurrencyPair
  let sum: AmountSum

  init(row: Row) throws {
    pair = CurrencyPair(
      source: try row["said_currency"], here: try row["held_currency"], differs: try row["differs"],
      isEdited: try row["is_edited"])
    sum = AmountSum(
      source: try Self.amount("said", row), here: try Self.amount("held", row), count: try row["count"])
  }

  private static func amount(_ column: String, _ row: Row) throws -> Decimal {
    let text: String = try row[column]
    guard let amount = Decimal(string: text) else {
      throw RowError.value(column: column, expected: "Decimal", found: text)
    }
    return amount
  }
}
