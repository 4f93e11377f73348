// The values of a setting: read from what was typed, and shown to people.

import FoundationEssentials
import Web

extension Setting {
  /// What was typed, as it is stored.
  /// - Throws: `Invalid` at `value` for what the setting does not take.
  package func value(from typed: String) throws -> String {
    switch kind {
    case .text(let limit): try text(typed, limit)
    case .languages: try languages(typed)
    case .switch: try state(typed)
    case .number(let range): try number(typed, range)
    }
  }

  /// A stored value as people read it.
  package func shown(_ value: String) -> String {
    switch kind {
    case .switch: value == "true" ? "On" : "Off"
    case .text, .languages, .number: value
    }
  }

  private func text(_ typed: String, _ limit: Int) throws -> String {
    guard !typed.isEmpty else { throw Invalid("value", "\(label): write something, or clear it back to the default.") }
    guard !typed.contains(where: \.isControl) else { throw Invalid("value", "\(label): one line of text.") }
    let length = typed.unicodeScalars.count
    guard length <= limit else {
      throw Invalid("value", "\(label): at most \(limit) characters; this has \(length).")
    }
    return typed
  }

  private func languages(_ typed: String) throws -> String {
    var tags: [String] = []
    for part in typed.lowercased().split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      let subtags = part.split(separator: "-", omittingEmptySubsequences: false)
      let isTag =
        (2...3).contains(subtags[0].count) && subtags[0].allSatisfy(\.isASCIILetter)
        && subtags.allSatisfy { (2...8).contains($0.count) && $0.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit } }
      guard isTag else {
        throw Invalid("value", "\(label): “\(part.prefix(20))” is not a language's tag, as en or pt-br.")
      }
      if !tags.contains(String(part)) { tags.append(String(part)) }
    }
    guard (1...50).contains(tags.count) else { throw Invalid("value", "\(label): name 1 to 50 languages.") }
    return tags.joined(separator: ", ")
  }

  private func state(_ typed: String) throws -> String {
    guard typed == "true" || typed == "false" else { throw Invalid("value", "\(label): choose on or off.") }
    return typed
  }

  private func number(_ typed: String, _ range: ClosedRange<Int>) throws -> String {
    guard let number = Int(typed), range.contains(number) else {
      throw Invalid("value", "\(label): a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return String(number)
  }
}

extension Character {
  fileprivate var isASCIILetter: Bool { isASCII && isLetter }
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
