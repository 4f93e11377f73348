// Reading a cell as a moment, once the order of its column's dates is settled: the value, where DateForm only asks
// whether there is one.

/// A day, with a time of day where one is given, as a cell says it.
package struct WrittenMoment: Hashable, Sendable {
  package let year: Int
  package let month: Int
  package let day: Int
  /// Seconds since midnight; `nil` for a day alone.
  package let secondOfDay: Int?
  /// Seconds east of Greenwich; `nil` where the cell does not say.
  package let offsetSeconds: Int?

  /// `2021-12-25`.
  package var dayText: String { Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Days since 1970-01-01 in the Gregorian calendar [Hinnant, "chrono-Compatible Low-Level Date Algorithms"].
  package var daysSince1970: Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day so many days after 1970-01-01.
  init(daysSince1970 days: Int, secondOfDay: Int?) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth + (marchMonth < 10 ? 3 : -9)
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    self.secondOfDay = secondOfDay
    offsetSeconds = nil
  }

  init?(year: Int, month: Int, day: Int, secondOfDay: Int?, offsetSeconds: Int?) {
    guard (1850...2150).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let longest = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    guard day <= longest else { return nil }
    self.year = year
    self.month = month
    self.day = day
    self.secondOfDay = secondOfDay
    self.offsetSeconds = offsetSeconds
  }
}

/// How the moments of one column are read.
package struct MomentReading: Hashable, Sendable {
  /// The order of days that do not say it themselves; without one they are not read.
  package let order: DateOrder?
  /// Where serial numbers count from.
  package let epoch: SerialDate.Epoch
  /// Two-digit years up to this one are of its century, later ones of the century before.
  package let pivotYear: Int

  package init(order: DateOrder?, epoch: SerialDate.Epoch = .from1900, pivotYear: Int) {
    self.order = order
    self.epoch = epoch
    self.pivotYear = pivotYear
  }

  /// The moment of a cell; `nil` for what is none.
  package func read(_ text: String) -> WrittenMoment? {
    if let serial = serial(text) { return serial }
    if let ticks = ticks(text) { return ticks }
    var pieces = Pieces(text)
    guard let day = day(&pieces) else { return nil }
    guard let time = pieces.time() else { return nil }
    return WrittenMoment(
      year: day.year, month: day.month, day: day.day, secondOfDay: time.seconds, offsetSeconds: time.offset)
  }

  /// 44216, 44216.5: a spreadsheet's days, whole and in part.
  private func serial(_ text: String) -> WrittenMoment? {
    let halves = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = halves.first, (1...6).contains(whole.count), halves.count <= 2,
      whole.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(whole),
      let days = SerialDate.daysSince1970(serial: number, epoch: epoch)
    else { return nil }
    guard halves.count == 2 else { return WrittenMoment(daysSince1970: days, secondOfDay: nil) }
    guard let part = Double("0." + halves[1]) else { return nil }
    return WrittenMoment(daysSince1970: days, secondOfDay: min(86_399, Int((part * 86_400).rounded())))
  }

  /// `/Date(1609459200000)/`, as OData version 2 writes it: milliseconds since 1970, UTC.
  private func ticks(_ text: String) -> WrittenMoment? {
    guard text.hasPrefix("/Date("), text.hasSuffix(")/"), let milliseconds = Int(text.dropFirst(6).dropLast(2)) else {
      return nil
    }
    let seconds = milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let moment = WrittenMoment(daysSince1970: days, secondOfDay: seconds - days * 86_400)
    return WrittenMoment(
      year: moment.year, month: moment.month, day: moment.day, secondOfDay: moment.secondOfDay, offsetSeconds: 0)
  }

  private typealias Day = (year: Int, month: Int, day: Int)

  private func day(_ pieces: inout Pieces) -> Day? {
    guard let first = pieces.number() else { return namedFirst(&pieces) }
    if first.digits == 8 { return (first.value / 10_000, first.value / 100 % 100, first.value % 100) }
    if let month = pieces.month() {
      guard let year = pieces.number(), first.digits <= 2 else { return nil }
      return (whole(year), month, first.value)
    }
    guard pieces.dateMark(), let second = pieces.number(), second.digits <= 2, pieces.dateMark(),
      let third = pieces.number()
    else { return nil }
    if first.digits == 4 { return (first.value, second.value, third.value) }
    guard first.digits <= 2, third.digits == 4 || third.digits == 2 else { return nil }
    return numeric(first.value, second.value, whole(third))
  }

  /// A day whose order the cell may say by itself: 25/12 and 12/25 do.
  private func numeric(_ first: Int, _ second: Int, _ year: Int) -> Day? {
    switch order {
    case .dayMonthYear: (year, second, first)
    case .monthDayYear: (year, first, second)
    case .yearMonthDay, nil:
      if first > 12 { (year, second, first) } else if second > 12 { (year, first, second) } else { nil }
    }
  }

  /// Dec 25, 2020; Friday, December 25th, 2020; Fri, 25 Dec 2020.
  private func namedFirst(_ pieces: inout Pieces) -> Day? {
    pieces.skipWeekday()
    if let month = pieces.month() {
      guard let day = pieces.number() else { return nil }
      pieces.skipOrdinal()
      guard let year = pieces.number() else { return nil }
      return (whole(year), month, day.value)
    }
    guard let day = pieces.number(), let month = pieces.month(), let year = pieces.number() else { return nil }
    return (whole(year), month, day.value)
  }

  private func whole(_ year: Pieces.Number) -> Int {
    guard year.digits <= 2 else { return year.value }
    let inCentury = pivotYear / 100 * 100 + year.value
    return inCentury > pivotYear ? inCentury - 100 : inCentury
  }
}

