// Delimited text a byte at a time: where cells and rows end.

/// Steps through delimited text. Quotation marks are read leniently: within quotes only a mark before a delimiter or
/// the end of a line closes, and one that nothing closes is read again as a character. A value and not an object: what
/// a row is made of is looked at for every byte, and an object's properties are guarded each time.
struct CSVTokenizer {
  private let openStream: () throws(SourceError) -> TextStream
  private let delimiter: UInt8
  let limits: SourceLimits
  private let isSample: Bool
  private let classes: ByteClasses

  var text: TextStream
  /// The stream's window.
  var base: UnsafeMutablePointer<UInt8>
  private var count = 0
  var delivered = 0
  var hasReplacements = false
  var position = 0
  private var number = 0
  var scratch: [UInt8] = []
  var overflowed = false
  var flags: UInt8 = 0
  var cells: [String] = []
  var cellsSeen = 0
  private var width = 8
  var rowBytes = 0
  var problems: [CellProblem] = []

  /// Where a mark stands that is to be read as a character, and how many such marks there were.
  private var literalMark = -1
  private var literalMarks = 0
  /// From here on no mark opens anything.
  private var marksEnd = Int.max
  /// After so many marks that nothing closes, the rest is read without any: each costs another reading.
  private static let literalMarksAllowed = 4

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  private enum End {
    case cell
    case row
    case file
    case unclosed
  }

  init(
    _ source: any ByteSource, _ encoding: TextEncoding, delimiter: UInt8, carriageReturns: Bool, limits: SourceLimits,
    sampleBytes: Int?
  ) throws(SourceError) {
    let limit = sampleBytes ?? Int.max
    openStream = { () throws(SourceError) in try TextStream(source, encoding, limit: limit) }
    text = try openStream()
    base = text.base
    self.delimiter = delimiter
    self.limits = limits
    isSample = sampleBytes.map { $0 < source.size } ?? false
    classes = ByteClasses(delimiter: delimiter, carriageReturns: carriageReturns)
  }

  mutating func next() throws(SourceError) -> SourceRow? {
    while true {
      guard try isMore() else { return nil }
      let start = delivered + position
      begin()
      switch try readCells() {
      case .unclosed: try readAgain(from: start)
      case .cell, .row, .file:
        number += 1
        width = cells.count
        return SourceRow(number: number, cells: cells, problems: problems)
      }
    }
  }

  private mutating func begin() {
    cells = []
    cells.reserveCapacity(width)
    cellsSeen = 0
    rowBytes = 0
    problems = []
  }

  /// Reads the row once more, now with the mark that nothing closed as a character.
  private mutating func readAgain(from start: Int) throws(SourceError) {
    literalMarks += 1
    text = try openStream()
    base = text.base
    position = 0
    repeat {
      guard try refill() else { return }
    } while delivered + count <= start
    _ = text.takeReplacements(before: start)
    position = start - delivered
  }

  private mutating func isMore() throws(SourceError) -> Bool {
    if position < count { return true }
    position = 0
    return try refill()
  }

  private mutating func refill() throws(SourceError) -> Bool {
    let isMore = try text.advance()
    count = text.count
    delivered = text.delivered
    hasReplacements = text.hasReplacements
    return isMore
  }

  private mutating func readCells() throws(SourceError) -> End {
    while true {
      let end = try readCell()
      if end != .cell { return end }
      if try !isMore() {
        // The file ends after a delimiter: one more cell, and it is empty.
        scratch.removeAll(keepingCapacity: true)
        flags = 0
        overflowed = false
        finish(0, 0)
        return .file
      }
    }
  }

  private mutating func readCell() throws(SourceError) -> End {
    if !scratch.isEmpty { scratch.removeAll(keepingCapacity: true) }
    flags = 0
    overflowed = false
    if base[position] == Self.quote, delivered + position < marksEnd {
      let opening = delivered + position
      if opening != literalMark { return try readQuoted(opening) }
      problem(.unclosedQuote, "A quotation mark that nothing closes was read as a character.")
    }
    return try readPlain()
  }

