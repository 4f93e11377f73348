// What went wrong, for a person as a page and for a program as `application/problem+json` [RFC 9457].

public import Access
public import EthicoTypes
public import HTTPTypes

/// A refusal that is told to whoever asked.
public struct Problem: Error, Sendable, Hashable {
  /// Of the answer; the JSON repeats it.
  public let status: HTTPResponse.Status
  /// A word that programs may rely on.
  public let code: String
  /// What is the matter, as a sentence: the heading of the page, the `title` of the JSON.
  public let title: String
  /// What was kept, and what to do now.
  public let advice: String
  /// What is wrong with which fields: `errors` in JSON, left out where there is none.
  public var fields: [FieldError] = []
  /// Sent as `Retry-After`; `nil` where nobody can say when.
  public var retryAfterSeconds: Int?
  /// What a protocol wants said in the head besides.
  public var headers: HTTPFields = [:]

  /// - Parameter code: in lower case with underscores, as `key_reused`.
  public init(
    _ status: HTTPResponse.Status, _ code: String, _ title: String, _ advice: String, fields: [FieldError] = []
  ) {
    self.status = status
    self.code = code
    self.title = title
    self.advice = advice
    self.fields = fields
  }

  /// Nothing, or another client's: nobody is told which.
  public static let notFound = Problem(
    .notFound, "not_found", "There is nothing at this address.",
    "Check the address, or look for it from the page before.")
  /// No sign-in, or one that has ended; a browser is led to the sign-in page instead.
  public static let signIn = Problem(
    .unauthorized, "sign_in", "You are not signed in.", "Sign in, and this page opens.")
  /// As an open page is told: what is sent then is kept.
  static let signInExpired = Problem(
    .unauthorized, "sign_in_expired", "Your sign-in has ended for want of requests.",
    "What you send now is kept until you have signed in again.")
  /// It is known who asks, but they are locked or deactivated.
  public static let locked = Problem(
    .forbidden, "locked", "Your sign-in is locked.", "An administrator of the console can unlock it.")
  /// A form without this sign-in's token, or sent by a page of another site.
  public static let crossSite = Problem(
    .forbidden, "cross_site", "This form did not come from one of our pages.",
    "Nothing was changed. Go back, reload the page and send it again.")
  /// An address, a form, a JSON body or an idempotency key that cannot be read as one.
  public static let badRequest = Problem(
    .badRequest, "bad_request", "This request cannot be read.", "Nothing was changed.")
  /// A form beyond 1 MiB; one with a file whose fields have more than 128 KiB, or that goes far beyond the limit.
  public static let tooLarge = Problem(
    .contentTooLarge, "too_large", "This is larger than a form may be.",
    "Nothing was changed. Send less: a form takes 1 MiB, or 128 KiB of words beside its files.")
  /// A body of which too little came for the time that it was waited for (`BodyPace`).
  static let tooSlow = Problem(
    .requestTimeout, "too_slow", "What you sent came too slowly.",
    "Nothing was changed. Send it again over a better connection.")
  /// An `after` that was not made for this very list.
  public static let badCursor = Problem(
    .badRequest, "bad_cursor", "This page of the list does not exist.", "Open the list from its first page.")
  /// The database gave no connection or no end in time, or went away.
  public static let busy = Problem(
    .serviceUnavailable, "busy", "The database is busy.", "Nothing was changed. Try again in a moment.")
  /// An idempotency key that came before with other fields, or on another route.
  public static let keyReused = Problem(
    .conflict, "key_reused", "This form was sent before with other words in it.",
    "What you sent first was done. Reload the page before you send something else.")
  /// What only we can mend; logged and noted under the id of its request.
  public static let fault = Problem(
    .internalServerError, "fault", "Something went wrong on our side.",
    "Nothing was half-done. Tell us the correlation id below, and we find it in the logs.")

  /// Somebody asked more often than a minute allows.
  public init(_ exceeded: RateExceeded) {
    let seconds = exceeded.retryAfterSeconds
    self.init(
      .tooManyRequests, "rate_limited", exceeded.meter.sentence,
      "Nothing was changed. Try again in \(counted(seconds, "second")).")
    retryAfterSeconds = seconds
  }

  /// 403 for who lacks a capability: says what it would let them do, and who grants it.
  public static func capability(_ missing: Capability) -> Problem {
    Problem(
      .forbidden, "capability", "You may not \(missing.label).",
      "It takes the capability \(missing.rawValue), which an administrator of the console grants.")
  }
}

/// A form that cannot be accepted as it is. Thrown by a rule; its page is shown again, filled in, with status 422.
public struct Invalid: Error, Sendable, Hashable {
  /// In the order in which the page lists them.
  public let errors: [FieldError]

  /// Several things at once, so that nobody is sent back for one after the other.
  public init(_ errors: [FieldError]) {
    self.errors = errors
  }

  /// One thing; an empty field means the form as a whole.
  public init(_ field: String, _ message: String) {
    errors = [FieldError(field, message)]
  }
}
