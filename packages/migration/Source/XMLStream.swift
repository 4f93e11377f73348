// XML as a stream of events, by Expat. Document types are refused before anything in them is read, so that no entity is
// ever expanded.

import CExpat

/// What wants to know of elements. Names come without their prefix.
protocol XMLHandler: AnyObject {
  func start(_ name: XMLName, _ attributes: XMLAttributes)
  func end(_ name: XMLName)
  func text(_ bytes: UnsafeBufferPointer<UInt8>)
}

/// A name as Expat has it in memory, compared without making a string of it.
struct XMLName {
  private let bytes: UnsafePointer<CChar>

  init(_ name: UnsafePointer<CChar>) {
    var start = name
    var byte = name
    while byte.pointee != 0 {
      if byte.pointee == 58 { start = byte + 1 }
      byte += 1
    }
    bytes = start
  }

  static func == (name: XMLName, text: StaticString) -> Bool {
    text.withUTF8Buffer { wanted in
      for index in wanted.indices where UInt8(bitPattern: name.bytes[index]) != wanted[index] { return false }
      return name.bytes[wanted.count] == 0
    }
  }

  static func ~= (text: StaticString, name: XMLName) -> Bool { name == text }
}

/// The attributes of an element, valid while it starts.
struct XMLAttributes {
  private let list: UnsafeMutablePointer<UnsafePointer<CChar>?>?

  init(_ list: UnsafeMutablePointer<UnsafePointer<CChar>?>?) { self.list = list }

  /// The bytes of a value, ended by a zero.
  func bytes(_ wanted: StaticString) -> UnsafePointer<CChar>? {
    guard var pair = list else { return nil }
    while let name = pair[0] {
      if XMLName(name) == wanted { return pair[1] }
      pair += 2
    }
    return nil
  }

  subscript(_ wanted: StaticString) -> String? { bytes(wanted).map { String(cString: $0) } }

  /// A value as a number, if it is one that is not negative.
  func number(_ wanted: StaticString) -> Int? {
    guard var byte = bytes(wanted), byte.pointee != 0 else { return nil }
    var value = 0
    while byte.pointee != 0 {
      guard byte.pointee >= 48, byte.pointee <= 57, value < 1 << 40 else { return nil }
      value = value * 10 + Int(byte.pointee - 48)
      byte += 1
    }
    return value
  }

  /// What a workbook calls true.
  func isTrue(_ wanted: StaticString) -> Bool {
    guard let value = bytes(wanted) else { return false }
    return value.pointee == 49 || value.pointee == 116
  }
}

/// Feeds an entry of a workbook to a parser, a piece at a time.
final class XMLStream {
  private let parser: XML_Parser
  private let entry: ZipEntryReader
  private let part: String
  private let sink: Sink
  private let buffer: UnsafeMutableRawBufferPointer
  private(set) var isDone = false

  private static let piece = 1 << 15
  /// So many bytes without one event are no sheet: Expat would keep all of a name or an attribute.
  private static let quietAtMost = 4 << 20

  /// What the callbacks see.
  private final class Sink {
    let handler: any XMLHandler
    let parser: XML_Parser
    var quiet = 0
    var depth = 0
    var hasDTD = false
    var isTooDeep = false

    init(_ handler: any XMLHandler, _ parser: XML_Parser) {
      self.handler = handler
      self.parser = parser
    }

    static func of(_ pointer: UnsafeMutableRawPointer?) -> Sink? {
      pointer.map { Unmanaged<Sink>.fromOpaque($0).takeUnretainedValue() }
    }
  }

  init(_ entry: ZipEntryReader, part: String, handler: any XMLHandler) throws(SourceError) {
    guard let parser = XML_ParserCreate(nil) else { throw .unreadable("there is no memory to read it") }
    self.parser = parser
    self.entry = entry
    self.part = part
    sink = Sink(handler, parser)
    buffer = .allocate(byteCount: Self.piece, alignment: 8)
    XML_SetUserData(parser, Unmanaged.passUnretained(sink).toOpaque())
    XML_SetElementHandler(
      parser,
      { pointer, name, attributes in
        guard let sink = Sink.of(pointer), let name else { return }
        sink.quiet = 0
        sink.depth += 1
        if sink.depth > 256 {
          sink.isTooDeep = true
          XML_StopParser(sink.parser, 0)
          return
        }
        sink.handler.start(XMLName(name), XMLAttributes(attributes))
      },
      { pointer, name in
        guard let sink = Sink.of(pointer), let name else { return }
        sink.quiet = 0
        sink.depth -= 1
        sink.handler.end(XMLName(name))
      })
    XML_SetCharacterDataHandler(parser) { pointer, text, count in
      guard let sink = Sink.of(pointer), let text else { return }
      sink.quiet = 0
      text.withMemoryRebound(to: UInt8.self, capacity: Int(count)) {
        sink.handler.text(UnsafeBufferPointer(start: $0, count: Int(count)))
      }
    }
    XML_SetStartDoctypeDeclHandler(parser) { pointer, _, _, _, _ in
      guard let sink = Sink.of(pointer) else { return }
      sink.hasDTD = true
      XML_StopParser(sink.parser, 0)
    }
  }

  deinit {
    XML_ParserFree(parser)
    buffer.deallocate()
  }

  /// Reads the next piece; `false` after the last one.
  func advance() throws(SourceError) -> Bool {
    if isDone { return false }
    let count = try unpacked()
    isDone = count == 0
    sink.quiet += count
    let status = XML_Parse(parser, buffer.assumingMemoryBound(to: CChar.self).baseAddress, Int32(count), isDone ? 1 : 0)
    if sink.hasDTD { throw .xlsxDTD }
    if sink.isTooDeep || sink.quiet > Self.quietAtMost { throw .xlsxDamaged("\(part) is no sheet but a trap") }
    guard status == XML_STATUS_OK else { throw .xlsxDamaged("\(part) is not well-formed XML") }
    return !isDone
  }

  /// A part that does not unpack is a damage of the workbook, as people see it.
  private func unpacked() throws(SourceError) -> Int {
    do throws(SourceError) {
      return try entry.read(into: buffer)
    } catch {
      throw error.code == .zipDamaged ? .xlsxDamaged("\(part) cannot be unpacked") : error
    }
  }

  func readAll() throws(SourceError) {
    while try advance() {}
  }
}
