// Who came back from the identity provider.

/// A person as the identity provider knows them. The identity is issuer and subject [ASVS 5.0 10.5.2]; an address can
/// be given to somebody else, and only leads to an invitation.
public struct OIDCIdentity: Sendable, Hashable {
  public let issuer: String
  public let subject: String
  public let email: String?
  /// Whether the provider has made sure of the address: a plain `true`, nothing else.
  public let isEmailVerified: Bool
  public let name: String?

  /// The address, if it may bind an invitation.
  public var verifiedEmail: String? { isEmailVerified ? email : nil }
}

/// What the browser brings back from the identity provider.
public struct CallbackParameters: Sendable, Hashable {
  public let state: String
  public let code: String?
  public let iss: String?
  public let error: String?

  public init(state: String, code: String?, iss: String?, error: String?) {
    self.state = state
    self.code = code
    self.iss = iss
    self.error = error
  }

  /// Reads the query of the callback.
  /// - Parameter values: every value of a parameter. What is said twice is refused: provider and we may read another
  /// one.
  public init(_ values: (String) -> [String]) throws(OIDCFailure) {
    func one(_ name: String) throws(OIDCFailure) -> String? {
      let found = values(name)
      guard found.count <= 1, (found.first?.utf8.count ?? 0) <= 8192 else { throw .malformed }
      return found.first
    }
    guard let state = try one("state"), !state.isEmpty else { throw .attempt }
    self.init(state: state, code: try one("code"), iss: try one("iss"), error: try one("error"))
  }
}
