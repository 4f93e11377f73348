// What the identity provider says of itself [OpenID Connect Discovery 1.0, 3].

import FoundationEssentials

/// The provider's endpoints and what it can do.
struct OIDCMetadata: Sendable {
  let authorization: ProviderURL
  let token: ProviderURL
  let keys: ProviderURL
  /// Whether every answer names its issuer [RFC 9207].
  let namesIssuer: Bool
  private let authentications: [String]?

  /// How a client with a secret shows it: in the header, unless the provider only reads it from the form.
  var takesSecretInForm: Bool {
    guard let authentications, !authentications.contains("client_secret_basic") else { return false }
    return authentications.contains("client_secret_post")
  }

  /// Where the document is.
  static func address(of issuer: ProviderURL) -> String {
    (issuer.text.hasSuffix("/") ? String(issuer.text.dropLast()) : issuer.text) + "/.well-known/openid-configuration"
  }

  /// Reads the document. It has to name the issuer that was asked, letter by letter, and no endpoint less safe than it.
  init(_ body: [UInt8], of issuer: ProviderURL) throws(OIDCFailure) {
    let document: Document
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      document = try decoder.decode(Document.self, from: Data(body))
    } catch {
      throw .metadata
    }
    let methods = document.codeChallengeMethodsSupported
    guard document.issuer == issuer.text, methods?.contains("S256") ?? true,
      let authorization = ProviderURL(document.authorizationEndpoint),
      let token = ProviderURL(document.tokenEndpoint), let keys = ProviderURL(document.jwksUri),
      [authorization, token, keys].allSatisfy({ $0.isEncrypted || !issuer.isEncrypted })
    else { throw .metadata }
    self.authorization = authorization
    self.token = token
    self.keys = keys
    namesIssuer = document.authorizationResponseIssParameterSupported ?? false
    authentications = document.tokenEndpointAuthMethodsSupported
  }

  private struct Document: Decodable {
    let issuer: String
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let jwksUri: String
    let codeChallengeMethodsSupported: [String]?
    let tokenEndpointAuthMethodsSupported: [String]?
    let authorizationResponseIssParameterSupported: Bool?
  }
}
