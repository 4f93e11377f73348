// The token in every form: only a page that we gave to this sign-in knows it.

public import Access
import Crypto
public import EthicoTypes
import FoundationEssentials

/// Derived from the sign-in, so it need not be stored, and stays what it was when the sign-in has expired: a form that
/// comes too late can still be told from a forged one.
public struct CSRFToken: Sendable {
  /// 256 bits, base64url without padding.
  public let text: String
  private let key: SymmetricKey
  private let message: [UInt8]

  /// - Parameter key: `WebSettings.sessionKey`, of at least 32 bytes.
  public init(session: ID<StaffSession>, key: [UInt8]) {
    self.key = SymmetricKey(data: key)
    message = Array("csrf\(session)".utf8)
    text = Base64URL.encode(Array(HMAC<SHA256>.authenticationCode(for: message, using: self.key)))
  }

  /// Whether that is the token, in a time that does not depend on how much of it is right.
  public func matches(_ sent: String) -> Bool {
    guard let code = Base64URL.decode(sent) else { return false }
    return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key)
  }
}
