// A JSON value that is written down in Swift, for documents that no type of ours stands for.

/// A value of JSON [RFC 8259].
enum JSONValue: Sendable, Hashable {
  case text(String)
  case number(Int)
  case claim(Bool)
  case list([JSONValue])
  case members([String: JSONValue])
}

extension JSONValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  init(stringLiteral text: String) {
    self = .text(text)
  }

  init(integerLiteral number: Int) {
    self = .number(number)
  }

  init(booleanLiteral claim: Bool) {
    self = .claim(claim)
  }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  init(arrayLiteral items: JSONValue...) {
    self = .list(items)
  }

  init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .members(Dictionary(members) { _, last in last })
  }
}

extension JSONValue: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .claim(let claim): try container.encode(claim)
    case .list(let items): try container.encode(items)
    case .members(let members): try container.encode(members)
    }
  }
}
