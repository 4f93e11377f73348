// Why nobody was signed in.

/// A refusal of the answer to a sign-in, or of the attempt to begin one.
public enum OIDCFailure: Error, Sendable, Hashable {
  // The answer as the browser brought it.
  case attempt, malformed, issuerOfAnswer, noCode
  /// The provider says no; its reason is an error code of OAuth.
  case denied(String)
  // The provider as a server; what went wrong on the way is for the log.
  case unreachable(String)
  case busy, metadata
  /// The provider takes the code back; its reason is an error code of OAuth.
  case codeRefused(String)
  // The id token.
  case noToken, tokenMalformed, algorithm, keyUnknown, signature
  case issuer, audience, authorizedParty, subject, expired, notYetValid, nonce, secondFactor

  /// For the audit trail and the log.
  public var code: String {
    switch self {
    case .attempt: "attempt_unknown"
    case .malformed: "answer_malformed"
    case .issuerOfAnswer: "answer_issuer"
    case .noCode: "answer_without_code"
    case .denied(let reason): "denied:" + reason
    case .unreachable: "provider_unreachable"
    case .busy: "provider_busy"
    case .metadata: "provider_metadata"
    case .codeRefused(let reason): "code_refused:" + reason
    case .noToken: "token_missing"
    case .tokenMalformed: "token_malformed"
    case .algorithm: "token_algorithm"
    case .keyUnknown: "token_key_unknown"
    case .signature: "token_signature"
    case .issuer: "token_issuer"
    case .audience: "token_audience"
    case .authorizedParty: "token_azp"
    case .subject: "token_subject"
    case .expired: "token_expired"
    case .notYetValid: "token_not_yet_valid"
    case .nonce: "token_nonce"
    case .secondFactor: "second_factor"
    }
  }

  /// For the person. Says nothing that helps a forger.
  public var sentence: String {
    switch self {
    case .attempt:
      "This sign-in was not begun in this browser, was finished already, or took longer than ten minutes. Begin again."
    case .denied:
      "The identity provider did not sign you in."
    case .unreachable, .busy:
      "The identity provider does not answer at the moment. Try again in a minute."
    case .metadata:
      "The identity provider is not set up for this console. Tell the people who run it."
    case .secondFactor:
      "You signed in without a second factor. Add one at the identity provider, then sign in again."
    case .expired, .notYetValid:
      "The identity provider’s clock and ours do not agree. Try again, or tell the people who run the console."
    case .malformed, .issuerOfAnswer, .noCode, .codeRefused, .noToken, .tokenMalformed, .algorithm, .keyUnknown,
      .signature, .issuer, .audience, .authorizedParty, .subject, .nonce:
      "The identity provider’s answer could not be verified, so you were not signed in. Begin again."
    }
  }
}
