// The words of a policy as somebody wants them, checked.

import EthicoTypes
import FoundationEssentials
import Web

/// The words of a policy as somebody wants them, checked.
struct PolicyDraft: Sendable, Hashable {
  let title: String
  let type: PolicyType
  /// A tag of BCP 47, as `en` or `pt-BR`.
  let language: String
  let body: String

  static let titleLimit = 200
  static let bodyLimit = 100_000
  static let noteLimit = 500

  /// The languages that a form offers.
  static let languages = ["en", "es", "fr", "de", "pt-BR", "it", "nl", "pl", "ja", "zh", "ar", "he"]

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    let title = fields["title"] ?? ""
    let body = fields["body"] ?? ""
    let type = fields["type"].flatMap(PolicyType.init(rawValue:))
    let language = fields["language"] ?? ""
    let errors = [
      title.isEmpty ? FieldError("title", "Give the policy a title.") : nil,
      title.contains(where: \.isControl) ? FieldError("title", "A title is one line of text.") : nil,
      FieldError(tooLong: title, "title", "A title", limit: Self.titleLimit),
      type == nil ? FieldError("type", "Choose what the policy is about.") : nil,
      Self.isTag(language) ? nil : FieldError("language", "Choose the language that it is written in."),
      FieldError(tooLong: body, "body", "A policy", limit: Self.bodyLimit),
    ].compactMap(\.self)
    guard errors.isEmpty, let type else { throw Invalid(errors) }
    self.title = title
    self.type = type
    self.language = language
    self.body = body
  }

  private static func isTag(_ language: String) -> Bool {
    language.wholeMatch(of: /[a-z]{2,3}(-[A-Z]{2})?/) != nil
  }
}
