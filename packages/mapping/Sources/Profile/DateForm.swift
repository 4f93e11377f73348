// Reading a cell as a day: only as far as to know whether it is one and in which order it could be written.

/// How one cell that reads as a day is written.
struct DateForm: Hashable, Sendable {
  /// What the cell alone says about its order.
  enum Order: Hashable, Sendable {
    case selfEvident, dayFirst, monthFirst, either, impossible
  }

  let order: Order
  let hasDots: Bool
  /// Whether a time of day stands beside it; midnight counts as none.
  let hasTime: Bool

  /// `nil` for what is no day.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard (6...48).contains(bytes.count) else { return nil }
    var reader = Reader(bytes: bytes)
    guard let day = reader.day(), let hasTime = reader.time() else { return nil }
    order = day.order
    hasDots = day.hasDots
    self.hasTime = hasTime
  }
}

/// Walks through the bytes of one cell.
private struct Reader {
  let bytes: UnsafeBufferPointer<UInt8>
  var at = 0

  typealias Day = (order: DateForm.Order, hasDots: Bool)

  /// The day at the beginning, in any of the forms that sources write.
  mutating func day() -> Day? {
    if isDigit {
      guard let first = number() else { return nil }
      switch first.digits {
      case 8 where at == bytes.count || byte == UInt8(ascii: "T"): return compact(first.value)
      case 4: return yearFirst(first.value)
      case 1, 2:
        if let day = numeric(first) { return day }
        return named(day: first.value)
      default: return nil
      }
    }
    return ticks() ?? monthFirst()
  }

  private mutating func compact(_ value: Int) -> Day? {
    let (year, month, day) = (value / 10_000, value / 100 % 100, value % 100)
    return Self.isYear(year) && Self.exists(year, month, day) ? (.selfEvident, false) : nil
  }

  /// 2020-12-25, 2020/12/25, 2020.12.25.
  private mutating func yearFirst(_ year: Int) -> Day? {
    guard Self.isYear(year), let separator = separator(), let month = number(), skip(separator), let day = number(),
      month.digits <= 2, day.digits <= 2
    else { return nil }
    return (Self.exists(year, month.value, day.value) ? .selfEvident : .impossible, false)
  }

  /// 25/12/2020, 12-25-20, 25.12.2020.
  private mutating func numeric(_ first: (value: Int, digits: Int)) -> Day? {
    let back = at
    guard let separator = separator(), let second = number(), second.digits <= 2, skip(separator, spaced: true),
      let last = number(), last.digits == 4 ? Self.isYear(last.value) : last.digits == 2
    else {
      at = back
      return nil
    }
    let hasDots = separator == UInt8(ascii: ".")
    // 1.2.34 is a version, not a day.
    if last.digits == 2, separator != UInt8(ascii: "/"), first.digits + second.digits < 4 { return nil }
    let year = last.digits == 4 ? last.value : 2000 + last.value
    let dayFirst = Self.exists(year, second.value, first.value)
    let monthFirst = Self.exists(year, first.value, second.value)
    switch (dayFirst, monthFirst) {
    case (true, true): return (.either, hasDots)
    case (true, false): return (.dayFirst, hasDots)
    case (false, true): return (.monthFirst, hasDots)
    case (false, false): return (.impossible, hasDots)
    }
  }

  /// 25 Dec 2020, 25-Dez-20, 25. Dezember 2020, 25 de diciembre de 2020.
  private mutating func named(day: Int) -> Day? {
    skipFiller()
    var word = letters()
    if ["st", "nd", "rd", "th", "er", "de", "do"].contains(word) {
      skipFiller()
      word = letters()
    }
    guard let month = Months.number(of: word) else { return nil }
    skipFiller()
    if isLetter {
      guard ["de", "do", "del"].contains(letters()) else { return nil }
      skipFiller()
    }
    guard let year = number(), year.digits == 4 || year.digits == 2 else { return nil }
    let whole = year.digits == 4 ? year.value : 2000 + year.value
    return Self.isYear(whole) ? (Self.exists(whole, month, day) ? .selfEvident : .impossible, false) : nil
  }

  /// Dec 25, 2020; Friday, December 25th, 2020; Fri, 25 Dec 2020.
  private mutating func monthFirst() -> Day? {
    guard isLetter else { return nil }
    var word = letters()
    skipFiller()
    if Months.isWeekday(word) {
      if let first = number() {
        return first.digits <= 2 ? named(day: first.value) : nil
      }
      word = letters()
      skipFiller()
    }
    guard let month = Months.number(of: word), let day = number(), day.digits <= 2 else { return nil }
    if isLetter { guard ["st", "nd", "rd", "th"].contains(letters()) else { return nil } }
    skipFiller()
    guard let year = number(), year.digits == 4, Self.isYear(year.value) else { return nil }
    return (Self.exists(year.value, month, day.value) ? .selfEvident : .impossible, false)
  }

