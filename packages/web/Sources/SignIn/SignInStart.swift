// The first half of a sign-in: where the browser goes, and what is remembered meanwhile.

public import Access
import Crypto
import FoundationEssentials

/// A sign-in that begins.
public struct SignInStart: Sendable {
  /// Where the browser is sent: the provider's page, with what it has to answer to.
  public let url: String
  /// 256 random bits in base64url, which the provider gives back; stored as a hash alone.
  public let state: String
  /// The value of the cookie that ties the attempt to this browser.
  public let cookie: String
  /// What to store until the person comes back.
  public let attempt: SignInAttempt

  init(_ settings: OIDCSettings, endpoint: ProviderURL, returnPath: String, at moment: Date) {
    state = Base64URL.secret()
    cookie = Base64URL.secret()
    attempt = SignInAttempt(
      stateHash: SignInAttempt.hash(state), cookieHash: SignInAttempt.hash(cookie), nonce: Base64URL.secret(),
      verifier: Base64URL.secret(), returnPath: returnPath, startedAt: moment)
    var parameters = [
      ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", settings.redirectURL),
      ("scope", "openid email profile"), ("state", state), ("nonce", attempt.nonce),
      ("code_challenge", Self.challenge(attempt.verifier)), ("code_challenge_method", "S256"),
    ]
    if !settings.acr.isEmpty { parameters.append(("acr_values", settings.acr.joined(separator: " "))) }
    url = endpoint.adding(parameters.map { (name: $0.0, value: $0.1) })
  }

  /// S256 [RFC 7636, 4.2].
  static func challenge(_ verifier: String) -> String {
    Base64URL.encode(Array(SHA256.hash(data: Data(verifier.utf8))))
  }
}
