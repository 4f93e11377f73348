// Tokens that are wrong in one thing each.

import Testing

@testable import Web

/// A good token, changed in one thing, and why it is refused then.
struct Forgery: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let failure: OIDCFailure
  private let header: [String: String?]
  private let claims: [String: Token.Claim?]
  private let signer: Token.Signer

  init(
    _ description: String, _ failure: OIDCFailure, header: [String: String?] = [:],
    claims: [String: Token.Claim?] = [:], signer: Token.Signer = .es256
  ) {
    testDescription = description
    self.failure = failure
    self.header = header
    self.claims = claims
    self.signer = signer
  }

  func spoil(_ token: inout Token) {
    for (name, value) in header { token.header[name] = value }
    for (name, value) in claims { token.claims[name] = value }
    token.signer = signer
  }

  private static let seconds: Double = 1_772_442_900

  static let all: [Forgery] = [
    Forgery("alg none", .algorithm, header: ["alg": "none"], signer: .none),
    Forgery("alg None", .algorithm, header: ["alg": "None"], signer: .none),
    Forgery("alg empty", .algorithm, header: ["alg": ""], signer: .none),
    Forgery("alg missing", .tokenMalformed, header: ["alg": nil]),
    Forgery("alg HS256 with the public key as its secret", .algorithm, header: ["alg": "HS256"], signer: .hs256),
    Forgery("alg RS512", .algorithm, header: ["alg": "RS512", "kid": "r3"]),
    Forgery("alg PS256", .algorithm, header: ["alg": "PS256", "kid": "r1"]),
    Forgery("alg ES384", .algorithm, header: ["alg": "ES384"]),
    Forgery("alg RS256 with an EC key", .keyUnknown, header: ["alg": "RS256"]),
    Forgery("alg EdDSA with an EC key", .keyUnknown, header: ["alg": "EdDSA"]),
    Forgery("a key for encryption", .keyUnknown, header: ["alg": "RS256", "kid": "r2"], signer: .rs256),
    Forgery("a key for another algorithm", .keyUnknown, header: ["alg": "RS256", "kid": "r3"], signer: .rs256),
    Forgery("a symmetric key", .keyUnknown, header: ["kid": "h1"]),
    Forgery("kid unknown", .keyUnknown, header: ["kid": "e9"]),
    Forgery("the key of somebody else", .signature, signer: .stranger),
    Forgery("no signature", .signature, signer: .none),
    Forgery("type of another token", .tokenMalformed, header: ["typ": "at+jwt"]),
    Forgery("iss of somebody else", .issuer, claims: ["iss": .text("https://evil.example")]),
    Forgery("iss with a slash", .issuer, claims: ["iss": .text(TestProvider.issuer + "/")]),
    Forgery("iss missing", .tokenMalformed, claims: ["iss": nil]),
    Forgery("aud of another client", .audience, claims: ["aud": .text("other")]),
    Forgery("aud of none", .audience, claims: ["aud": .texts([])]),
    Forgery("aud missing", .tokenMalformed, claims: ["aud": nil]),
    Forgery("two audiences without azp", .authorizedParty, claims: ["aud": .texts(["other", TestProvider.clientID])]),
    Forgery("azp of another client", .authorizedParty, claims: ["azp": .text("other")]),
    Forgery("expired 60 s ago", .expired, claims: ["exp": .number(seconds - 60)]),
    Forgery("exp missing", .tokenMalformed, claims: ["exp": nil]),
    Forgery("exp as text", .tokenMalformed, claims: ["exp": .text("9999999999")]),
    Forgery("made 61 s from now", .notYetValid, claims: ["iat": .number(seconds + 61)]),
    Forgery("valid 61 s from now", .notYetValid, claims: ["nbf": .number(seconds + 61)]),
    Forgery("iat missing", .tokenMalformed, claims: ["iat": nil]),
    Forgery("nonce of another attempt", .nonce, claims: ["nonce": .text("other")]),
    Forgery("nonce empty", .nonce, claims: ["nonce": .text("")]),
    Forgery("nonce missing", .nonce, claims: ["nonce": nil]),
    Forgery("sub empty", .subject, claims: ["sub": .text("")]),
    Forgery("sub too long", .subject, claims: ["sub": .text(String(repeating: "s", count: 256))]),
    Forgery("sub missing", .tokenMalformed, claims: ["sub": nil]),
    Forgery("no second factor", .secondFactor, claims: ["amr": .texts(["pwd"])]),
    Forgery("no word of how", .secondFactor, claims: ["amr": nil]),
    Forgery("amr as text", .tokenMalformed, claims: ["amr": .text("mfa")]),
    Forgery("acr where the methods are asked for", .secondFactor, claims: ["amr": nil, "acr": .text("high")]),
  ]
}
