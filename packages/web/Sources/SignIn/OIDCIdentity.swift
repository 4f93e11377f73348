// Who came back from the identity provider.

/// A person as the identity provider knows them. The identity is issuer and subject [ASVS 5.0 10.5.2]; an address can
/// be given to somebody else, and only leads to an invitation.
public struct OIDCIdentity: Sendable, Hashable {
  /// `iss`, which is that of the settings letter by letter.
  public let issuer: String
  /// `sub`, the issuer's own name for the person: 1 to 255 bytes.
  public let subject: String
  /// `email`, also where nobody has made sure of it; `nil` where the provider does not say.
  public let email: String?
  /// Whether the provider has made sure of the address: a plain `true`, nothing else.
  public let isEmailVerified: Bool
  /// `name`; `nil` where the provider does not say.
  public let name: String?

  /// The address, if it may bind an invitation.
  public var verifiedEmail: String? { isEmailVerified ? email : nil }
}

/// What the browser brings back from the identity provider.
public struct CallbackParameters: Sendable, Hashable {
  /// What the browser was given to bring back; by its hash the attempt is found.
  public let state: String
  /// What is exchanged for the id token; `nil` where the provider says no.
  public let code: String?
  /// Who answers [RFC 9207]; compared with the issuer wherever it is given or promised.
  public let iss: String?
  /// What should be an error code of OAuth; `nil` unless the provider says no.
  public let error: String?

  /// Checks nothing: what a browser brings is read from its values.
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
