// Sign-in at the identity provider: the code flow with PKCE [OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700].

public import Access
public import EthicoTypes
import FoundationEssentials
public import Markup

/// The identity provider, as this program talks to it. Keeps what the provider says of itself, and its keys, for an
/// hour.
public actor OIDCProvider {
  private let settings: OIDCSettings
  private let timepiece: Timepiece
  private let fetch: HTTPFetch

  private var metadata: (document: OIDCMetadata, fetchedAt: Date)?
  private var keys: (set: ProviderKeys, fetchedAt: Date)?
  private var keysRefetchedAt: Date?
  private var requestCount = 0

  private static let lifetimeSeconds: TimeInterval = 60 * 60
  /// Anybody can send a token with an unknown key: the provider is asked for new ones at most so often.
  private static let refetchSeconds: TimeInterval = 60
  private static let requestLimit = 16

  /// Asks the provider nothing yet: the first sign-in does.
  public init(settings: OIDCSettings, timepiece: Timepiece, fetch: HTTPFetch) {
    self.settings = settings
    self.timepiece = timepiece
    self.fetch = fetch
  }

  /// Begins a sign-in that leads to a page of ours.
  public func begin(returnTo path: Path) async throws(OIDCFailure) -> SignInStart {
    let provider = try await currentMetadata()
    return SignInStart(
      settings, endpoint: provider.authorization, returnPath: path.description, at: timepiece.now())
  }

  /// Finishes a sign-in.
  /// - Parameter attempt: what was stored when it began, spent just now.
  public func finish(
    _ callback: CallbackParameters, _ attempt: SignInAttempt
  ) async throws(OIDCFailure) -> OIDCIdentity {
    let age = timepiece.now().timeIntervalSince(attempt.startedAt)
    guard SignInAttempt.hash(callback.state) == attempt.stateHash, age <= SignInAttempt.lifetimeSeconds else {
      throw .attempt
    }
    let provider = try await currentMetadata()
    if callback.iss != nil || provider.namesIssuer {
      guard callback.iss == settings.issuer.text else { throw .issuerOfAnswer }
    }
    if let error = callback.error { throw .denied(Self.plain(error)) }
    guard let code = callback.code, !code.isEmpty else { throw .noCode }
    let token = try IDToken(try await exchange(code, attempt.verifier, at: provider))
    let key = try await key(of: token, provider)
    return try await token.claims(signedBy: key)
      .identity(settings, nonce: attempt.nonce, now: timepiece.now())
  }

  /// Exchanges the code for the id token [OpenID Connect Core 1.0, 3.1.3].
  private func exchange(
    _ code: String, _ verifier: String, at provider: OIDCMetadata
  ) async throws(OIDCFailure) -> String {
    var fields = [
      (name: "grant_type", value: "authorization_code"), (name: "code", value: code),
      (name: "redirect_uri", value: settings.redirectURL), (name: "code_verifier", value: verifier),
    ]
    var headers = ["Accept": "application/json"]
    if let secret = settings.clientSecret, !provider.takesSecretInForm {
      let pair = PercentCoding.encode(settings.clientID) + ":" + PercentCoding.encode(secret)
      headers["Authorization"] = "Basic " + Data(pair.utf8).base64EncodedString()
    } else {
      fields.append((name: "client_id", value: settings.clientID))
      if let secret = settings.clientSecret { fields.append((name: "client_secret", value: secret)) }
    }
    let answer = try await send(.init(.post(form: FormEncoding.text(fields)), provider.token.text, headers: headers))
    switch answer.status {
    case 200:
      guard let body = try? JSONDecoder().decode(TokenAnswer.self, from: Data(answer.body)) else { throw .noToken }
      return body.idToken
    case 400..<500:
      let problem = try? JSONDecoder().decode(TokenProblem.self, from: Data(answer.body))
      throw .codeRefused(Self.plain(problem?.error ?? "unknown"))
    default:
      throw .unreachable("status \(answer.status)")
    }
  }

  /// The key that a token names. Providers change keys: one that we do not know may be new.
  private func key(of token: IDToken, _ provider: OIDCMetadata) async throws(OIDCFailure) -> PublishedKey {
    let known = try await currentKeys(provider)
    if let key = known.key(token.keyName, for: token.algorithm) { return key }
    let now = timepiece.now()
    guard keysRefetchedAt.map({ now.timeIntervalSince($0) >= Self.refetchSeconds }) ?? true else { throw .keyUnknown }
    keysRefetchedAt = now
    guard let key = try await fetchKeys(provider).key(token.keyName, for: token.algorithm) else { throw .keyUnknown }
    return key
  }

  private func currentKeys(_ provider: OIDCMetadata) async throws(OIDCFailure) -> ProviderKeys {
    if let keys, timepiece.now().timeIntervalSince(keys.fetchedAt) < Self.lifetimeSeconds { return keys.set }
    return try await fetchKeys(provider)
  }

  private func fetchKeys(_ provider: OIDCMetadata) async throws(OIDCFailure) -> ProviderKeys {
    let set = try ProviderKeys(try await document(at: provider.keys.text))
    keys = (set, timepiece.now())
    return set
  }

  private func currentMetadata() async throws(OIDCFailure) -> OIDCMetadata {
    if let metadata, timepiece.now().timeIntervalSince(metadata.fetchedAt) < Self.lifetimeSeconds {
      return metadata.document
    }
    let body = try await document(at: OIDCMetadata.address(of: settings.issuer))
    let document = try OIDCMetadata(body, of: settings.issuer)
    metadata = (document, timepiece.now())
    return document
  }

  private func document(at url: String) async throws(OIDCFailure) -> [UInt8] {
    let answer = try await send(OutgoingRequest(.get, url, headers: ["Accept": "application/json"]))
    guard answer.status == 200 else { throw .unreachable("status \(answer.status)") }
    return answer.body
  }

  private func send(_ request: OutgoingRequest) async throws(OIDCFailure) -> IncomingAnswer {
    guard requestCount < Self.requestLimit else { throw .busy }
    requestCount += 1
    defer { requestCount -= 1 }
    do {
      return try await fetch.send(request)
    } catch {
      throw .unreachable("\(error)")
    }
  }

  /// An error code of OAuth, or a word for what is none: it goes into the audit trail.
  private static func plain(_ error: String) -> String {
    let isCode =
      (1...64).contains(error.utf8.count) && error.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
    return isCode ? error : "other"
  }

  private struct TokenAnswer: Decodable {
    let idToken: String

    private enum CodingKeys: String, CodingKey {
      case idToken = "id_token"
    }
  }

  private struct TokenProblem: Decodable {
    let error: String
  }
}
