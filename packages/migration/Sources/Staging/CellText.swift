// Reads one cell as a value of its field.

import FoundationEssentials
import Mapping

/// Cells as values, in one time zone and as of one moment.
struct CellText: Sendable {
  private let zone: ZoneClock
  private let year: Int
  private let epoch: SerialDate.Epoch

  /// What a cell turned out to be.
  enum Outcome: Sendable, Hashable {
    case value(ParsedValue)
    /// One of our words.
    case word(String)
    /// A time that the clocks skipped, or had twice.
    case shifted(ParsedValue)
    case issue(IssueCode)
  }

  /// - Parameters:
  ///   - zone: where times without an offset are.
  ///   - moment: the present; two-digit years turn ten years after it.
  init(zone: TimeZone, at moment: Date, epoch: SerialDate.Epoch = .from1900) {
    self.zone = ZoneClock(zone)
    self.epoch = epoch
    year = 1970 + Int(moment.timeIntervalSince1970 / 31_556_952)
  }

  func parse(_ text: String, _ field: TargetField, _ reading: CellReading, of entity: ImportEntity) -> Outcome {
    switch field.kind {
    case .text(let limit):
      let plain = MarkupText.plain(text)
      return plain.unicodeScalars.count > limit ? .issue(.textTooLong) : .value(.text(standard(plain, field)))
    case .longText:
      return text.utf8.count > Self.longTextBytes ? .issue(.textTooLong) : .value(.text(MarkupText.plain(text)))
    case .timestamp: return moment(text, reading)
    case .date:
      guard let moment = moments(reading).read(text) else { return .issue(.dateUnparsable) }
      return isPlausible(moment) ? .value(.text(moment.dayText)) : .issue(.dateOutOfRange)
    case .enumeration:
      return ValueWords.suggestion(text, target: field.name, of: entity).map { .word($0) } ?? .issue(.enumUndecided)
    case .boolean: return BooleanText.read(text).map { .value(.flag($0)) } ?? .issue(.enumUndecided)
    case .number(let range):
      guard let digits = NumberText.read(text, reading.separator), let number = Double(digits) else {
        return .issue(.numberUnparsable)
      }
      return range?.contains(number) ?? true ? .value(.number(digits)) : .issue(.numberUnparsable)
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
  private func moment(_ text: String, _ reading: CellReading) -> Outcome {
    guard let moment = moments(reading).read(text) else { return .issue(.dateUnparsable) }
    guard isPlausible(moment) else { return .issue(.dateOutOfRange) }
    guard let seconds = moment.secondOfDay else { return .value(.text(moment.dayText)) }
    let local = moment.daysSince1970 * 86_400 + seconds
    if let offset = moment.offsetSeconds { return .value(.text(Self.utc(local - offset))) }
    let (instant, isShifted) = zone.instant(ofLocal: local)
    let value = ParsedValue.text(Self.utc(instant))
    return isShifted ? .shifted(value) : .value(value)
  }

  private func moments(_ reading: CellReading) -> MomentReading {
    MomentReading(order: reading.order, epoch: epoch, pivotYear: year + 10)
  }

  private func isPlausible(_ moment: WrittenMoment) -> Bool {
    (1900...year + 100).contains(moment.year)
  }

  /// `2021-12-25T09:15:00Z`.
  private static func utc(_ seconds: Int) -> String {
    Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
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
  /// A cell without the space around it.
  static func trimmed(_ cell: String) -> String {
    let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace || $0 == "\u{FEFF}" || $0 == "\u{200B}" }
    let scalars = cell.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isSpace($0) }), let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return first == scalars.startIndex && scalars.index(after: last) == scalars.endIndex
      ? cell : String(scalars[first...last])
  }

  /// Words that say nothing.
  static let nullTokens: Set<String> = [
    "n/a", "na", "#n/a", "null", "(null)", "nil", "none", "-", "--", "–", "—", "k.a.", "keine angabe", "s/d", "n.d.",
    "(blank)", "(leer)",
  ]

  /// Several values in one cell: split at line ends, semicolons or bars, at commas where none of these stands.
  static func pieces(_ cell: String) -> [String] {
    let separator = (["\n", ";", "|"] as [Character]).first { cell.contains($0) } ?? ","
    return cell.split(separator: separator).map { trimmed(String($0)) }.filter { !$0.isEmpty }
  }

  /// Whether a text seems to hold an e-mail address or a phone number.
  static func holdsAddress(_ text: String) -> Bool {
    if text.utf8.contains(UInt8(ascii: "@")), text.contains(#/[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}/#) {
      return true
    }
    return text.contains(#/\+?[0-9][0-9 ()\-.\/]{8,}[0-9]/#)
  }
}
