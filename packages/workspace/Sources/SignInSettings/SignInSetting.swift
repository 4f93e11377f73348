// How a client's people sign in by their own provider. The secret is read in one place, and only to be revealed.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

/// The provider that a client's people sign in by, without its secret.
struct SignInSetting: Sendable, Hashable {
  let id: ID<SignInSetting>
  let issuer: String
  let clientID: String
  let version: Int

  var object: AuditObject { AuditObject("sso_setting", id) }

  /// The stored values, as the form shows them: never the secret.
  var fields: [(name: String, value: String)] {
    [("issuer", issuer), ("client_id", clientID)]
  }
}

/// A secret that somebody asked to see.
struct RevealedSecret: Sendable, Hashable {
  let text: String
}

/// The provider as somebody wants it, checked.
struct SignInDraft: Sendable, Hashable {
  let issuer: String
  let clientID: String
  /// `nil` leaves the stored one.
  let secret: String?

  static let issuerLimit = 500
  static let clientIDLimit = 200
  static let secretLengths = 8...500

  /// - Parameter stored: what there is now; without it a secret is needed.
  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields, over stored: SignInSetting?) throws {
    var errors: [FieldError] = []
    issuer = fields["issuer"] ?? ""
    if !Self.isIssuer(issuer) {
      errors.append(FieldError("issuer", "Write the issuer's address, as https://login.example.com, without query."))
    }
    clientID = fields["client_id"] ?? ""
    let isOneWord = !clientID.contains { $0.isWhitespace || $0.isControl }
    if clientID.isEmpty || clientID.unicodeScalars.count > Self.clientIDLimit || !isOneWord {
      errors.append(
        FieldError("client_id", "Write the client id: 1 to \(Self.clientIDLimit) characters without spaces."))
    }
    secret = fields.given("client_secret")
    if let secret {
      let isSecret =
        Self.secretLengths.contains(secret.unicodeScalars.count) && !secret.contains(where: \.isControl)
      if !isSecret {
        let lengths = "\(Self.secretLengths.lowerBound) to \(Self.secretLengths.upperBound)"
        errors.append(FieldError("client_secret", "A client secret has \(lengths) characters on one line."))
      }
    } else if stored == nil {
      errors.append(FieldError("client_secret", "Write the client secret."))
    }
    guard errors.isEmpty else { throw Invalid(errors) }
  }

  /// An https address without query and fragment [OpenID Connect Discovery 1.0, 3].
  private static func isIssuer(_ text: String) -> Bool {
    guard text.utf8.count <= issuerLimit, text.allSatisfy({ $0.isASCII && !$0.isWhitespace && !$0.isControl }),
      let address = URLComponents(string: text)
    else { return false }
    return address.scheme == "https" && !(address.host ?? "").isEmpty && address.query == nil
      && address.fragment == nil && address.user == nil && address.password == nil
  }
}

/// Why the provider was left as it was.
enum SignInRefusal: Refusal, Hashable {
  case stale

  var setback: Setback {
    switch self {
    case .stale:
      .stale(
        "The sign-in",
        advice: "Nothing of yours was saved. What is stored now is below, and what you typed is still in the form, "
          + "but for the secret.")
    }
  }
}

extension SignInSetting {
  /// The provider; `nil` where people sign in without one.
  static func find(in tx: AuditedTransaction) async throws -> SignInSetting? {
    try await tx.first("SELECT id, issuer, client_id, version FROM sso_setting", as: SignInSetting.self)
  }

  /// The same, for a rule that is about to change it: throws when somebody saved it after version `seen`.
  static func hold(_ seen: Int, in tx: AuditedTransaction) async throws -> SignInSetting? {
    let found = try await tx.first(
      "SELECT id, issuer, client_id, version FROM sso_setting FOR UPDATE", as: SignInSetting.self)
    guard (found?.version ?? 0) == seen else { throw SignInRefusal.stale }
    return found
  }

  /// Sets up the provider, or changes it.
  static func save(_ draft: SignInDraft, over stored: SignInSetting?, in tx: AuditedTransaction) async throws {
    guard let stored else { return try await insert(draft, in: tx) }
    try await tx.execute(
      """
      UPDATE sso_setting SET issuer = \(draft.issuer), client_id = \(draft.clientID),
        client_secret = COALESCE(\(draft.secret), client_secret)
      WHERE id = \(stored.id)
      """)
    try await tx.record("sso_setting.edit", object: stored.object, status: 303, detail: draft.issuer)
  }

  /// Of two who set it up at once, the second has seen none and is told so.
  private static func insert(_ draft: SignInDraft, in tx: AuditedTransaction) async throws {
    let id: ID<SignInSetting> = tx.newID()
    do {
      try await tx.execute(
        """
        INSERT INTO sso_setting (tenant_id, id, issuer, client_id, client_secret)
        VALUES (\(tx.author.tenant), \(id), \(draft.issuer), \(draft.clientID), \(draft.secret))
        """)
    } catch let error as PostgresError where error.constraint == "sso_setting_once" {
      throw SignInRefusal.stale
    }
    try await tx.record("sso_setting.edit", object: AuditObject("sso_setting", id), status: 303, detail: draft.issuer)
  }

  /// Forgets the provider and its secret: people sign in without it.
  func retire(in tx: AuditedTransaction) async throws {
    try await tx.execute("DELETE FROM sso_setting WHERE id = \(id)")
    try await tx.record("sso_setting.retire", object: object, status: 303, detail: issuer)
  }

  /// The one place that reads the secret; whoever calls it writes the event `reveal.secret`.
  func revealSecret(in tx: AuditedTransaction) async throws -> RevealedSecret {
    let found = try await tx.first("SELECT client_secret FROM sso_setting WHERE id = \(id)", as: String.self)
    guard let text = found else { throw RecordMissing() }
    return RevealedSecret(text: text)
  }
}

extension SignInSetting: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    issuer = try row["issuer"]
    clientID = try row["client_id"]
    version = try row["version"]
  }
}
