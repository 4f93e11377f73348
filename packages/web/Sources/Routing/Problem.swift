// What went wrong, for a person as a page and for a program as `application/problem+json` [RFC 9457].

package import Access
package import EthicoTypes
package import HTTPTypes

/// A refusal that is told to whoever asked.
package struct Problem: Error, Sendable, Hashable {
  package let status: HTTPResponse.Status
  /// A word that programs may rely on.
  package let code: String
  package let title: String
  /// What was kept, and what to do now.
  package let advice: String
  package var fields: [FieldError] = []
  package var retryAfterSeconds: Int?
  /// What a protocol wants said in the head besides.
  package var headers: HTTPFields = [:]

  package init(
    _ status: HTTPResponse.Status, _ code: String, _ title: String, _ advice: String, fields: [FieldError] = []
  ) {
    self.status = status
    self.code = code
    self.title = title
    self.advice = advice
    self.fields = fields
  }

  package static let notFound = Problem(
    .notFound, "not_found", "There is nothing at this address.",
    "Check the address, or look for it from the page before.")
  package static let signIn = Problem(
    .unauthorized, "sign_in", "You are not signed in.", "Sign in, and this page opens.")
  /// As an open page is told: what is sent then is kept.
  static let signInExpired = Problem(
    .unauthorized, "sign_in_expired", "Your sign-in has ended for want of requests.",
    "What you send now is kept until you have signed in again.")
  package static let locked = Problem(
    .forbidden, "locked", "Your sign-in is locked.", "An administrator of the console can unlock it.")
  package static let crossSite = Problem(
    .forbidden, "cross_site", "This form did not come from one of our pages.",
    "Nothing was changed. Go back, reload the page and send it again.")
  package static let badRequest = Problem(
    .badRequest, "bad_request", "This request cannot be read.", "Nothing was changed.")
  package static let tooLarge = Problem(
    .contentTooLarge, "too_large", "This is larger than a form may be.", "Nothing was changed. Send less than 1 MiB.")
  package static let badCursor = Problem(
    .badRequest, "bad_cursor", "This page of the list does not exist.", "Open the list from its first page.")
  package static let busy = Problem(
    .serviceUnavailable, "busy", "The database is busy.", "Nothing was changed. Try again in a moment.")
  package static let keyReused = Problem(
    .conflict, "key_reused", "This form was sent before with other words in it.",
    "What you sent first was done. Reload the page before you send something else.")
  package static let fault = Problem(
    .internalServerError, "fault", "Something went wrong on our side.",
    "Nothing was half-done. Tell us the correlation id below, and we find it in the logs.")

  /// Somebody asked more often than a minute allows.
  package init(_ exceeded: RateExceeded) {
    let seconds = exceeded.retryAfterSeconds
    self.init(
      .tooManyRequests, "rate_limited", exceeded.meter.sentence,
      "Nothing was changed. Try again in \(seconds) second\(seconds == 1 ? "" : "s").")
    retryAfterSeconds = seconds
  }

  package static func capability(_ missing: Capability) -> Problem {
    Problem(
      .forbidden, "capability", "You may not \(missing.label).",
      "It takes the capability \(missing.rawValue), which an administrator of the console grants.")
  }
}

/// A form that cannot be accepted as it is. Thrown by a rule; its page is shown again, filled in, with status 422.
package struct Invalid: Error, Sendable, Hashable {
  package let errors: [FieldError]

  package init(_ errors: [FieldError]) {
    self.errors = errors
  }

  package init(_ field: String, _ message: String) {
    errors = [FieldError(field, message)]
  }
}
