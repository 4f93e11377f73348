// Objects of JSON as rows: an object within an object is `a.b`, a list is one cell.

import EthicoTypes

/// Which column a path belongs to; grows while columns are still being found.
struct JSONColumns {
  private(set) var names: [String] = []
  private var places: [String: Int] = [:]
  private let growsTo: Int?

  init(names: [String]) {
    self.names = names
    places = Dictionary(names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    growsTo = nil
  }

  init(growingTo limit: Int) { growsTo = limit }

  mutating func place(_ name: String) throws(SourceError) -> Int? {
    if let place = places[name] { return place }
    guard let growsTo else { return nil }
    if names.count == growsTo { throw .tooManyColumns(growsTo) }
    places[name] = names.count
    names.append(name)
    return names.count - 1
  }
}

/// Reads the objects of a list, or those of lines.
final class JSONReader: RecordReader {
  private let scanner: JSONScanner
  private let isLines: Bool
  private let limits: SourceLimits
  private var isOpen = false
  private var isDone = false
  private var number = 0
  private(set) var columns: JSONColumns
  private let pointer: [String]

  private var cells: [String] = []
  private var isSet: [Bool] = []
  private var problems = RowProblems()
  private var rowBytes = 0

  /// A reader of the list at `pointer` [RFC 6901]; of lines without one.
  init(_ text: TextStream, pointer: String?, columns: JSONColumns, limits: SourceLimits) {
    isLines = pointer == nil
    self.limits = limits
    self.columns = columns
    scanner = JSONScanner(text, limits: limits, endsAtLines: isLines)
    self.pointer = (pointer ?? "").split(separator: "/", omittingEmptySubsequences: false).dropFirst()
      .map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
  }

  func next() throws(SourceError) -> SourceRow? { isLines ? try nextLine() : try nextElement() }

  private func begin() {
    cells = Array(repeating: "", count: columns.names.count)
    isSet = Array(repeating: false, count: columns.names.count)
    problems = RowProblems()
    rowBytes = 0
  }

  private func nextElement() throws(SourceError) -> SourceRow? {
    if isDone { return nil }
    if isOpen {
      if try !scanner.isNextElement() { isDone = true }
    } else {
      isOpen = true
      try descend()
      try scanner.expect(UInt8(ascii: "["), "a list")
      if try scanner.significant() == UInt8(ascii: "]") { isDone = true }
    }
    if isDone { return nil }
    number += 1
    begin()
    if try scanner.significant() == UInt8(ascii: "{") {
      try object(prefix: "", depth: 1)
    } else {
      try scanner.skipValue(depth: 1)
      problems.add(.unreadableRow, at: nil, "Element \(number) is no object.")
    }
    return SourceRow(number: number, cells: cells, problems: problems.all)
  }

  /// Goes down to the list; of a name that is there twice the last one was offered, but the first one is a list too.
  private func descend() throws(SourceError) {
    for (level, name) in pointer.enumerated() {
      try scanner.expect(UInt8(ascii: "{"), "an opening brace")
      while true {
        guard try scanner.significant() == UInt8(ascii: "\"") else { throw .jsonNotATable }
        let key = try scanner.string(limit: 1024)
        try scanner.expect(UInt8(ascii: ":"), "a colon")
        let byte = try scanner.significant()
        let isLast = level == pointer.count - 1
        if key.text == name, byte == UInt8(ascii: isLast ? "[" : "{") { break }
        try scanner.skipValue(depth: level + 1)
        guard try scanner.significant() == UInt8(ascii: ",") else { throw .jsonNotATable }
        scanner.step()
      }
    }
  }

  private func nextLine() throws(SourceError) -> SourceRow? {
    while true {
      try scanner.skipBlanks()
      guard let byte = try scanner.peek() else { return nil }
      if byte != UInt8(ascii: "\n") { break }
      scanner.step()
    }
    number = scanner.line
    begin()
    do throws(SourceError) {
      guard try scanner.peek() == UInt8(ascii: "{") else { throw scanner.invalid("the line is no object") }
      try object(prefix: "", depth: 1)
      try scanner.skipBlanks()
      if let byte = try scanner.peek(), byte != UInt8(ascii: "\n") {
        throw scanner.invalid("something follows its end")
      }
    } catch {
      guard error.code == .jsonInvalid else { throw error }
      problems.add(.unreadableRow, at: nil, "Line \(number) cannot be read as an object: it is cut off or broken.")
    }
    try scanner.skipLine()
    return SourceRow(number: number, cells: cells, problems: problems.all)
  }

