// The token in which the identity provider says who signed in [OpenID Connect Core 1.0, 2 and 3.1.3.7].

import Access
import FoundationEssentials

/// A token, read but not yet believed.
struct IDToken {
  let algorithm: SigningAlgorithm
  let keyName: String?
  private let signed: [UInt8]
  private let signature: [UInt8]
  private let payload: Data

  private static let bytesLimit = 64 << 10

  /// Takes the three parts of a token apart. The algorithm is one of ours, or there is no token.
  init(_ text: String) throws(OIDCFailure) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard text.utf8.count <= Self.bytesLimit, parts.count == 3, let head = Base64URL.decode(parts[0]),
      let payload = Base64URL.decode(parts[1]), let header = try? JSONDecoder().decode(Header.self, from: Data(head))
    else { throw .tokenMalformed }
    guard let algorithm = SigningAlgorithm(rawValue: header.alg) else { throw .algorithm }
    // An extension that must be understood is not [RFC 7515, 4.1.11]; a token of another type says something else.
    guard header.crit == nil, header.typ.map({ $0.uppercased() == "JWT" }) ?? true,
      let signature = Base64URL.decode(parts[2])
    else { throw .tokenMalformed }
    self.algorithm = algorithm
    keyName = header.kid
    signed = Array((parts[0] + "." + parts[1]).utf8)
    self.signature = signature
    self.payload = Data(payload)
  }

  /// What the token says, once its signature is known to be the provider's.
  func claims(signedBy key: PublishedKey) async throws(OIDCFailure) -> IDTokenClaims {
    guard await key.isValid(signature, of: signed, by: algorithm) else { throw .signature }
    do {
      return try JSONDecoder().decode(IDTokenClaims.self, from: payload)
    } catch {
      throw .tokenMalformed
    }
  }

  private struct Header: Decodable {
    let alg: String
    let kid: String?
    let typ: String?
    let crit: [String]?
  }
}

/// What a signed token says.
struct IDTokenClaims: Decodable {
  private let iss: String
  private let sub: String
  private let aud: Audience
  private let azp: String?
  private let exp: Double
  private let iat: Double
  private let nbf: Double?
  private let nonce: String?
  private let amr: [String]?
  private let acr: String?
  private let email: String?
  private let emailVerified: Verified?
  private let name: String?

  private enum CodingKeys: String, CodingKey {
    case iss, sub, aud, azp, exp, iat, nbf, nonce, amr, acr, email, name
    case emailVerified = "email_verified"
  }

  /// How far the provider's clock and ours may be apart.
  static let leewaySeconds: TimeInterval = 60
  /// Methods that are, or always come with, a second factor [RFC 8176, 2]; `fido` as Entra ID writes it.
  static let secondFactors: Set<String> = ["mfa", "otp", "hwk", "swk", "sc", "fido"]

  /// Who signed in, if the token was made by that provider, for us, now, for this attempt, with a second factor.
  func identity(_ settings: OIDCSettings, nonce expected: String, now: Date) throws(OIDCFailure) -> OIDCIdentity {
    guard iss == settings.issuer.text else { throw .issuer }
    guard aud.names.contains(settings.clientID) else { throw .audience }
    guard azp == settings.clientID || (azp == nil && aud.names.count == 1) else { throw .authorizedParty }
    let seconds = now.timeIntervalSince1970
    guard seconds < exp + Self.leewaySeconds else { throw .expired }
    guard iat <= seconds + Self.leewaySeconds, nbf ?? iat <= seconds + Self.leewaySeconds else { throw .notYetValid }
    guard let nonce, !expected.isEmpty, nonce == expected else { throw .nonce }
    guard (1...255).contains(sub.utf8.count) else { throw .subject }
    guard hasSecondFactor(settings.acr) else { throw .secondFactor }
    return OIDCIdentity(
      issuer: iss, subject: sub, email: email, isEmailVerified: emailVerified?.isTrue ?? false, name: name)
  }

  private func hasSecondFactor(_ demanded: [String]) -> Bool {
    guard demanded.isEmpty else { return acr.map(demanded.contains) ?? false }
    return !Self.secondFactors.isDisjoint(with: amr ?? [])
  }

  /// One name or several.
  private struct Audience: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      do {
        names = [try container.decode(String.self)]
      } catch DecodingError.typeMismatch {
        names = try container.decode([String].self)
      }
    }
  }

  /// Anything but a plain `true` is no.
  private struct Verified: Decodable {
    let isTrue: Bool

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      isTrue = (try? container.decode(Bool.self)) ?? false
    }
  }
}
