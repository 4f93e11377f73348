// What the forms of a client's status say, checked, and how a refusal is told.

package import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
public import Web

extension StatusChange {
  /// Any status but closed: that has a form of its own.
  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    let status = fields["status"].flatMap(TenantStatus.init(rawValue:))
    let reason = fields["reason"] ?? ""
    let errors = [Self.statusError(status), Self.reasonError(reason, "reason")].compactMap(\.self)
    guard errors.isEmpty, let status else { throw Invalid(errors) }
    self.init(status, because: reason)
  }

  /// The closing of a client: its slug is typed.
  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(closing tenant: Tenant, _ fields: FormFields) throws {
    let reason = fields["closing_reason"] ?? ""
    let errors = [
      Self.reasonError(reason, "closing_reason"),
      fields["slug"] == tenant.slug ? nil : FieldError("slug", "Type \(tenant.slug), as this shuts its workspace."),
    ].compactMap(\.self)
    guard errors.isEmpty else { throw Invalid(errors) }
    self.init(.closed, because: reason)
  }

  private static func statusError(_ status: TenantStatus?) -> FieldError? {
    switch status {
    case nil: FieldError("status", "Choose one of the statuses.")
    case .closed: FieldError("status", "A client is closed by the form below, with its slug typed.")
    case .trial, .onboarding, .live, .suspended: nil
    }
  }

  private static func reasonError(_ reason: String, _ field: String) -> FieldError? {
    reason.unicodeScalars.count < reasonLeast
      ? FieldError(field, "Say why, in \(reasonLeast) characters or more.")
      : FieldError(tooLong: reason, field, "A reason", limit: reasonLimit)
  }
}

extension StatusRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .already(let status):
      Setback(
        .conflict, "already", "This client is \(status.label.lowercased()) already.", "Nothing was changed.")
    case .badTransition(let status, let next):
      Setback(
        .conflict, "bad_transition",
        "A client that is \(status.label.lowercased()) cannot become \(next.label.lowercased()).",
        "Nothing was changed. What it can become stands below.")
    case .stale:
      .stale(
        "This client",
        advice: "Nothing of yours was saved. Its status now is above, and what you typed is still in the form.")
    }
  }
}
