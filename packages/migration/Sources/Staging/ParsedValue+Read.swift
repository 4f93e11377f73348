// Reading a record on its way back from JSON, to show it.

import FoundationEssentials

extension ParsedValue: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Decimal.self) {
      self = .number(number.description)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([ParsedValue].self) {
      self = .list(list)
    } else {
      self = .members(try container.decode([String: ParsedValue].self))
    }
  }

  /// As a person reads it.
  var words: String {
    switch self {
    case .text(let text): text
    case .number(let digits): digits
    case .flag(let flag): flag ? "yes" : "no"
    case .list(let values): values.map(\.words).joined(separator: "; ")
    case .members(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.words)" }.joined(separator: ", ")
    }
  }
}

extension PreviewRow {
  /// The record it would become, by the names of the target schema, as a person reads it.
  package var record: [String: String] { Self.members(parsed) }

  /// What stays with the record under the source's own names.
  package var kept: [String: String] { Self.members(legacy) }

  private static func members(_ json: String) -> [String: String] {
    let members = try? JSONDecoder().decode([String: ParsedValue].self, from: Data(json.utf8))
    return (members ?? [:]).mapValues(\.words)
  }
}
