// What a person sent: the fields of a form, or the members of a JSON body, as text in their order.

import EthicoTypes
import FoundationEssentials

/// The fields of a submitted form. Nothing here is trusted: a rule parses each value once.
public struct FormFields: Sendable, Hashable {
  /// Names and values in the order sent; a name may occur several times.
  public let pairs: [(name: String, value: String)]

  /// Keeps every pair and their order, also where a name occurs twice.
  public init(_ pairs: [(name: String, value: String)]) {
    self.pairs = pairs
  }

  /// What a request without fields sent.
  public static let empty = FormFields([])

  /// The first value of that name, without space around it; `nil` when the field was not sent.
  public subscript(name: String) -> String? {
    guard let pair = pairs.first(where: { $0.name == name }) else { return nil }
    return pair.value.trimmed
  }

  /// The first value of that name; `nil` when it was not sent or is empty.
  public func given(_ name: String) -> String? {
    self[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Every value of that name.
  public func all(_ name: String) -> [String] {
    pairs.filter { $0.name == name }.map(\.value)
  }

  /// Whether names, values and their order are all the same.
  public static func == (left: FormFields, right: FormFields) -> Bool {
    left.pairs.elementsEqual(right.pairs, by: ==)
  }

  /// Takes in what `==` compares: names and values in their order.
  public func hash(into hasher: inout Hasher) {
    for pair in pairs {
      hasher.combine(pair.name)
      hasher.combine(pair.value)
    }
  }
}

/// What is wrong with one field, as a sentence for the person who typed it.
public struct FieldError: Error, Sendable, Hashable, Encodable {
  /// As the form calls it; empty for what is wrong with the form as a whole.
  public let field: String
  /// A whole sentence, shown at the field and in the summary of errors.
  public let message: String

  /// What a rule says of a field; an empty name means the form as a whole.
  public init(_ field: String, _ message: String) {
    self.field = field
    self.message = message
  }

  /// Says that a text is too long; `nil` when it is not. Counts code points, as PostgreSQL's `char_length` does.
  public init?(tooLong text: String, _ field: String, _ noun: String, limit: Int) {
    let count = text.unicodeScalars.count
    guard count > limit else { return nil }
    self.init(field, "\(noun) has at most \(grouped(limit)) characters; this one has \(grouped(count)).")
  }
}

extension FieldError {
  /// The longest address that mail can be sent to [RFC 5321, 4.5.3.1.3], in bytes.
  public static let emailLimit = 254

  /// Says that a text is no e-mail address; `nil` when it can be one.
  public init?(email: String, _ field: String) {
    let halves = email.split(separator: "@", omittingEmptySubsequences: false)
    let isAddress =
      halves.count == 2 && !halves[0].isEmpty && halves[1].split(separator: ".").count > 1
      && !email.contains { $0.isWhitespace || $0.isControl }
    if !isAddress {
      self.init(field, "Write the whole e-mail address, as a.user@example.com.")
    } else if email.utf8.count > Self.emailLimit {
      self.init(field, "An e-mail address has at most \(Self.emailLimit) characters.")
    } else {
      return nil
    }
  }
}

extension Character {
  /// A line end, a tab or another character that is no text.
  public var isControl: Bool {
    isNewline || unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

/// A form as it is shown: what its fields hold, and what is wrong with them.
public struct FormState: Sendable, Hashable {
  /// What was typed, or what is stored where nothing was.
  public var fields: FormFields
  /// In the order in which the summary lists them; none for a form that was not refused.
  public var errors: [FieldError]

  /// A form as it was sent, with what a rule said of it; an empty one without arguments.
  public init(_ fields: FormFields = .empty, errors: [FieldError] = []) {
    self.fields = fields
    self.errors = errors
  }

  /// A form that shows what is stored.
  public init(_ values: [(name: String, value: String)]) {
    self.init(FormFields(values))
  }

  /// The first thing that is wrong with that field; `nil` where nothing is.
  public func error(_ field: String) -> String? {
    errors.first { $0.field == field }?.message
  }
}