/// The numbers, words and marks of one cell, from its start on.
private struct Pieces {
  typealias Number = (value: Int, digits: Int)

  private let bytes: [UInt8]
  private var at = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }

  /// The next number behind spaces, commas, dots and dashes.
  mutating func number() -> Number? {
    let start = at
    skip { $0 == 0x20 || $0 == 0x2C || $0 == 0x2E || $0 == 0x2D }
    let first = at
    var value = 0
    while let next = byte, Self.isDigit(next), at - first < 9 {
      value = value * 10 + Int(next - 0x30)
      at += 1
    }
    guard at > first else {
      at = start
      return nil
    }
    return (value, at - first)
  }

  mutating func dateMark() -> Bool {
    guard let mark = byte, mark == 0x2F || mark == 0x2D || mark == 0x2E else { return false }
    at += 1
    return true
  }

  /// The name of a month, with the little words that languages put before it.
  mutating func month() -> Int? {
    let start = at
    for _ in 0..<3 {
      skip { $0 == 0x20 || $0 == 0x2C || $0 == 0x2E || $0 == 0x2D || $0 == 0x2F }
      guard let word = word() else { break }
      if let month = Months.number(of: word) {
        skip { $0 == 0x20 || $0 == 0x2C || $0 == 0x2E || $0 == 0x2D || $0 == 0x2F }
        let behind = at
        if let filler = self.word(), !["de", "do", "del"].contains(filler) { at = behind }
        return month
      }
      guard ["st", "nd", "rd", "th", "er", "de", "do", "del", "of"].contains(word) else { break }
    }
    at = start
    return nil
  }

  /// The ending of a day's number, as in 25th.
  mutating func skipOrdinal() {
    let start = at
    if let ending = word(), !["st", "nd", "rd", "th"].contains(ending) { at = start }
  }

  mutating func skipWeekday() {
    let start = at
    guard let word = word(), Months.isWeekday(word) else {
      at = start
      return
    }
    skip { $0 == 0x20 || $0 == 0x2C || $0 == 0x2E }
  }

  private mutating func word() -> String? {
    let start = at
    while let next = byte, Self.isLetter(next), at - start < 24 { at += 1 }
    return at > start ? String(decoding: bytes[start..<at], as: UTF8.self).lowercased() : nil
  }

  private mutating func skip(_ isFiller: (UInt8) -> Bool) {
    while let next = byte, isFiller(next) { at += 1 }
  }

  /// The time of day in the rest; nothing where the rest says none. `nil` where the rest is something else.
  mutating func time() -> (seconds: Int?, offset: Int?)? {
    let behind = at
    if let ordinal = word(), !["st", "nd", "rd", "th", "t"].contains(ordinal) { at = behind }
    skip { $0 == 0x20 || $0 == 0x2C }
    if at == bytes.count { return (nil, nil) }
    guard let hour = number(), hour.digits <= 2, byte == UInt8(ascii: ":") || byte == UInt8(ascii: "h") else {
      return nil
    }
    at += 1
    guard let minute = number(), minute.value < 60 else { return nil }
    var seconds = 0
    if byte == UInt8(ascii: ":") {
      at += 1
      guard let second = number(), second.value <= 60 else { return nil }
      seconds = min(second.value, 59)
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") {
        at += 1
        skip(Self.isDigit)
      }
    }
    guard let hours = meridian(hour.value), hours < 24, let offset = offset() else { return nil }
    return (hours * 3_600 + minute.value * 60 + seconds, offset.seconds)
  }

  private mutating func meridian(_ hour: Int) -> Int? {
    let start = at
    skip { $0 == 0x20 }
    switch word() {
    case "am"?, "a"?: return hour == 12 ? 0 : hour
    case "pm"?, "p"?: return hour == 12 ? 12 : hour + 12
    default:
      at = start
      return hour
    }
  }

  private mutating func offset() -> (seconds: Int?, Void)? {
    skip { $0 == 0x20 || $0 == 0x28 }
    guard let next = byte else { return (nil, ()) }
    if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") {
      at += 1
      guard let hours = number() else { return nil }
      if hours.digits == 4 {
        return ((next == 0x2D ? -1 : 1) * (hours.value / 100 * 3_600 + hours.value % 100 * 60), ())
      }
      var minutes = 0
      if byte == UInt8(ascii: ":") {
        at += 1
        minutes = number()?.value ?? 0
      }
      return ((next == 0x2D ? -1 : 1) * (hours.value * 3_600 + minutes * 60), ())
    }
    switch word() {
    case "z"?, "utc"?, "gmt"?: return (0, ())
    default: return nil
    }
  }
}
