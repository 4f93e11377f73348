// Reads one cell as a value of its field.

import FoundationEssentials
import FoundationInternationalization
import Mapping

/// Cells as values, as of one moment; in the client's zone and by the usual words, unless their column has its own.
struct CellText: Sendable {
  private var zone: ZoneClock
  private let year: Int
  private let epoch: SerialDate.Epoch
  private var reading = CellReading()
  private var truth = TruthReading.usual

  /// What a cell turned out to be.
  enum Outcome: Sendable, Hashable {
    case value(ParsedValue)
    /// A day without a time, and when it begins.
    case day(String, begins: LocalMoment)
    case time(LocalMoment)
    /// One of our words.
    case word(String)
    case issue(IssueCode)
  }

  /// A local time in UTC, and whether the clocks skipped it or had it twice.
  struct LocalMoment: Sendable, Hashable {
    let text: String
    let isShifted: Bool
  }

  /// - Parameters:
  ///   - zone: where times without an offset are, and where a day begins.
  ///   - moment: the present; two-digit years turn ten years after it.
  init(zone: TimeZone, at moment: Date, epoch: SerialDate.Epoch = .from1900) {
    self.zone = ZoneClock(zone)
    self.epoch = epoch
    year = 1970 + Int(moment.timeIntervalSince1970 / 31_556_952)
  }

  /// The cells of one column.
  func read(as reading: CellReading) -> CellText {
    var cells = self
    cells.reading = reading
    if let name = reading.zone, let zone = TimeZone(identifier: name) { cells.zone = ZoneClock(zone) }
    if let words = reading.truth { cells.truth = TruthReading(words) }
    return cells
  }

  func parse(_ text: String, _ field: TargetField, of entity: ImportEntity) -> Outcome {
    switch field.kind {
    case .text(let limit):
      let plain = MarkupText.plain(text)
      let isTooLong = plain.utf8.count > limit && plain.unicodeScalars.count > limit
      if isTooLong { return .issue(.textTooLong) }
      return isNoAddress(plain, field, of: entity) ? .issue(.noAddress) : .value(.text(standard(plain, field)))
    case .longText:
      return text.utf8.count > Self.longTextBytes ? .issue(.textTooLong) : .value(.text(MarkupText.plain(text)))
    case .timestamp:
      return moment(text) { moment, seconds in
        let local = moment.daysSince1970 * 86_400 + seconds
        guard let offset = moment.offsetSeconds else { return .time(instant(ofLocal: local)) }
        return .time(LocalMoment(text: Self.utc(local - offset), isShifted: false))
      }
    case .date: return moment(text) { moment, _ in day(moment) }
    case .enumeration:
      return ValueWords.suggestion(text, target: field.name, of: entity).map { .word($0) } ?? .issue(.enumUndecided)
    case .boolean: return truth.read(text).map { .value(.flag($0)) } ?? .issue(.enumUndecided)
    case .number(let range):
      guard let digits = NumberText.read(text, reading.separator), let number = Double(digits) else {
        return .issue(.numberUnparsable)
      }
      return range?.contains(number) ?? true ? .value(.number(digits)) : .issue(.numberOutOfRange)
    case .money:
      guard let digits = NumberText.read(text, reading.separator), digits.utf8.count <= Self.moneyDigits else {
        return .issue(.numberUnparsable)
      }
      return .value(.number(digits))
    }
  }

  private static let longTextBytes = 1_048_576
  private static let moneyDigits = 19

  /// A day alone stays that day; a time is told in UTC.
  private func moment(_ text: String, timed: (WrittenMoment, Int) -> Outcome) -> Outcome {
    let reading = MomentReading(order: reading.order, epoch: epoch, pivotYear: year + 10)
    guard let moment = reading.read(text) else { return .issue(.dateUnparsable) }
    guard isPlausible(moment) else { return .issue(.dateOutOfRange) }
    return moment.secondOfDay.map { timed(moment, $0) } ?? day(moment)
  }

  private func day(_ moment: WrittenMoment) -> Outcome {
    .day(moment.dayText, begins: instant(ofLocal: moment.daysSince1970 * 86_400))
  }

  private func instant(ofLocal local: Int) -> LocalMoment {
    let (instant, isShifted) = zone.instant(ofLocal: local)
    return LocalMoment(text: Self.utc(instant), isShifted: isShifted)
  }

  private func isPlausible(_ moment: WrittenMoment) -> Bool {
    (1900...year + 100).contains(moment.year)
  }

  /// `2021-12-25T09:15:00Z`.
  private static func utc(_ seconds: Int) -> String {
    Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
  }

  /// Whether it is a person's own address and none that the table of people takes (`employee_email_folded`): something
  /// has to stand before an at sign and behind it. Any other address is looked for or kept as it is, whatever it says.
  private func isNoAddress(_ text: String, _ field: TargetField, of entity: ImportEntity) -> Bool {
    guard entity == .person, field.standard == .email, field.reference == nil else { return false }
    return !text.unicodeScalars.dropFirst().dropLast().contains("@")
  }

  /// Addresses fold, codes of countries and currencies are capital.
  private func standard(_ text: String, _ field: TargetField) -> String {
    switch field.standard {
    case .email, .digest: text.lowercased()
    case .currency: text.uppercased()
    case .country: text.utf8.count == 2 ? text.uppercased() : text
    case .language, .phone, .ip, .url, .mediaType, nil: text
    }
  }
}

extension CellText {
  /// Words that say nothing.
  static let nullTokens: Set<String> = [
    "n/a", "na", "#n/a", "null", "(null)", "nil", "none", "-", "--", "–", "—", "k.a.", "keine angabe", "s/d", "n.d.",
    "(blank)", "(leer)",
  ]

  /// Whether a text seems to hold an e-mail address or a phone number.
  static func holdsAddress(_ text: String) -> Bool {
    holdsMailAddress(text) || holdsNumber(text)
  }

  /// Whether something like `a@example.org` stands in it. Each sign is looked at once, however many `@` there are.
  private static func holdsMailAddress(_ text: String) -> Bool {
    let bytes = text.utf8
    var place = bytes.startIndex
    while let at = bytes[place...].firstIndex(of: UInt8(ascii: "@")) {
      place = bytes.index(after: at)
      let host = bytes[place...].prefix { isLetter($0) || isDigit($0) || ".-".utf8.contains($0) }
      if at > bytes.startIndex, isOfMailbox(bytes[bytes.index(before: at)]), isHost(host) { return true }
      place = host.endIndex
    }
    return false
  }

  /// Whether a point stands behind its first sign, and two letters behind that.
  private static func isHost(_ host: Substring.UTF8View) -> Bool {
    var letters: Int?
    for byte in host.dropFirst() {
      if byte == UInt8(ascii: ".") {
        letters = 0
      } else if let many = letters {
        letters = isLetter(byte) ? many + 1 : nil
        if many == 1, letters == 2 { return true }
      }
    }
    return false
  }

  private static func isOfMailbox(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || "._%+-".utf8.contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  /// Whether a text holds nine digits or more, with spaces and marks between them as phone numbers have them, in ten
  /// characters or more: a day alone is none.
  private static func holdsNumber(_ text: String) -> Bool {
    var text = text
    return text.withUTF8(holdsNumber)
  }

  private static func holdsNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var first: Int?
    var digits = 0
    for (position, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits = first == nil ? 1 : digits + 1
        if let first, digits >= 9, position - first >= 9 { return true }
        first = first ?? position
      case UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "/"):
        break
      default: first = nil
      }
    }
    return false
  }
}
