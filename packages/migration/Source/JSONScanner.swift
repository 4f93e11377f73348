// JSON as a stream of characters [RFC 8259], read once from left to right; only what is asked for is kept.

/// Steps through a JSON text.
final class JSONScanner {
  private let text: TextStream
  private var position = 0
  private let limits: SourceLimits
  /// In NDJSON a value ends with its line, whatever is open.
  private let endsAtLines: Bool
  private(set) var line = 1

  init(_ text: TextStream, limits: SourceLimits, endsAtLines: Bool = false) {
    self.text = text
    self.limits = limits
    self.endsAtLines = endsAtLines
  }

  /// Where it stands, in bytes of UTF-8.
  var offset: Int { text.delivered + position }

  /// The byte it stands at, or `nil` at the end.
  func peek() throws(SourceError) -> UInt8? {
    if position < text.count { return text.base[position] }
    position = 0
    return try text.advance() ? text.base[0] : nil
  }

  func step() {
    if text.base[position] == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  /// Passes white space; within a line of NDJSON none of its ends.
  func skipBlanks() throws(SourceError) {
    while let byte = try peek(), byte <= 32,
      byte == 32 || byte == 9 || byte == 13 || byte == 0 || (byte == 10 && !endsAtLines)
    {
      step()
    }
  }

  func skipLine() throws(SourceError) {
    while let byte = try peek() {
      step()
      if byte == UInt8(ascii: "\n") { return }
    }
  }

  /// The next byte that means something.
  func significant() throws(SourceError) -> UInt8 {
    try skipBlanks()
    guard let byte = try peek() else { throw invalid("it is cut off") }
    return byte
  }

  func expect(_ byte: UInt8, _ what: String) throws(SourceError) {
    guard try significant() == byte else { throw invalid("\(what) is missing") }
    step()
  }

  func invalid(_ why: String) -> SourceError { .jsonInvalid(why, at: offset) }

  /// Runs through the members of the object that it stands before; `body` has to pass the value.
  func members(_ body: (_ key: ScannedText) throws(SourceError) -> Void) throws(SourceError) {
    try expect(UInt8(ascii: "{"), "an opening brace")
    if try significant() == UInt8(ascii: "}") { return step() }
    while true {
      guard try significant() == UInt8(ascii: "\"") else { throw invalid("a name is missing") }
      let key = try string(limit: 1024)
      try expect(UInt8(ascii: ":"), "a colon")
      try body(key)
      let byte = try significant()
      if byte == UInt8(ascii: "}") { return step() }
      guard byte == UInt8(ascii: ",") else { throw invalid("a comma is missing") }
      step()
    }
  }

  /// Runs through the elements of the list that it stands before; `body` has to pass the value.
  func elements(_ body: () throws(SourceError) -> Void) throws(SourceError) {
    try expect(UInt8(ascii: "["), "an opening bracket")
    if try significant() == UInt8(ascii: "]") { return step() }
    while true {
      _ = try significant()
      try body()
      if try !isNextElement() { return }
    }
  }

  /// After an element: passes the comma, or the end of the list.
  func isNextElement() throws(SourceError) -> Bool {
    let byte = try significant()
    guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else { throw invalid("a comma is missing") }
    step()
    return byte == UInt8(ascii: ",")
  }

  /// Passes a value, looking at nothing but whether it is one.
  func skipValue(depth: Int) throws(SourceError) {
    switch try significant() {
    case UInt8(ascii: "{"):
      try refuse(depth)
      try members { (_) throws(SourceError) in try skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try refuse(depth)
      try elements { () throws(SourceError) in try skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string(limit: 0)
    default: _ = try word()
    }
  }

  func refuse(_ depth: Int) throws(SourceError) {
    if depth > limits.depth { throw .jsonTooDeep(limits.depth) }
  }

  /// A number, or `true`, `false`, `null`, `NaN`; what stands for nothing is empty.
  func word() throws(SourceError) -> String {
    var bytes: [UInt8] = []
    while let byte = try peek(), isWord(byte) {
      guard bytes.count < 400 else { throw invalid("a number is too long") }
      bytes.append(byte)
      step()
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if ["null", "NaN", "Infinity", "-Infinity"].contains(text) { return "" }
    guard text == "true" || text == "false" || JSONNumber.isValid(bytes) else {
      throw invalid("a value is missing or is none")
    }
    return text
  }

  private func isWord(_ byte: UInt8) -> Bool {
    (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 122) || byte == 43 || byte == 45 || byte == 46
  }
}

/// A string of JSON as far as it was kept.
struct ScannedText {
  var bytes: [UInt8] = []
  var isCut = false
  var hasReplacements = false

  var text: String { bytes.withUnsafeBufferPointer { String(decoding: UTF8Cut.wholeCharacters($0), as: UTF8.self) } }
}

/// The grammar of numbers [RFC 8259, 6]; a leading plus or zero is let through, since programs write them.
enum JSONNumber {
  static func isValid(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    guard dropDigits(&rest) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard dropDigits(&rest) else { return false }
    }
    if let byte = rest.first, byte | 32 == UInt8(ascii: "e") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      guard dropDigits(&rest) else { return false }
    }
    return rest.isEmpty
  }

  private static func dropDigits(_ rest: inout ArraySlice<UInt8>) -> Bool {
    let count = rest.count
    rest = rest.drop { $0 >= 48 && $0 <= 57 }
    return rest.count < count
  }
}

extension JSONScanner {
  /// The string that it stands before, at most `limit` bytes of it kept.
  func string(limit: Int) throws(SourceError) -> ScannedText {
    step()
    var result = ScannedText()
    let before = offset
    while true {
      guard let byte = try peek() else { throw invalid("a text is cut off") }
      switch byte {
      case UInt8(ascii: "\""):
        step()
        result.hasReplacements = !text.takeReplacements(before: offset).isEmpty && offset > before
        return result
      case UInt8(ascii: "\\"):
        step()
        try escape(into: &result, limit)
      case UInt8(ascii: "\n") where endsAtLines: throw invalid("a text is cut off")
      default:
        run(into: &result, limit)
      }
    }
  }

  /// Plain characters up to the next mark, escape or end of the window; C0 controls are left out.
  private func run(into result: inout ScannedText, _ limit: Int) {
    let start = position
    while position < text.count {
      let byte = text.base[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 32 { break }
      position += 1
    }
    if position == start {
      let byte = text.base[position]
      if byte == 9 || byte == 10 || byte == 13 { append(byte, to: &result, limit) }
      step()
      return
    }
    let room = limit - result.bytes.count
    if position - start > room { result.isCut = true }
    if room > 0 {
      result.bytes.append(contentsOf: UnsafeBufferPointer(start: text.base + start, count: min(room, position - start)))
    }
  }

  private func append(_ byte: UInt8, to result: inout ScannedText, _ limit: Int) {
    if result.bytes.count < limit { result.bytes.append(byte) } else { result.isCut = true }
  }

  private func escape(into result: inout ScannedText, _ limit: Int) throws(SourceError) {
    guard let byte = try peek() else { throw invalid("a text is cut off") }
    step()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): append(byte, to: &result, limit)
    case UInt8(ascii: "n"): append(10, to: &result, limit)
    case UInt8(ascii: "t"): append(9, to: &result, limit)
    case UInt8(ascii: "r"): append(13, to: &result, limit)
    case UInt8(ascii: "b"), UInt8(ascii: "f"): break
    case UInt8(ascii: "u"): try unicode(into: &result, limit)
    default: throw invalid("an escape is none")
    }
  }

  private func unicode(into result: inout ScannedText, _ limit: Int) throws(SourceError) {
    var value = try hexadecimal()
    if (0xD800...0xDBFF).contains(value), try peek() == UInt8(ascii: "\\") {
      step()
      guard try peek() == UInt8(ascii: "u") else {
        add(0xFFFD, to: &result, limit)
        return try escape(into: &result, limit)
      }
      step()
      let low = try hexadecimal()
      if (0xDC00...0xDFFF).contains(low) {
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      } else {
        add(0xFFFD, to: &result, limit)
        value = low
      }
    }
    add(value, to: &result, limit)
  }

  private func add(_ value: UInt32, to result: inout ScannedText, _ limit: Int) {
    let scalar = UnicodeScalar(value) ?? "\u{FFFD}"
    if scalar.value < 32, scalar.value != 9, scalar.value != 10, scalar.value != 13 { return }
    if UnicodeScalar(value) == nil { result.hasReplacements = true }
    for byte in UTF8.encode(scalar).map(Array.init) ?? [] { append(byte, to: &result, limit) }
  }

  private func hexadecimal() throws(SourceError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = try peek(), let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw invalid("an escape is none")
      }
      value = value << 4 | UInt32(digit)
      step()
    }
    return value
  }
}
