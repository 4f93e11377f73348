// A record while its row is read.

import EthicoTypes
import Mapping

struct RecordBuilder {
  private(set) var members: [String: ParsedValue] = [:]
  /// The numbered parts: by their list, by number, by name.
  private var parts: [String: [Int: [String: ParsedValue]]] = [:]
  /// When the days begin that have no time, by field; of numbered parts by their list, by number, by name.
  private var beginnings: [String: String] = [:]
  private var partBeginnings: [String: [Int: [String: String]]] = [:]
  /// From which column a field came.
  var positions: [String: Int] = [:]
  var issues: [RowIssue] = []
  /// What the source's own words were, by column, where they became others.
  private(set) var words: [String: ParsedValue] = [:]

  /// Notes a word that became another one, or nothing. In whatever case it is written, it is the same.
  mutating func keep(_ said: String, as became: some StringProtocol, of column: String?) {
    guard let column, said != became else { return }
    let word = said.trimmed
    guard !word.isEmpty, word.lowercased() != became.lowercased() else { return }
    if case .text(let before)? = words[column] {
      words[column] = .text(before + "; " + word)
      return
    }
    words[column] = .text(word)
  }

  subscript(name: String) -> ParsedValue? {
    get { members[name] }
    set { members[name] = newValue }
  }

  /// The text of a field that is a text.
  func text(_ name: String) -> String? {
    guard case .text(let text)? = members[name] else { return nil }
    return text
  }

  /// - Parameter begins: of a day without a time, when it begins.
  mutating func add(_ value: ParsedValue, _ field: TargetField, number: Int?, begins: String? = nil) {
    if field.isNumbered, let open = field.name.firstIndex(of: "["), let dot = field.name.lastIndex(of: ".") {
      let part = String(field.name[field.name.index(after: dot)...])
      parts[String(field.name[..<open]), default: [:]][number ?? 1, default: [:]][part] = value
      if let begins {
        partBeginnings[String(field.name[..<open]), default: [:]][number ?? 1, default: [:]][part] = begins
      }
    } else if field.isList, case .list(let values)? = members[field.name] {
      members[field.name] = .list(values + [value])
    } else {
      members[field.name] = field.isList ? .list([value]) : value
      beginnings[field.name] = begins
    }
  }

  /// When its days begin that have no time: `received_at`, or `notes[1].at` of the first of its notes.
  var days: [String: String] {
    var days = beginnings.filter { members[$0.key] != nil }
    for (list, begun) in partBeginnings {
      let numbers = (parts[list] ?? [:]).keys.sorted()
      for (place, number) in numbers.enumerated() {
        for (name, begins) in begun[number] ?? [:] { days["\(list)[\(place + 1)].\(name)"] = begins }
      }
    }
    return days
  }

  /// With its numbered parts in their order.
  var finished: ParsedValue {
    var finished = members
    for (list, numbered) in parts {
      finished[list] = .list(numbered.sorted { $0.key < $1.key }.map { .members($0.value) })
    }
    return .members(finished)
  }
}
