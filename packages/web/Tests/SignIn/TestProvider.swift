// An identity provider made of closures, with keys of its own, that answers as a test wants.

import Access
import Crypto
import EthicoTypes
import Foundation
import JWTKit
import Synchronization

@testable import Web

/// A token before it is signed, for a test to spoil.
struct Token: Sendable {
  var header: [String: String]
  var claims: [String: Claim]
  var signer: Signer = .es256

  enum Signer: Sendable {
    case es256, eddsa, rs256, hs256, none
    /// ES256 by a key that the provider never published.
    case stranger
  }

  /// As much of JSON as tokens need.
  enum Claim: Sendable, Encodable {
    case text(String)
    case number(Double)
    case texts([String])
    case bool(Bool)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      case .texts(let texts): try container.encode(texts)
      case .bool(let bool): try container.encode(bool)
      }
    }
  }
}

final class TestProvider: Sendable {
  static let issuer = "https://login.example"
  static let clientID = "ops-console"

  struct Behaviour: Sendable {
    var metadata: [String: Token.Claim] = [:]
    var keys: [String] = []
    var spoil: @Sendable (inout Token) -> Void = { _ in }
    var isDown = false
    var keyRequestCount = 0
    var nonce = ""
    var challenge = ""
    var lastForm = ""
    var lastAuthorization: String?
    var rawToken: String?
  }

  let behaviour = Mutex(Behaviour())
  let now: Mutex<Date>
  private let p256 = P256.Signing.PrivateKey()
  private let ed25519 = Curve25519.Signing.PrivateKey()
  private let stranger = P256.Signing.PrivateKey()

  /// The example key of RFC 7515, A.2.1: everybody has it.
  private static let rsaModulus = """
    ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR\
    T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXB\
    dQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia\
    GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ
    """
  private static let rsaExponent = """
    Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46su\
    i395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4\
    qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB\
    4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ
    """

  init(now: Date = Date(timeIntervalSince1970: 1_772_442_900)) {
    self.now = Mutex(now)
    let n = Self.rsaModulus
    let point = p256.publicKey.rawRepresentation
    let (x, y) = (text(point.prefix(32)), text(point.suffix(32)))
    let edwards = text(ed25519.publicKey.rawRepresentation)
    behaviour.withLock {
      $0.metadata = [
        "issuer": .text(Self.issuer), "authorization_endpoint": .text(Self.issuer + "/authorize"),
        "token_endpoint": .text(Self.issuer + "/token"), "jwks_uri": .text(Self.issuer + "/keys"),
        "code_challenge_methods_supported": .texts(["S256"]),
      ]
      $0.keys = [
        #"{"kty":"oct","kid":"h1","k":"c2VjcmV0"}"#,
        #"{"kty":"EC","kid":"e1","crv":"P-256","use":"sig","x":"\#(x)","y":"\#(y)"}"#,
        #"{"kty":"OKP","kid":"o1","crv":"Ed25519","alg":"EdDSA","x":"\#(edwards)"}"#,
        #"{"kty":"RSA","kid":"r1","use":"sig","alg":"RS256","n":"\#(n)","e":"AQAB"}"#,
        #"{"kty":"RSA","kid":"r2","use":"enc","n":"\#(n)","e":"AQAB"}"#,
        #"{"kty":"RSA","kid":"r3","alg":"RS512","n":"\#(n)","e":"AQAB"}"#,
        #"{"kty":"QUANTUM","kid":7}"#,
      ]
    }
  }

  var timepiece: Timepiece { Timepiece { self.now.withLock { $0 } } }

  var fetch: HTTPFetch {
    HTTPFetch { try await self.answer($0) }
  }

  func provider(acr: String? = nil, secret: String? = "s3cret:/") throws -> OIDCProvider {
    OIDCProvider(
      settings: try OIDCSettings(
        issuer: Self.issuer, clientID: Self.clientID, clientSecret: secret, acr: acr,
        redirectURL: "https://ops.example/sign-in/callback"),
      timepiece: timepiece, fetch: fetch)
  }

