// The texts that the cells of a workbook share by number. There may be millions: they lie in a file without a name, in
// groups, and only where each group begins is kept in memory.

/// The shared texts of a workbook.
final class SharedTexts: Sendable {
  static let groupSize = 16
  /// As many as twenty columns of a full sheet hold, each text another: what begins each group stays in memory.
  private static let mostTexts = 20 * 1_048_576
  /// Where each group begins.
  private let groups: [Int]
  private let bytes: any ByteSource
  let count: Int

  private init(groups: [Int], bytes: any ByteSource, count: Int) {
    self.groups = groups
    self.bytes = bytes
    self.count = count
  }

  static func none() throws(SourceError) -> SharedTexts { SharedTexts(groups: [0], bytes: MemoryBytes([]), count: 0) }

  static func read(_ entry: ZipEntryReader) throws(SourceError) -> SharedTexts {
    let writer = try SharedTextsWriter()
    let stream = try XMLStream(entry, part: "the list of its texts", handler: writer)
    while try stream.advance() {
      try writer.flush(atLeast: 1 << 20)
      if writer.count > mostTexts { throw .xlsxDamaged("it lists more than \(mostTexts) texts") }
    }
    return SharedTexts(groups: writer.groups, bytes: try writer.finish(), count: writer.count)
  }

  /// The texts of a group, each with whether it was cut.
  func group(_ number: Int) throws(SourceError) -> [(text: String, isCut: Bool)] {
    guard number >= 0, number < groups.count else { return [] }
    let end = number + 1 < groups.count ? groups[number + 1] : bytes.size
    let content = try bytes.read(at: groups[number], count: end - groups[number])
    var texts: [(String, Bool)] = []
    var index = 0
    while index + 4 <= content.count {
      let head = (0..<4).reduce(0) { $0 | Int(content[index + $1]) << (8 * $1) }
      let length = head & 0x7FFF_FFFF
      index += 4
      guard index + length <= content.count else { break }
      texts.append((String(decoding: content[index..<index + length], as: UTF8.self), head >> 31 == 1))
      index += length
    }
    return texts
  }
}

/// Writes the texts down as they come.
private final class SharedTextsWriter: XMLHandler {
  private let scratch: ScratchFile
  private(set) var groups: [Int] = []
  private(set) var count = 0
  private var pending: [UInt8] = []
  private var item: [UInt8] = []
  private var isCut = false
  private var isInItem = false
  private var isInText = false
  private var phonetic = 0

  init() throws(SourceError) { scratch = try ScratchFile() }

  func start(_ name: XMLName, _ attributes: XMLAttributes) {
    switch name {
    case "si":
      isInItem = true
      item.removeAll(keepingCapacity: true)
      isCut = false
    case "rPh": phonetic += 1
    case "t": isInText = isInItem && phonetic == 0
    default: break
    }
  }

  func end(_ name: XMLName) {
    switch name {
    case "si": close()
    case "rPh": phonetic -= 1
    case "t": isInText = false
    default: break
    }
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard isInText else { return }
    let room = SourceLimits.standard.cellBytes - item.count
    if bytes.count > room { isCut = true }
    if room > 0 { item.append(contentsOf: bytes.prefix(room)) }
  }

  private func close() {
    isInItem = false
    if count % SharedTexts.groupSize == 0 { groups.append(scratch.size + pending.count) }
    count += 1
    if isCut { item = item.withUnsafeBufferPointer { Array(UTF8Cut.wholeCharacters($0)) } }
    let head = UInt32(item.count) | (isCut ? 1 << 31 : 0)
    for shift in [0, 8, 16, 24] as [UInt32] { pending.append(UInt8(truncatingIfNeeded: head >> shift)) }
    pending += item
  }

  func flush(atLeast size: Int) throws(SourceError) {
    guard pending.count >= size else { return }
    var outcome: Result<Void, SourceError> = .success(())
    pending.withUnsafeBytes { bytes in
      do throws(SourceError) { try scratch.append(bytes) } catch { outcome = .failure(error) }
    }
    try outcome.get()
    pending.removeAll(keepingCapacity: true)
  }

  func finish() throws(SourceError) -> any ByteSource {
    if scratch.size == 0 { return MemoryBytes(pending) }
    try flush(atLeast: 1)
    return try scratch.bytes()
  }
}

/// Shared texts that were looked up lately, by group; a sheet mostly asks for them in order.
struct SharedTextsCache {
  private let texts: SharedTexts
  private var numbers: [Int]
  private var groups: [[(text: String, isCut: Bool)]]
  /// A group of long texts is not kept.
  private static let keptBytes = 8192
  private static let slots = 1024

  init(_ texts: SharedTexts) {
    self.texts = texts
    numbers = Array(repeating: -1, count: Self.slots)
    groups = Array(repeating: [], count: Self.slots)
  }

  mutating func text(_ index: Int) throws(SourceError) -> (text: String, isCut: Bool)? {
    guard index >= 0, index < texts.count else { return nil }
    let number = index / SharedTexts.groupSize
    let slot = number % Self.slots
    let place = index % SharedTexts.groupSize
    if numbers[slot] == number { return groups[slot][place] }
    let group = try texts.group(number)
    guard place < group.count else { return nil }
    if group.reduce(0, { $0 + $1.text.utf8.count }) <= Self.keptBytes {
      numbers[slot] = number
      groups[slot] = group
    }
    return group[place]
  }
}