  private func object(prefix: String, depth: Int) throws(SourceError) {
    try scanner.refuse(depth)
    try scanner.members { (key) throws(SourceError) in
      let path = prefix.isEmpty ? key.text : prefix + "." + key.text
      switch try scanner.significant() {
      case UInt8(ascii: "{"): try object(prefix: path, depth: depth + 1)
      case UInt8(ascii: "["): set(try columns.place(path), try list(depth: depth + 1), path)
      case UInt8(ascii: "\""): set(try columns.place(path), try scanner.string(limit: limits.cellBytes), path)
      default: set(try columns.place(path), ScannedText(bytes: Array(try scanner.word().utf8)), path)
      }
    }
  }

  private func set(_ place: Int?, _ value: ScannedText, _ path: String) {
    guard let place else { return }
    while cells.count <= place {
      cells.append("")
      isSet.append(false)
    }
    if isSet[place] { problems.add(.duplicateKey, at: place, "“\(path)” is there twice; the last one counts.") }
    isSet[place] = true
    var value = value
    if rowBytes + value.bytes.count > limits.rowBytes {
      value.isCut = true
      value.bytes = []
    }
    rowBytes += value.bytes.count
    if value.isCut {
      problems.add(
        .textTooLong, at: place, "The text is longer than \(limits.cellBytes) bytes, or makes its row too long.")
    }
    if value.hasReplacements { problems.add(.replacedBytes, at: place, "Bytes could not be decoded.") }
    cells[place] = value.text
  }

  /// Plain values are joined by semicolons where none of them has one; all else stays JSON.
  private func list(depth: Int) throws(SourceError) -> ScannedText {
    try scanner.refuse(depth)
    var plain: [String]? = []
    var json = JSONCapture(limit: limits.cellBytes)
    json.add("[")
    var isFirst = true
    try scanner.elements { () throws(SourceError) in
      if !isFirst { json.add(",") }
      isFirst = false
      let byte = try scanner.significant()
      guard byte != UInt8(ascii: "{"), byte != UInt8(ascii: "[") else {
        plain = nil
        return try capture(&json, depth: depth + 1)
      }
      let text = try scalar(byte, &json)
      if text.contains(where: { $0 == ";" || $0.isNewline }) { plain = nil }
      if !json.isCut { plain?.append(text) }
    }
    json.add("]")
    guard let plain, !json.isCut else { return ScannedText(bytes: json.bytes, isCut: json.isCut) }
    return ScannedText(bytes: Array(plain.filter { !$0.isEmpty }.joined(separator: "; ").utf8))
  }

  private func scalar(_ byte: UInt8, _ json: inout JSONCapture) throws(SourceError) -> String {
    if byte == UInt8(ascii: "\"") {
      let text = try scanner.string(limit: limits.cellBytes).text
      json.addString(text)
      return text
    }
    let word = try scanner.word()
    json.add(word.isEmpty ? "null" : word)
    return word
  }

  private func capture(_ json: inout JSONCapture, depth: Int) throws(SourceError) {
    try scanner.refuse(depth)
    var isFirst = true
    switch try scanner.significant() {
    case UInt8(ascii: "{"):
      json.add("{")
      try scanner.members { (key) throws(SourceError) in
        if !isFirst { json.add(",") }
        isFirst = false
        json.addString(key.text)
        json.add(":")
        try capture(&json, depth: depth + 1)
      }
      json.add("}")
    case UInt8(ascii: "["):
      json.add("[")
      try scanner.elements { () throws(SourceError) in
        if !isFirst { json.add(",") }
        isFirst = false
        try capture(&json, depth: depth + 1)
      }
      json.add("]")
    case let byte: _ = try scalar(byte, &json)
    }
  }
}

/// JSON that is written down again, as far as a cell has room.
private struct JSONCapture {
  private(set) var bytes: [UInt8] = []
  private(set) var isCut = false
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func add(_ text: String) {
    if bytes.count + text.utf8.count > limit { isCut = true } else { bytes += text.utf8 }
  }

  mutating func addString(_ text: String) { add(JSONString.quoted(text)) }
}
