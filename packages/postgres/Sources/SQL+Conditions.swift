// Pieces of statements put together: conditions that a filter has, queries of one shape one after the other.

extension SQL {
  /// Text as a LIKE pattern that means only itself.
  package static func pattern(_ text: String) -> String {
    // Most words are patterns of themselves.
    guard text.utf8.contains(where: { "\\%_".utf8.contains($0) }) else { return text }
    return text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
  }

  /// All of the conditions; true where there are none.
  package static func all(_ conditions: [SQL]) -> SQL {
    joined(conditions, by: " AND ", empty: "true")
  }

  /// One of the conditions at least; false where there are none.
  package static func any(_ conditions: [SQL]) -> SQL {
    "(\(fragment: joined(conditions, by: " OR ", empty: "false")))"
  }

  /// The rows of all the queries, each as often as it is there.
  package static func unionAll(_ queries: [SQL]) -> SQL {
    joined(queries, by: " UNION ALL ", empty: "")
  }

  /// A piece that reads as one where it is put.
  package static func parenthesized(_ sql: SQL) -> SQL {
    "(\(fragment: sql))"
  }

  private static func joined(_ parts: [SQL], by separator: SQL, empty: SQL) -> SQL {
    guard let first = parts.first else { return empty }
    return parts.dropFirst().reduce(first) { "\(fragment: $0)\(fragment: separator)\(fragment: $1)" }
  }
}
