// Numbers of a workbook as text.

/// Numbers as a person would have typed them.
enum NumberText {
  /// The shortest decimal of the value; whole numbers without a fraction and without an exponent.
  static func text(_ value: Double, _ source: String) -> String {
    if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
    if value.rounded() == value, abs(value) < 1e21 { return digits(of: source) ?? value.description }
    return value.description
  }

  /// Integers of more than 15 digits.
  static func hasLostDigits(_ value: Double) -> Bool {
    value.rounded() == value && abs(value) >= 1e15
  }

  private static func digits(of source: String) -> String? {
    source.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || $0 == 45 } ? source : nil
  }
}
