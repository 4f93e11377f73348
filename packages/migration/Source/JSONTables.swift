// Which lists of objects a JSON text holds: each could be the table.

/// Finds them in one pass, which also proves that the text is whole.
struct JSONTables {
  private(set) var tables: [OfferedTable] = []
  /// Whether one object follows another, as lines do in NDJSON.
  private(set) var isLines = false
  private let limits: SourceLimits

  static func find(_ text: TextStream, limits: SourceLimits) throws(SourceError) -> JSONTables {
    let scanner = JSONScanner(text, limits: limits)
    var found = JSONTables(limits: limits)
    let first = try scanner.significant()
    try found.look(scanner, pointer: "", depth: 1)
    try scanner.skipBlanks()
    guard let byte = try scanner.peek() else { return found }
    if first == UInt8(ascii: "{"), byte == UInt8(ascii: "{") {
      found.isLines = true
      return found
    }
    throw scanner.invalid("something follows its end")
  }

  private init(limits: SourceLimits) { self.limits = limits }

  private mutating func look(_ scanner: JSONScanner, pointer: String, depth: Int) throws(SourceError) {
    try scanner.refuse(depth)
    switch try scanner.significant() {
    case UInt8(ascii: "{"):
      try scanner.members { (key) throws(SourceError) in
        let name = key.text.replacing("~", with: "~0").replacing("/", with: "~1")
        try look(scanner, pointer: pointer + "/" + name, depth: depth + 1)
      }
    case UInt8(ascii: "["):
      var objects = 0
      try scanner.elements { () throws(SourceError) in
        if try scanner.significant() == UInt8(ascii: "{") { objects += 1 }
        try scanner.skipValue(depth: depth + 1)
      }
      if objects > 0, tables.count < limits.tables {
        tables.append(OfferedTable(name: pointer, isHidden: false, size: objects))
      }
    default: try scanner.skipValue(depth: depth)
    }
  }
}
