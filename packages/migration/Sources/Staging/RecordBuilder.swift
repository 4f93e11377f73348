// A record while its row is read.

import Mapping

struct RecordBuilder {
  private(set) var members: [String: ParsedValue] = [:]
  /// The numbered parts: by their list, by number, by name.
  private var parts: [String: [Int: [String: ParsedValue]]] = [:]
  /// From which column a field came.
  var positions: [String: Int] = [:]
  var issues: [RowIssue] = []

  subscript(name: String) -> ParsedValue? {
    get { members[name] }
    set { members[name] = newValue }
  }

  /// The text of a field that is a text.
  func text(_ name: String) -> String? {
    guard case .text(let text)? = members[name] else { return nil }
    return text
  }

  mutating func add(_ value: ParsedValue, _ field: TargetField, number: Int?) {
    if field.isNumbered, let open = field.name.firstIndex(of: "["), let dot = field.name.lastIndex(of: ".") {
      let part = String(field.name[field.name.index(after: dot)...])
      parts[String(field.name[..<open]), default: [:]][number ?? 1, default: [:]][part] = value
    } else if field.isList, case .list(let values)? = members[field.name] {
      members[field.name] = .list(values + [value])
    } else {
      members[field.name] = field.isList ? .list([value]) : value
    }
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
