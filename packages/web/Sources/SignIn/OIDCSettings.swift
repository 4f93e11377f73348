// How this program is known at the identity provider.

/// The settings of sign-in by OpenID Connect.
public struct OIDCSettings: Sendable {
  let issuer: ProviderURL
  let clientID: String
  let clientSecret: String?
  let acr: [String]
  let redirectURL: String

  /// - Parameters:
  /// - issuer: `OPS_OIDC_ISSUER`, letter by letter as the provider says it.
  /// - clientSecret: none for a public client.
  /// - acr: `OPS_OIDC_ACR`, the class of authentication that stands for a second factor; several by spaces. Without
  /// one, the second factor has to be among the methods that the provider names.
  /// - redirectURL: `https://ops.ethico.com/sign-in/callback`.
  public init(
    issuer: String, clientID: String, clientSecret: String?, acr: String?, redirectURL: String
  ) throws(OIDCSettingsError) {
    guard let issuer = ProviderURL(issuer), !issuer.hasQuery else { throw .issuer }
    guard !clientID.isEmpty else { throw .clientID }
    guard ProviderURL(redirectURL) != nil else { throw .redirectURL }
    self.issuer = issuer
    self.clientID = clientID
    self.clientSecret = clientSecret.flatMap { $0.isEmpty ? nil : $0 }
    self.acr = acr?.split(separator: " ").map(String.init) ?? []
    self.redirectURL = redirectURL
  }

  /// Where the sign-in form may lead, for the content security policy.
  public var issuerOrigin: String { issuer.origin }
}

/// What is wrong with the settings of sign-in.
public enum OIDCSettingsError: Error, Hashable, CustomStringConvertible {
  case issuer, clientID, redirectURL

  /// A sentence for who sets the program up.
  public var description: String {
    switch self {
    case .issuer: "The issuer has to be an https address without a query; http is only for loopback."
    case .clientID: "The client id of sign-in is missing."
    case .redirectURL: "The address of the callback has to be https; http is only for loopback."
    }
  }
}
