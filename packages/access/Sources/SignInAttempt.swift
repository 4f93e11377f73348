// A sign-in under way at the identity provider: begun in one browser, finished once, within ten minutes.

import Crypto
public import FoundationEssentials

/// What has to be remembered of a sign-in until the person comes back.
public struct SignInAttempt: Sendable, Hashable {
  /// SHA-256 of the state that the provider sends back. Only its hash is kept: who reads the table can finish nothing.
  public let stateHash: [UInt8]
  /// SHA-256 of the cookie that ties the attempt to the browser that began it.
  public let cookieHash: [UInt8]
  /// Stands in the id token that answers this attempt, and in no other.
  public let nonce: String
  /// The secret whose hash the provider got first [RFC 7636].
  public let verifier: String
  /// Where the person wanted to go, a path of ours.
  public let returnPath: String
  /// When the browser was sent to the provider, which the ten minutes count from.
  public let startedAt: Date

  /// So long the provider's answer is waited for.
  public static let lifetimeSeconds: TimeInterval = 10 * 60

  /// What to keep of an attempt that begins; the first two come from `hash`.
  public init(
    stateHash: [UInt8], cookieHash: [UInt8], nonce: String, verifier: String, returnPath: String, startedAt: Date
  ) {
    self.stateHash = stateHash
    self.cookieHash = cookieHash
    self.nonce = nonce
    self.verifier = verifier
    self.returnPath = returnPath
    self.startedAt = startedAt
  }

  /// How a state or a cookie is kept.
  public static func hash(_ secret: String) -> [UInt8] {
    Array(SHA256.hash(data: Data(secret.utf8)))
  }
}
