// A row on its way into COPY, in COPY's text format [PostgreSQL 15 manual, COPY, "Text Format"].

/// One row for `Transaction.copy`: its values in the order of the columns.
public struct CopyRow: Sendable {
  let line: [UInt8]

  /// Values that are missing become NULL.
  public init(_ values: [(any PostgresEncodable)?]) {
    var line: [UInt8] = []
    for (index, value) in values.enumerated() {
      if index > 0 { line.append(UInt8(ascii: "\t")) }
      if let value, !value.isPostgresNull {
        Self.append(value.postgresText, to: &line)
      } else {
        line.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "N")])
      }
    }
    line.append(UInt8(ascii: "\n"))
    self.line = line
  }

  /// Escapes what would end a value or a row, and the escape itself; what needs none is copied as it stands.
  private static func append(_ text: String, to line: inout [UInt8]) {
    var text = text
    text.withUTF8 { bytes in
      var rest = bytes[...]
      while let place = rest.firstIndex(where: { escape(of: $0) != nil }), let letter = escape(of: rest[place]) {
        line.append(contentsOf: rest[..<place])
        line.append(UInt8(ascii: "\\"))
        line.append(letter)
        rest = rest[(place + 1)...]
      }
      line.append(contentsOf: rest)
    }
  }

  /// What stands behind the backslash for a byte that cannot stand for itself [PostgreSQL, COPY, "Text Format"].
  private static func escape(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\\"): UInt8(ascii: "\\")
    case UInt8(ascii: "\t"): UInt8(ascii: "t")
    case UInt8(ascii: "\n"): UInt8(ascii: "n")
    case UInt8(ascii: "\r"): UInt8(ascii: "r")
    default: nil
    }
  }
}
