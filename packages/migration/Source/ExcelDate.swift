// The day numbers of spreadsheets as dates [ECMA-376 18.17.4].

/// Serial numbers in the system of 1900, which believes in 29 February 1900, or that of 1904.
enum ExcelDate {
  /// ISO 8601, or `nil` for a day that never was.
  static func text(_ serial: Double, is1904: Bool, style: NumberStyle) -> String? {
    guard serial >= 0, serial < 2_958_466 else { return nil }
    var days = Int(serial.rounded(.down))
    var seconds = Int(((serial - Double(days)) * 86400).rounded())
    if seconds == 86400 {
      days += 1
      seconds = 0
    }
    if style == .time || (days == 0 && seconds > 0) { return style == .time && days > 0 ? nil : clock(seconds) }
    let since1970: Int
    if is1904 {
      since1970 = days - 24107
    } else {
      if days == 60 || days == 0 { return nil }
      since1970 = days - (days < 60 ? 25568 : 25569)
    }
    let date = day(since1970)
    return style == .dateTime || seconds > 0 ? date + "T" + clock(seconds) : date
  }

  private static func clock(_ seconds: Int) -> String {
    padded(seconds / 3600) + ":" + padded(seconds / 60 % 60) + ":" + padded(seconds % 60)
  }

  /// A civil date from days since 1970 [Hinnant, chrono-compatible low-level date algorithms].
  private static func day(_ since1970: Int) -> String {
    let shifted = since1970 + 719468
    let era = shifted / 146097
    let dayOfEra = shifted - era * 146097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let civil = month < 10 ? month + 3 : month - 9
    let year = yearOfEra + era * 400 + (civil <= 2 ? 1 : 0)
    return String(year) + "-" + padded(civil) + "-" + padded(day)
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