  private mutating func readPlain() throws(SourceError) -> End {
    var start = position
    while true {
      let base = base
      let count = count
      let classes = classes.table
      var index = position
      var seen: UInt8 = 0
      while index < count {
        let kind = classes[Int(base[index])]
        if kind & ByteClasses.stop != 0 { break }
        seen |= kind
        index += 1
      }
      flags |= seen
      if index < count {
        let end = closing(base[index])
        position = index
        finish(start, index, trimsReturn: end == .row)
        try pass(base[index])
        return end
      }
      keep(start, index)
      position = 0
      start = 0
      if try !refill() {
        finish(0, 0, trimsReturn: true)
        return .file
      }
    }
  }

  private mutating func readQuoted(_ opening: Int) throws(SourceError) -> End {
    position += 1
    var start = position
    while true {
      let base = base
      let count = count
      let classes = classes.table
      var index = position
      var seen: UInt8 = 0
      while index < count {
        let kind = classes[Int(base[index])]
        if kind & ByteClasses.mark != 0 { break }
        seen |= kind
        index += 1
      }
      flags |= seen
      if index == count {
        keep(start, index)
        position = 0
        start = 0
        if try !refill() { return closeAtEnd(opening) }
        continue
      }
      position = index + 1
      // The usual end of a cell, without copying.
      if position < count, classes[Int(base[position])] & ByteClasses.stop != 0 {
        finish(start, index)
        let byte = base[position]
        try pass(byte)
        return closing(byte)
      }
      keep(start, index)
      if let end = try closeOrKeepMark() { return end }
      start = position
    }
  }

  /// After a mark within quotes: the end of the cell, or `nil` when the mark was a character.
  private mutating func closeOrKeepMark() throws(SourceError) -> End? {
    guard try isMore() else {
      finish(0, 0)
      return .file
    }
    if base[position] == Self.quote {
      append(Self.quote)
      position += 1
      return nil
    }
    var blanks: [UInt8] = []
    while try isMore(), isBlank(base[position]), blanks.count < 64 {
      blanks.append(base[position])
      position += 1
    }
    guard try isMore() else {
      finish(0, 0)
      return .file
    }
    let byte = base[position]
    if classes.table[Int(byte)] & ByteClasses.stop != 0 {
      finish(0, 0)
      try pass(byte)
      return closing(byte)
    }
    append(Self.quote)
    for blank in blanks { append(blank) }
    return nil
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    classes.table[Int(byte)] & ByteClasses.stop == 0 && (byte == 32 || byte == 9 || byte == Self.carriageReturn)
  }

  private mutating func closeAtEnd(_ opening: Int) -> End {
    if !isSample {
      literalMark = opening
      if literalMarks == Self.literalMarksAllowed { marksEnd = opening + 1 }
      return .unclosed
    }
    problem(.unclosedQuote, "The file ends within quotation marks.")
    finish(0, 0)
    return .file
  }

  private func closing(_ byte: UInt8) -> End { byte == delimiter ? .cell : .row }

  /// Steps over a delimiter or the end of a line.
  private mutating func pass(_ byte: UInt8) throws(SourceError) {
    position += 1
    if byte == Self.carriageReturn, byte != delimiter, try isMore(), base[position] == Self.lineFeed {
      position += 1
    }
  }

  private mutating func append(_ byte: UInt8) {
    if scratch.count < limits.cellBytes { scratch.append(byte) } else { overflowed = true }
  }

  mutating func keep(_ start: Int, _ end: Int) {
    let room = limits.cellBytes - scratch.count
    if end - start > room { overflowed = true }
    if room > 0 {
      scratch.append(contentsOf: UnsafeBufferPointer(start: base + start, count: min(end - start, room)))
    }
  }
}
