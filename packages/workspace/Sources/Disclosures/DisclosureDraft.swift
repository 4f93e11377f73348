// A disclosure, and a decision about one, as somebody wants them, checked.

import EthicoTypes
import FoundationEssentials
import Web

/// A new disclosure. Who disclosed is looked up when it is stored.
struct DisclosureDraft: Sendable, Hashable {
  let employee: String
  let kind: DisclosureKind
  let title: String
  let body: String
  let value: DisclosedValue?

  static let employeeLimit = 200
  static let titleLimit = 200
  static let bodyLimit = 10_000

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    var errors: [FieldError] = []
    employee = fields["employee"] ?? ""
    if employee.isEmpty { errors.append(FieldError("employee", "Say who disclosed it.")) }
    if let error = FieldError(tooLong: employee, "employee", "A name", limit: Self.employeeLimit) {
      errors.append(error)
    }
    let kind = fields["kind"].flatMap(DisclosureKind.init(rawValue:))
    if kind == nil { errors.append(FieldError("kind", "Choose what is disclosed.")) }
    title = fields["title"] ?? ""
    if title.isEmpty { errors.append(FieldError("title", "Give the disclosure a title.")) }
    if let error = FieldError(tooLong: title, "title", "A title", limit: Self.titleLimit) { errors.append(error) }
    body = fields["body"] ?? ""
    if body.isEmpty { errors.append(FieldError("body", "Say what is disclosed.")) }
    if let error = FieldError(tooLong: body, "body", "A disclosure", limit: Self.bodyLimit) { errors.append(error) }
    var value: DisclosedValue?
    if let amount = fields.given("amount") {
      let currency = fields["currency"] ?? ""
      value = DisclosedValue(amount, currency: currency)
      if value == nil { errors.append(FieldError("amount", "Write an amount, as 120 or 1,250.50.")) }
      if !DisclosedValue.currencies.contains(currency) {
        errors.append(FieldError("currency", "Choose the currency of the value."))
      }
    }
    self.value = value
    guard errors.isEmpty, let kind else { throw Invalid(errors) }
    self.kind = kind
  }
}

/// A decision about a disclosure.
struct DecisionDraft: Sendable, Hashable {
  let verdict: DisclosureVerdict
  let text: String
  /// The midnight (UTC) behind the last day on which it holds; `nil` for always.
  let expiresAt: Date?

  static let textMinimum = 3
  static let textLimit = 5_000

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields, at now: Date) throws {
    var errors: [FieldError] = []
    let verdict = fields["verdict"].flatMap(DisclosureVerdict.init(rawValue:))
    if verdict == nil { errors.append(FieldError("verdict", "Choose what is decided.")) }
    text = fields["decision"] ?? ""
    if text.unicodeScalars.count < Self.textMinimum {
      errors.append(FieldError("decision", "Give the reason, in at least \(Self.textMinimum) characters."))
    }
    if let error = FieldError(tooLong: text, "decision", "A decision", limit: Self.textLimit) { errors.append(error) }
    var expiresAt: Date?
    if let day = fields.given("until") {
      expiresAt = CalendarDay(day)?.next
      switch expiresAt {
      case nil: errors.append(FieldError("until", "Write a day, as 2027-03-31."))
      case let end? where end <= now: errors.append(FieldError("until", "Choose a day that is still to come."))
      case _?: break
      }
      if let verdict, !verdict.mayExpire {
        errors.append(FieldError("until", "What is rejected has no last day: leave this empty."))
      }
    }
    self.expiresAt = expiresAt
    guard errors.isEmpty, let verdict else { throw Invalid(errors) }
    self.verdict = verdict
  }
}
