// Sign-in at an identity provider: the one good answer, and every forged one.

import Access
import EthicoTypes
import Foundation
import Markup
import Synchronization
import Testing

@testable import Web

private let seconds: Double = 1_772_442_900

@Suite("Sign-in at the identity provider")
struct OIDCProviderTests {
  private let world = TestProvider()

  @Test("begins with a code request that only this browser can finish")
  func begins() async throws {
    let start = try await world.provider(acr: "high").begin(returnTo: "/tenants")
    let items = URLComponents(string: start.url)?.queryItems ?? []
    let query = Dictionary(items.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    #expect(start.url.hasPrefix("https://login.example/authorize?"))
    #expect(query["response_type"] == "code")
    #expect(query["client_id"] == "ops-console")
    #expect(query["redirect_uri"] == "https://ops.example/sign-in/callback")
    #expect(query["code_challenge_method"] == "S256")
    #expect(query["code_challenge"] == SignInStart.challenge(start.attempt.verifier))
    #expect(query["nonce"] == start.attempt.nonce)
    #expect(query["acr_values"] == "high")
    #expect(start.attempt.stateHash == SignInAttempt.hash(start.state))
    #expect(start.attempt.cookieHash == SignInAttempt.hash(start.cookie))
    #expect(start.attempt.returnPath == "/tenants")
    let secrets = [start.state, start.cookie, start.attempt.nonce, start.attempt.verifier]
    #expect(Set(secrets).count == 4)
    #expect(!start.url.contains(start.attempt.verifier))
  }

  @Test("makes the challenge of RFC 7636, appendix B")
  func challenge() {
    #expect(
      SignInStart.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
  }

  @Test("ends with who came back", arguments: [Token.Signer.es256, .eddsa, .rs256])
  func succeeds(_ signer: Token.Signer) async throws {
    world.spoil {
      $0.signer = signer
      if case .eddsa = signer { $0.header = ["alg": "EdDSA", "kid": "o1"] }
      if case .rs256 = signer { $0.header = ["alg": "RS256", "kid": "r1"] }
    }
    let identity = try await finish()
    #expect(identity.issuer == TestProvider.issuer)
    #expect(identity.subject == "248289761001")
    #expect(identity.verifiedEmail == "dana@ethico.example")
    #expect(identity.name == "Dana Weiss")
  }

  @Test("takes no token that is wrong in one thing", arguments: Forgery.all)
  func forged(_ forgery: Forgery) async throws {
    world.spoil(forgery.spoil)
    await #expect(throws: forgery.failure) { try await finish() }
  }

  @Test(
    "takes nothing that is no token",
    arguments: ["", "a", "a.b", "a.b.c", "..", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "e30.e30.e30.e30.e30"])
  func noToken(_ raw: String) async throws {
    world.behaviour.withLock { $0.rawToken = raw }
    await #expect(throws: OIDCFailure.self) { try await finish() }
  }

  @Test("allows for clocks that are nearly a minute apart")
  func leeway() async throws {
    world.spoil {
      $0.claims["exp"] = .number(seconds - 59)
      $0.claims["iat"] = .number(seconds + 60)
      $0.claims["nbf"] = .number(seconds + 60)
    }
    _ = try await finish()
  }

  @Test("takes a token for several if it was issued to us")
  func audiences() async throws {
    world.spoil {
      $0.claims["aud"] = .texts(["other", TestProvider.clientID])
      $0.claims["azp"] = .text(TestProvider.clientID)
    }
    _ = try await finish()
  }

  @Test("takes only `true` for a verified address")
  func verifiedEmail() async throws {
    for word in [Token.Claim.bool(false), .text("true"), .number(1)] {
      world.spoil { $0.claims["email_verified"] = word }
      #expect(try await finish().verifiedEmail == nil)
    }
    world.spoil { $0.claims["email_verified"] = nil }
    #expect(try await finish().verifiedEmail == nil)
  }

  @Test("asks for the class of authentication where one is set")
  func acr() async throws {
    let provider = try world.provider(acr: "high higher")
    await #expect(throws: OIDCFailure.secondFactor) { try await finish(provider) }
    world.spoil { $0.claims["acr"] = .text("low") }
    await #expect(throws: OIDCFailure.secondFactor) { try await finish(provider) }
    world.spoil {
      $0.claims["acr"] = .text("higher")
      $0.claims["amr"] = nil
    }
    _ = try await finish(provider)
  }

  @Test("needs the state, the verifier and the time of its own attempt")
  func attempt() async throws {
    let provider = try world.provider()
    let start = try await provider.begin(returnTo: "/")
    let other = try await provider.begin(returnTo: "/")
    world.visit(start)
    let answer = CallbackParameters(state: start.state, code: "the-code", iss: nil, error: nil)
    await #expect(throws: OIDCFailure.attempt) { try await provider.finish(answer, other.attempt) }
    let swapped = SignInAttempt(
      stateHash: start.attempt.stateHash, cookieHash: start.attempt.cookieHash, nonce: start.attempt.nonce,
      verifier: other.attempt.verifier, returnPath: "/", startedAt: start.attempt.startedAt)
    await #expect(throws: OIDCFailure.codeRefused("invalid_grant")) { try await provider.finish(answer, swapped) }
    world.now.withLock { $0 += 601 }
    await #expect(throws: OIDCFailure.attempt) { try await provider.finish(answer, start.attempt) }
  }

  @Test("refuses another code, none, and the provider's own refusal")
  func code() async throws {
    await #expect(throws: OIDCFailure.codeRefused("invalid_grant")) { try await finish(code: "another") }
    await #expect(throws: OIDCFailure.noCode) { try await finish(code: nil) }
    await #expect(throws: OIDCFailure.noCode) { try await finish(code: "") }
    await #expect(throws: OIDCFailure.denied("access_denied")) { try await finish(error: "access_denied") }
    await #expect(throws: OIDCFailure.denied("other")) { try await finish(error: "<script>") }
  }

  @Test("compares the issuer of the answer, and misses it where it was promised")
  func issuerOfAnswer() async throws {
    _ = try await finish(iss: TestProvider.issuer)
    await #expect(throws: OIDCFailure.issuerOfAnswer) { try await finish(iss: "https://evil.example") }
    await #expect(throws: OIDCFailure.issuerOfAnswer) {
      try await finish(iss: "https://evil.example", error: "access_denied")
    }
    world.behaviour.withLock { $0.metadata["authorization_response_iss_parameter_supported"] = .bool(true) }
    await #expect(throws: OIDCFailure.issuerOfAnswer) { try await finish(iss: nil) }
    _ = try await finish(iss: TestProvider.issuer)
  }

