// Looks at a column's cells one after the other and keeps little: counts, up to ten thousand different short texts, and
// the first witnesses of an order. However many rows come, the memory has a bound.

/// Makes a column's profile out of its cells.
package struct ColumnProfiler: Sendable {
  /// How many different texts are counted.
  package static let distinctLimit = 10_000
  private static let topLimit = 50
  private static let textLimit = 200
  private static let sampleLimit = 120
  /// Different texts whose shapes are counted.
  private static let maskLimit = 500

  private struct Entry: Sendable {
    let text: String
    let cell: Cell
    /// Where it stands first.
    let row: Int
    var count: Int
  }

  private let name: String
  private let index: Int
  private var rows = 0
  private var filled = 0
  private var places: [String: Int] = [:]
  private var entries: [Entry] = []
  private var isCapped = false
  /// Kinds of the cells that are beyond the limit.
  private var beyond: [CellKind: Int] = [:]
  private var shortest = Int.max
  private var longest = 0
  private var characters = 0
  private var dates = DateProof()
  private var numbers = NumberProof()

  /// - Parameter name: the header as the file's key.
  package init(name: String, index: Int) {
    self.name = name
    self.index = index
  }

  /// Looks at the next row's cell.
  /// - Parameter number: the row's in its file; without one rows are counted from 1.
  package mutating func add(_ cell: String, row number: Int? = nil) {
    rows += 1
    let row = number ?? rows
    let text = Self.trimmed(cell)
    guard !text.isEmpty else { return }
    let key = text.utf8.count <= Self.textLimit ? text : String(text.prefix(Self.textLimit))
    if let place = places[key] {
      entries[place].count += 1
      note(entries[place].cell, text, row)
      return
    }
    guard text.utf8.count > 8 || !Words.nothing.contains(text.lowercased()) else { return }
    let looked = Cell(text)
    if entries.count < Self.distinctLimit {
      places[key] = entries.count
      entries.append(Entry(text: key, cell: looked, row: row, count: 1))
    } else {
      isCapped = true
      for kind in CellKind.allCases where looked.kinds.contains(CellKinds(kind)) { beyond[kind, default: 0] += 1 }
    }
    note(looked, text, row)
  }

  private mutating func note(_ cell: Cell, _ text: String, _ row: Int) {
    filled += 1
    shortest = min(shortest, cell.length)
    longest = max(longest, cell.length)
    characters += cell.length
    if let form = cell.date { dates.add(form, text: text, row: row) }
    if let form = cell.number { numbers.add(form, text: text, row: row) }
  }

  /// Where the rarest texts stand, and how often; none where most rows say something of their own, or all the same.
  package func rarest(_ limit: Int) -> [(row: Int, count: Int)] {
    guard !isCapped, entries.count > 1, entries.count * 2 <= filled else { return [] }
    let usual = entries.map(\.count).max() ?? 0
    return entries.filter { $0.count < usual }.sorted { ($0.count, $0.row) < ($1.count, $1.row) }.prefix(limit)
      .map { ($0.row, $0.count) }
  }

  /// What was found.
  package func finish() -> ColumnProfile {
    let order = entries.indices.sorted { (entries[$1].count, $0) < (entries[$0].count, $1) }
    return ColumnProfile(
      name: name, index: index, rows: rows, filled: filled, distinct: entries.count, isDistinctCapped: isCapped,
      top: order.prefix(Self.topLimit).map { CountedText(text: entries[$0].text, count: entries[$0].count) },
      lengths: .init(
        shortest: filled == 0 ? 0 : shortest, longest: longest,
        mean: filled == 0 ? 0 : Double(characters) / Double(filled)),
      kinds: kinds, masks: masks,
      samples: entries.prefix(3).map { String($0.text.prefix(Self.sampleLimit)) }, dates: dates, numbers: numbers)
  }

  private var kinds: [CellKind: Double] {
    guard filled > 0 else { return [:] }
    var byKinds: [CellKinds: Int] = [:]
    for entry in entries { byKinds[entry.cell.kinds, default: 0] += entry.count }
    var counts = beyond
    for (kinds, count) in byKinds {
      for kind in CellKind.allCases where kinds.contains(CellKinds(kind)) { counts[kind, default: 0] += count }
    }
    return counts.mapValues { Double($0) / Double(filled) }
  }

  private var masks: [CountedText] {
    var counts: [String: Int] = [:]
    for entry in entries.prefix(Self.maskLimit) where entry.cell.length <= 40 {
      guard !entry.cell.kinds.isDisjoint(with: [.identifier, .integer, .number, .date, .phone]) else { continue }
      counts[Mask.of(entry.text), default: 0] += entry.count
    }
    return counts.map { CountedText(text: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.text) < ($0.count, $1.text) }.prefix(5).map { $0 }
  }

  private static func trimmed(_ text: String) -> String {
    let utf8 = text.utf8
    guard let first = utf8.first, let last = utf8.last else { return text }
    guard first <= 0x20 || last <= 0x20 || first == 0xC2 || last == 0xA0 else { return text }
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    guard let start = text.firstIndex(where: { !isBlank($0) }), let end = text.lastIndex(where: { !isBlank($0) }) else {
      return ""
    }
    return String(text[start...end])
  }
}

/// The shape of a number or a record's key.
enum Mask {
  /// Digits become 9, letters a; up to five capital letters together stay, since they are a prefix and not a value.
  static func of(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return String(decoding: of(plain: text.utf8), as: UTF8.self) }
    var mask = ""
    var capitals = ""
    func settled() -> String { capitals.count <= 5 ? capitals : String(repeating: "A", count: capitals.count) }
    for character in text {
      if character.isUppercase {
        capitals.append(character)
        continue
      }
      mask += settled()
      capitals = ""
      mask.append(character.isNumber ? "9" : character.isLetter ? "a" : character)
    }
    return mask + settled()
  }

  /// The same of a text in ASCII, as most are.
  private static func of(plain text: String.UTF8View) -> [UInt8] {
    var mask: [UInt8] = []
    var capitals = 0
    func settle() {
      if capitals > 5 {
        mask.replaceSubrange((mask.count - capitals)..., with: repeatElement(UInt8(ascii: "A"), count: capitals))
      }
      capitals = 0
    }
    for byte in text {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        mask.append(byte)
        capitals += 1
        continue
      case UInt8(ascii: "a")...UInt8(ascii: "z"):
        settle()
        mask.append(UInt8(ascii: "a"))
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        settle()
        mask.append(UInt8(ascii: "9"))
      default:
        settle()
        mask.append(byte)
      }
    }
    settle()
    return mask
  }
}
