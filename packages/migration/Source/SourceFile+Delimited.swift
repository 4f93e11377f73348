// CSV and TSV.

extension SourceFile {
  func inspectDelimited(
    _ options: ReadingOptions, _ encoding: TextEncoding, _ finding: Finding?
  ) throws(SourceError) -> SourceShape {
    if let sheet = options.sheet { throw .unknownOption("sheet", sheet, offered: []) }
    let carriageReturns = try hasOnlyCarriageReturns(encoding)
    let delimiter: UInt8
    if let chosen = options.delimiter {
      delimiter = try Self.delimiter(chosen)
    } else {
      delimiter = try DelimiterVote.vote(bytes, encoding, carriageReturns: carriageReturns).delimiter
    }
    var shape = SourceShape(kind: delimiter == 9 ? .tsv : .csv)
    shape.encoding = encoding.name
    shape.delimiter = String(UnicodeScalar(delimiter))
    shape.reading.carriageReturns = carriageReturns
    if let finding { shape.findings.append(finding) }
    let isDeclared = try DelimiterVote.declared(bytes, encoding) != nil
    return try complete(shape, options, firstRecord: isDeclared ? 2 : 1)
  }

  func delimited(_ shape: SourceShape) throws(SourceError) -> CSVReader {
    guard let name = shape.encoding, let encoding = TextEncoding.named(name), let delimiter = shape.delimiter else {
      throw .unreadable("its shape belongs to another kind of file")
    }
    return try CSVReader(
      bytes, encoding, delimiter: Self.delimiter(delimiter), carriageReturns: shape.reading.carriageReturns,
      limits: limits)
  }

  /// One character of ASCII that is no part of a text, or its name.
  static func delimiter(_ chosen: String) throws(SourceError) -> UInt8 {
    let names = ["tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"]
    let text = names[chosen.lowercased()] ?? chosen
    guard text.utf8.count == 1, let byte = text.utf8.first, byte != 34, byte != 10, byte != 13, byte > 0,
      !(byte >= 48 && byte <= 57), !((byte | 32) >= 97 && (byte | 32) <= 122)
    else { throw .unknownOption("delimiter", chosen, offered: [",", ";", "tab", "|"]) }
    return byte
  }

  private func hasOnlyCarriageReturns(_ encoding: TextEncoding) throws(SourceError) -> Bool {
    let stream = try TextStream(bytes, encoding, limit: 1 << 20)
    var hasReturn = false
    while try stream.advance() {
      let text = UnsafeBufferPointer(start: stream.base, count: stream.count)
      if text.contains(10) { return false }
      if !hasReturn { hasReturn = text.contains(13) }
    }
    return hasReturn
  }
}