  @Test("asks for new keys once a minute at most")
  func refetch() async throws {
    let provider = try world.provider()
    world.spoil { $0.header["kid"] = "e9" }
    for _ in 0..<3 {
      await #expect(throws: OIDCFailure.keyUnknown) { try await finish(provider) }
    }
    #expect(world.behaviour.withLock { $0.keyRequestCount } == 2)
    world.now.withLock { $0 += 60 }
    await #expect(throws: OIDCFailure.keyUnknown) { try await finish(provider) }
    #expect(world.behaviour.withLock { $0.keyRequestCount } == 3)
    world.now.withLock { $0 += 60 }
    world.behaviour.withLock { behaviour in
      behaviour.keys = behaviour.keys.map { $0.replacing(#""kid":"e1""#, with: #""kid":"e9""#) }
    }
    _ = try await finish(provider)
  }

  @Test("does not guess among several keys when a token names none")
  func noKeyName() async throws {
    world.spoil { $0.header["kid"] = nil }
    _ = try await finish()
    world.behaviour.withLock { $0.keys.append($0.keys[1].replacing("e1", with: "e2")) }
    await #expect(throws: OIDCFailure.keyUnknown) { try await finish() }
  }

  @Test("shows its secret in the header, or in the form where that is the only way")
  func clientSecret() async throws {
    _ = try await finish()
    let basic = "Basic " + Data("ops-console:s3cret%3A%2F".utf8).base64EncodedString()
    #expect(world.behaviour.withLock { $0.lastAuthorization } == basic)
    #expect(world.behaviour.withLock { !$0.lastForm.contains("client_secret") })
    world.behaviour.withLock { $0.metadata["token_endpoint_auth_methods_supported"] = .texts(["client_secret_post"]) }
    _ = try await finish()
    #expect(world.behaviour.withLock { $0.lastAuthorization } == nil)
    #expect(world.behaviour.withLock { $0.lastForm.contains("client_secret=s3cret%3A%2F") })
    _ = try await finish(try world.provider(secret: nil))
    #expect(world.behaviour.withLock { !$0.lastForm.contains("client_secret") && $0.lastForm.contains("client_id=") })
  }

  @Test(
    "trusts no provider that names another issuer or an unsafe endpoint",
    arguments: [
      ("issuer", Token.Claim.text("https://evil.example")), ("issuer", .text(TestProvider.issuer + "/")),
      ("token_endpoint", .text("http://login.example/token")), ("token_endpoint", .text("http://127.0.0.1/token")),
      ("jwks_uri", .text("file:///etc/passwd")), ("authorization_endpoint", .text("javascript:alert(1)")),
      ("jwks_uri", .text("https://user@login.example/keys")), ("code_challenge_methods_supported", .texts(["plain"])),
      ("token_endpoint", .number(7)),
    ] as [(String, Token.Claim)])
  func metadata(_ name: String, _ value: Token.Claim) async throws {
    world.behaviour.withLock { $0.metadata[name] = value }
    await #expect(throws: OIDCFailure.metadata) { try await world.provider().begin(returnTo: "/") }
  }

  @Test("says so when the provider is down, and goes on when it is back")
  func down() async throws {
    let provider = try world.provider()
    world.behaviour.withLock { $0.isDown = true }
    await #expect(throws: OIDCFailure.self) { try await provider.begin(returnTo: "/") }
    world.behaviour.withLock { $0.isDown = false }
    _ = try await finish(provider)
  }

  @Test("takes http only for an issuer on loopback")
  func settings() throws {
    func settings(_ issuer: String) throws(OIDCSettingsError) -> OIDCSettings {
      try OIDCSettings(
        issuer: issuer, clientID: "c", clientSecret: nil, acr: nil,
        redirectURL: "http://127.0.0.1:8080/sign-in/callback")
    }
    #expect(try settings("http://127.0.0.1:9400").issuerOrigin == "http://127.0.0.1:9400")
    #expect(try settings("http://localhost:9400/realm").issuerOrigin == "http://localhost:9400")
    #expect(try settings("http://[::1]:9400").issuerOrigin == "http://[::1]:9400")
    #expect(try settings("https://login.example:443/").issuerOrigin == "https://login.example")
    for issuer in [
      "http://login.example", "http://127.0.0.1.evil.example", "http://10.0.0.1", "ftp://login.example", "",
      "login.example", "https://login.example?a=b", "https://login.example#a", "https://a@login.example",
      "http://localhost@evil.example", "https://login.example\n",
    ] {
      #expect(throws: OIDCSettingsError.issuer) { try settings(issuer) }
    }
  }

  @Test("reads an answer in which nothing is said twice")
  func callback() throws {
    let answer = try CallbackParameters { ["state": ["s"], "code": ["c"]][$0] ?? [] }
    #expect(answer == CallbackParameters(state: "s", code: "c", iss: nil, error: nil))
    #expect(throws: OIDCFailure.attempt) { try CallbackParameters { _ in [] } }
    for name in ["state", "code", "iss", "error"] {
      #expect(throws: OIDCFailure.malformed) {
        try CallbackParameters { $0 == name ? ["a", "b"] : $0 == "state" ? ["s"] : [] }
      }
    }
  }

  @Test("has a code and a sentence for every failure")
  func words() {
    for forgery in Forgery.all {
      #expect(!forgery.failure.code.isEmpty)
      #expect(forgery.failure.sentence.hasSuffix("."))
    }
  }

  @discardableResult
  private func finish(
    _ provider: OIDCProvider? = nil, code: String? = "the-code", iss: String? = nil, error: String? = nil
  ) async throws -> OIDCIdentity {
    let provider = try provider ?? world.provider()
    let start = try await provider.begin(returnTo: "/")
    world.visit(start)
    return try await provider.finish(
      CallbackParameters(state: start.state, code: code, iss: iss, error: error), start.attempt)
  }
}
