// What people call a record by. It stands in the subject of a ticket, in a link, in the field of search.

/// The reference of a report, its case or a disclosure: `RPT-2026-00412`.
package struct RecordReference: Sendable, Hashable {
  package let text: String

  /// - Parameter words: also without hyphens, or with spaces for them.
  /// - Returns: `nil` for words that are anything but a reference.
  package init?(_ words: String) {
    let upper = words.uppercased()
    guard let parts = upper.wholeMatch(of: /(RPT|DSC)[-\s]?([0-9]{4})[-\s]?([0-9]{5,9})/)?.output else { return nil }
    text = "\(parts.1)-\(parts.2)-\(parts.3)"
  }

  /// The references that a text names, each once, in its order.
  package static func all(in text: String) -> [RecordReference] {
    var found: [RecordReference] = []
    for word in text.split(whereSeparator: { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "-") }) {
      if let reference = RecordReference(String(word)), !found.contains(reference) { found.append(reference) }
    }
    return found
  }
}

/// What is left of a reference where somebody says only its number: `2026-00412`, `00412` or `412`.
struct ReferenceEnding: Sendable, Hashable {
  /// Every reference that may be meant. Row-level security keeps the end of a text from an index, and two hundred whole
  /// ones from none: they are looked up in a few milliseconds.
  let candidates: [String]

  private static let years = 2000...2099
  private static let padding = 5

  /// - Returns: `nil` for words that are anything but the end of a reference.
  init?(_ words: String) {
    guard let parts = words.wholeMatch(of: /(?:([0-9]{4})[-\s])?([0-9]{3,9})/)?.output else { return nil }
    let digits = parts.2.drop { $0 == "0" }
    guard !digits.isEmpty else { return nil }
    let number = String(repeating: "0", count: max(0, Self.padding - digits.count)) + String(digits)
    let years = parts.1.map { [String($0)] } ?? Self.years.map { String($0) }
    candidates = years.flatMap { ["RPT-\($0)-\(number)", "DSC-\($0)-\(number)"] }
  }
}
