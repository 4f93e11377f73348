// The words about a person as somebody wants them, checked.

import EthicoTypes
import FoundationEssentials
import Web

/// The words about a person as somebody wants them, checked.
struct ClientUserDraft: Sendable, Hashable {
  let name: String
  /// Folded to lower case.
  let email: String
  let title: String?

  static let nameLimit = 200
  static let titleLimit = 100

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    let name = fields["name"] ?? ""
    let email = (fields["email"] ?? "").lowercased()
    let title = fields.given("title")
    let errors = [Self.nameError(name), FieldError(email: email, "email"), Self.titleError(title)].compactMap(\.self)
    guard errors.isEmpty else { throw Invalid(errors) }
    self.name = name
    self.email = email
    self.title = title
  }

  private static func nameError(_ name: String) -> FieldError? {
    if name.isEmpty { return FieldError("name", "Say what the person is called.") }
    if name.contains(where: \.isControl) { return FieldError("name", "A name is one line of text.") }
    let length = name.unicodeScalars.count
    return length > nameLimit
      ? FieldError("name", "A name has at most \(nameLimit) characters; this one has \(length).") : nil
  }

  private static func titleError(_ title: String?) -> FieldError? {
    guard let title else { return nil }
    if title.contains(where: \.isControl) { return FieldError("title", "A job title is one line of text.") }
    let length = title.unicodeScalars.count
    return length > titleLimit
      ? FieldError("title", "A job title has at most \(titleLimit) characters; this one has \(length).") : nil
  }
}

/// An invitation as somebody wants it, checked.
struct InvitationDraft: Sendable, Hashable {
  let person: ClientUserDraft
  let role: ClientRole

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    let role = fields["role"].flatMap(ClientRole.init(rawValue:))
    let roleErrors = role == nil ? [FieldError("role", "Choose what the person may do.")] : []
    do {
      person = try ClientUserDraft(fields)
    } catch let invalid as Invalid {
      throw Invalid(invalid.errors + roleErrors)
    }
    guard let role else { throw Invalid(roleErrors) }
    self.role = role
  }
}