  /// `/Date(1609459200000)/`, as OData version 2 writes it.
  private mutating func ticks() -> Day? {
    let opening = Array("/Date(".utf8)
    guard bytes.count > 10, bytes.prefix(opening.count).elementsEqual(opening), bytes.last == UInt8(ascii: "/") else {
      return nil
    }
    at = bytes.count
    return (.selfEvident, false)
  }

  /// Whether a time stands in the rest; `nil` where the rest is something else.
  mutating func time() -> Bool? {
    guard at < bytes.count else { return false }
    let rest = bytes[at...]
    guard let first = rest.first, first == 0x54 || first == 0x20 || first == 0x2C || first == 0x5A else { return nil }
    guard rest.contains(UInt8(ascii: ":")) || rest.contains(UInt8(ascii: "h")) || rest.count < 3 else { return nil }
    guard rest.count <= 36 else { return nil }
    return rest.prefix { $0 != 0x2B }.prefix(9).contains { (0x31...0x39).contains($0) }
  }

  private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }
  private var isDigit: Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
  private var isLetter: Bool { byte.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x80 } ?? false }

  private mutating func number() -> (value: Int, digits: Int)? {
    let start = at
    var value = 0
    while at < bytes.count, at - start < 9, (0x30...0x39).contains(bytes[at]) {
      value = value * 10 + Int(bytes[at] - 0x30)
      at += 1
    }
    return at > start ? (value, at - start) : nil
  }

  private mutating func letters() -> String {
    let start = at
    while at < bytes.count, at - start < 16, isLetter { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self).lowercased()
  }

  private mutating func separator() -> UInt8? {
    guard let found = byte, found == 0x2F || found == 0x2D || found == 0x2E else { return nil }
    at += 1
    if found == 0x2E, byte == 0x20 { at += 1 }
    return found
  }

  private mutating func skip(_ separator: UInt8, spaced: Bool = false) -> Bool {
    guard byte == separator else { return false }
    at += 1
    if spaced, byte == 0x20 { at += 1 }
    return true
  }

  private mutating func skipFiller() {
    while let found = byte, found == 0x20 || found == 0x2E || found == 0x2C || found == 0x2D || found == 0x2F {
      at += 1
    }
  }

  private static func isYear(_ year: Int) -> Bool { (1850...2150).contains(year) }

  private static func exists(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    guard (1...12).contains(month), day >= 1 else { return false }
    switch month {
    case 2:
      let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
      return day <= (isLeap ? 29 : 28)
    case 4, 6, 9, 11: return day <= 30
    default: return day <= 31
    }
  }
}

/// The names of months and weekdays in the languages that sources write.
enum Months {
  private static let names: [String: Int] = {
    let lists = [
      "jan january januar janv janvier ene enero janeiro gen gennaio januari styczeń styczen jän jänner",
      "feb february februar fév févr février fevrier febrero fev fevereiro febbraio februari luty",
      "mar march märz mrz maerz mär mars marzo março marco maart marzec mrt",
      "apr april avr avril abr abril aprile kwiecień kwiecien",
      "may mai mayo maio mag maggio mei maj",
      "jun june juni juin junio junho giu giugno czerwiec",
      "jul july juli juil juillet julio julho lug luglio lipiec",
      "aug august août aout ago agosto augustus augusti sierpień sierpien",
      "sep sept september septembre septiembre set setembro settembre wrzesień wrzesien",
      "oct october okt oktober octobre octubre out outubro ott ottobre październik pazdziernik",
      "nov november novembre noviembre novembro listopad",
      "dec december dez dezember déc décembre decembre dic diciembre dezembro dicembre grudzień grudzien",
    ]
    var names: [String: Int] = [:]
    for (index, list) in lists.enumerated() {
      for name in list.split(separator: " ") { names[String(name)] = index + 1 }
    }
    return names
  }()

  private static let weekdays: Set<String> = Set(
    """
    mon tue tues wed thu thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday mo di mi do fr \
    sa so montag dienstag mittwoch donnerstag freitag samstag sonntag lun mar mer jeu ven sam dim lundi mardi mercredi \
    jeudi vendredi samedi dimanche
    """.split(separator: " ").map(String.init))

  static func number(of name: String) -> Int? { names[name] }

  static func isWeekday(_ name: String) -> Bool { weekdays.contains(name) && names[name] == nil }
}