  func spoil(_ change: @escaping @Sendable (inout Token) -> Void) {
    behaviour.withLock { $0.spoil = change }
  }

  /// What the provider's page does when somebody has signed in there.
  func visit(_ start: SignInStart) {
    let items = URLComponents(string: start.url)?.queryItems ?? []
    let found = Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
    behaviour.withLock {
      $0.nonce = found["nonce"] ?? ""
      $0.challenge = found["code_challenge"] ?? ""
    }
  }

  private func answer(_ request: OutgoingRequest) async throws -> IncomingAnswer {
    let state = behaviour.withLock { $0 }
    guard !state.isDown else { throw CocoaError(.fileNoSuchFile) }
    switch request.url {
    case Self.issuer + "/.well-known/openid-configuration":
      return IncomingAnswer(status: 200, body: Array(try JSONEncoder().encode(state.metadata)))
    case Self.issuer + "/keys":
      behaviour.withLock { $0.keyRequestCount += 1 }
      return IncomingAnswer(status: 200, body: Array(#"{"keys":[\#(state.keys.joined(separator: ","))]}"#.utf8))
    case Self.issuer + "/token":
      return try await exchange(request, state)
    default:
      return IncomingAnswer(status: 404, body: [])
    }
  }

  private func exchange(_ request: OutgoingRequest, _ state: Behaviour) async throws -> IncomingAnswer {
    guard case .post(let form) = request.kind else { return IncomingAnswer(status: 405, body: []) }
    behaviour.withLock {
      $0.lastForm = form
      $0.lastAuthorization = request.headers["Authorization"]
    }
    let items = URLComponents(string: "?" + form)?.queryItems ?? []
    let verifier = items.first { $0.name == "code_verifier" }?.value ?? ""
    let code = items.first { $0.name == "code" }?.value
    guard code == "the-code", text(Data(SHA256.hash(data: Data(verifier.utf8)))) == state.challenge else {
      return IncomingAnswer(status: 400, body: Array(#"{"error":"invalid_grant"}"#.utf8))
    }
    let token: String
    if let raw = state.rawToken { token = raw } else { token = try await idToken(state) }
    return IncomingAnswer(status: 200, body: Array(#"{"token_type":"Bearer","id_token":"\#(token)"}"#.utf8))
  }

  private func idToken(_ state: Behaviour) async throws -> String {
    let seconds = now.withLock { $0.timeIntervalSince1970 }
    var token = Token(
      header: ["alg": "ES256", "kid": "e1", "typ": "JWT"],
      claims: [
        "iss": .text(Self.issuer), "sub": .text("248289761001"), "aud": .text(Self.clientID),
        "exp": .number(seconds + 300), "iat": .number(seconds), "nonce": .text(state.nonce),
        "amr": .texts(["pwd", "mfa"]),
        "email": .text("dana@ethico.example"), "email_verified": .bool(true), "name": .text("Dana Weiss"),
      ])
    state.spoil(&token)
    return try await sign(token)
  }

  private func sign(_ token: Token) async throws -> String {
    let head = text(try JSONEncoder().encode(token.header)) + "." + text(try JSONEncoder().encode(token.claims))
    let bytes = Data(head.utf8)
    let signature: Data
    switch token.signer {
    case .none: signature = Data()
    case .es256: signature = try p256.signature(for: bytes).rawRepresentation
    case .stranger: signature = try stranger.signature(for: bytes).rawRepresentation
    case .eddsa: signature = try ed25519.signature(for: bytes)
    case .rs256:
      let key = JWK.rsa(
        .rs256, identifier: "r1", modulus: Self.rsaModulus, exponent: "AQAB", privateExponent: Self.rsaExponent)
      signature = Data(try await JWTKeyCollection().add(jwk: key).getKey().sign(bytes))
    case .hs256:
      // The oldest forgery: the public key taken for a shared secret.
      let key = SymmetricKey(data: Data(p256.publicKey.pemRepresentation.utf8))
      signature = Data(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    }
    return head + "." + text(signature)
  }
}

private func text(_ bytes: some DataProtocol) -> String {
  Data(bytes).base64EncodedString()
    .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}
