// Looks at one text and says every kind it could be of.

/// What one text looks like.
struct Cell: Sendable {
  let kinds: CellKinds
  let date: DateForm?
  let number: NumberForm?
  /// Characters.
  let length: Int

  init(_ text: String) {
    var text = text
    self = text.withUTF8 { Cell(bytes: $0) }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) {
    let counts = ByteCounts(bytes)
    length = counts.characters
    if counts.characters > 80 || counts.words > 12 {
      kinds = counts.hasMarkup ? [.longText, .markup] : counts.lines > 1 ? [.longText, .list] : .longText
      date = nil
      number = nil
      return
    }
    var found: CellKinds = counts.hasMarkup ? .markup : []
    date = counts.digits > 0 ? DateForm(bytes) : nil
    number = counts.digits > 0 && date == nil ? NumberForm(bytes) : nil
    if let date { found.formUnion(date.hasTime ? [.date, .timestamp] : .date) }
    if let number {
      found.insert(.number)
      if number.isWhole, number.separator == .none, counts.digits == bytes.count { found.insert(.integer) }
      if number.hasCurrency { found.insert(.money) }
    }
    if date == nil {
      found.formUnion(Self.marked(bytes, counts))
      if bytes.count <= 40 { found.formUnion(Self.listed(bytes, counts)) }
    }
    kinds = found
  }

  /// What single characters give away.
  private static func marked(_ bytes: UnsafeBufferPointer<UInt8>, _ counts: ByteCounts) -> CellKinds {
    var found: CellKinds = []
    if counts.ats == 1, counts.spaces == 0, let at = bytes.firstIndex(of: 0x40), at > 0, bytes[at...].contains(0x2E) {
      found.insert(.email)
    }
    if counts.isURL { return found.union(.url) }
    if counts.isUUID { return found.union([.uuid, .identifier]) }
    if counts.isAddress(bytes) { return found.union(.ip) }
    if counts.isDigest { found.insert(.digest) }
    if counts.isPhone(bytes) { found.insert(.phone) }
    if counts.separators > 0 { found.insert(.list) }
    if counts.spaces == 0, counts.ats == 0, counts.digits > 0, counts.letters > 0, bytes.count <= 40, counts.odd == 0 {
      found.insert(.identifier)
    }
    if counts.spaces + counts.digits + counts.odd + counts.dots == 0, counts.letters > 1 { found.insert(.word) }
    if counts.dots > 0, let dot = bytes.lastIndex(of: 0x2E), bytes.count - dot <= 6,
      Words.fileEndings.contains(String(decoding: bytes[(dot + 1)...], as: UTF8.self).lowercased())
    {
      found.insert(counts.slashes > 0 ? .path : .fileName)
    } else if counts.slashes > 1, counts.spaces == 0, counts.letters > 2 {
      found.insert(.path)
    }
    return found
  }

  /// What the closed lists know.
  private static func listed(_ bytes: UnsafeBufferPointer<UInt8>, _ counts: ByteCounts) -> CellKinds {
    guard counts.letters > 0 || bytes.count == 1 else { return [] }
    var found: CellKinds = []
    let text = String(decoding: bytes, as: UTF8.self)
    let lower = text.lowercased()
    if bytes.count <= 12, Words.booleans.contains(lower) { found.insert(.boolean) }
    if isCity(lower, counts) { found.insert(.city) }
    if counts.digits == 0 {
      if Words.countries.contains(lower) { found.insert(.country) }
      if Words.languages.contains(lower) { found.insert(.language) }
      if bytes.count <= 16, Words.currencies.contains(lower) { found.insert(.currency) }
      if counts.spaces == 0, Words.givenNames.contains(lower) { found.insert(.givenName) }
      if PersonName.fits(text, counts) { found.insert(.personName) }
    }
    if counts.slashes == 1, counts.spaces == 0,
      ["application/", "image/", "text/", "audio/", "video/", "message/"].contains(where: lower.hasPrefix)
    {
      found.insert(.mediaType)
    }
    return found
  }
}

extension Cell {
  /// A known city, by itself or with something beside it: `Boston`, `Plant Boston`, `Köln HQ`.
  private static func isCity(_ lower: String, _ counts: ByteCounts) -> Bool {
    guard counts.letters >= 4, counts.ats == 0 else { return false }
    if Words.cities.contains(lower) { return true }
    return counts.spaces > 0 && lower.split(separator: " ").contains { Words.cities.contains(String($0)) }
  }
}

/// Whether words read as somebody's name: two to four of them, capitalised, one of them a given name that is known.
enum PersonName {
  static func fits(_ text: String, _ counts: ByteCounts) -> Bool {
    guard (1...4).contains(counts.spaces), counts.letters >= 4, counts.odd <= 1, counts.slashes == 0 else {
      return false
    }
    var words = 0
    var hasGiven = false
    for word in text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "." }) {
      guard let first = word.first else { continue }
      let lower = word.lowercased()
      if first.isLowercase {
        guard particles.contains(lower) else { return false }
        continue
      }
      words += 1
      hasGiven = hasGiven || lower.split(separator: "-").contains { Words.givenNames.contains(String($0)) }
    }
    return hasGiven && (2...4).contains(words)
  }

  private static let particles: Set = [
    "van", "von", "de", "der", "den", "da", "di", "del", "la", "dos", "du", "le", "bin", "al",
  ]
}
