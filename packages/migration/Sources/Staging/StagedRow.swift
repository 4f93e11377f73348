// A row of the source as it was read: the record it would become, and everything that is wrong with it.

import Crypto
import EthicoTypes
import FoundationEssentials

/// One row on its way.
struct StagedRow: Sendable {
  let number: Int
  let cells: [String]
  /// By the names of the target schema.
  let parsed: ParsedValue
  /// Columns without a target that are kept, by their own names.
  let legacy: ParsedValue
  /// The key of the record in its source; `nil` where it has none.
  let key: String?
  let issues: [RowIssue]
  /// When its days begin that have no time, by field.
  var days = ParsedValue.members([:])

  var keyHash: [UInt8]? { key.map(Self.digest) }

  static func digest(of text: String) -> [UInt8] {
    Array(SHA256.hash(data: Data(text.utf8)))
  }

  /// Whether it stays behind.
  var isBlocked: Bool { issues.contains { $0.code.level == .blocker } }

  /// What becomes of it as far as it shows by itself. Nearly every row keeps that, so that the check of all of them
  /// writes only those again of which it finds otherwise.
  var seeming: StagedDecision { key == nil || isBlocked ? .reject : .insert }
}

/// A value of a record on its way, written as canonical JSON: members by name, no space between.
enum ParsedValue: Sendable, Hashable {
  case text(String)
  /// Digits as JSON writes a number.
  case number(String)
  case flag(Bool)
  case list([ParsedValue])
  case members([String: ParsedValue])

  var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .text(let value): JSONString.append(value, to: &text)
    case .number(let digits): text += digits
    case .flag(let value): text += value ? "true" : "false"
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .members(let members):
      text += "{"
      for (index, member) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }).enumerated() {
        if index > 0 { text += "," }
        JSONString.append(member.key, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }
}
