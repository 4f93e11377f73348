// Bringing a staff person in from the command line: how the first administrator comes to be.

public import EthicoTypes
import FoundationEssentials
public import Postgres

extension Ledger {
  /// Adds a person with the capabilities of a preset; `staff.invite` on the platform's chain.
  public func addStaff(
    email: String, name: String, preset: String, timezone: String = "UTC", by author: Author
  ) async throws -> ID<Staff> {
    let email = email.lowercased()
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), email.utf8.count <= 254 else {
      throw StaffRefusal.emailUnreadable(email)
    }
    guard (1...StaffInvitation.nameLimit).contains(name.unicodeScalars.count), !name.contains(where: \.isNewline) else {
      throw StaffRefusal.nameUnreadable(name)
    }
    let presets = try await capabilityPresets().map(\.name)
    guard presets.contains(preset) else { throw StaffRefusal.unknownPreset(preset, known: presets) }
    do {
      return try await fleet(author) { tx in
        let id: ID<Staff> = tx.newID()
        try await tx.execute(
          """
          INSERT INTO staff (id, email, name, timezone)
          VALUES (\(id), \(email), \(name), \(timezone))
          """)
        let capabilities = try await tx.query(
          "SELECT capability FROM capability_preset WHERE preset = \(preset) ORDER BY capability", as: String.self)
        for capability in capabilities {
          let grant: ID<StaffGrant> = tx.newID()
          try await tx.execute(
            """
            INSERT INTO staff_grant (id, staff_id, capability, preset, granted_at, granted_by, rationale)
            VALUES (\(grant), \(id), \(capability), \(preset), \(tx.at), \(tx.author.actorText),
              'added with its preset')
            """)
        }
        try await tx.record("staff.invite", object: StaffRecord.object(id), detail: name)
        return id
      }
    } catch let error as PostgresError where error.constraint == "staff_email" {
      throw StaffRefusal.emailTaken(email)
    }
  }

  /// Binds an invited person to their identity at the provider, once; `nil` when there is nobody to bind or the
  /// person is bound to another identity. Identity is (issuer, subject), never the address [OpenID Connect Core,
  /// 5.7].
  public func bindIdentity(
    issuer: String, subject: String, verifiedEmail: String?, request: RequestFacts
  ) async throws -> String? {
    let known = try await database.query(
      .fleet, "SELECT email FROM staff WHERE oidc_issuer = \(issuer) AND oidc_subject = \(subject)", as: String.self)
    if let email = known.first { return email }
    guard let email = verifiedEmail?.lowercased() else { return nil }
    return try await fleet(Author(.system("sign-in"), request: request)) { tx in
      let bound = try await tx.query(
        """
        UPDATE staff SET oidc_issuer = \(issuer), oidc_subject = \(subject)
        WHERE email = \(email) AND oidc_issuer IS NULL AND state = 'active'
        RETURNING id
        """, as: ID<Staff>.self)
      guard let id = bound.first else { return nil }
      try await tx.record("staff.bind", object: AuditObject("staff", id))
      return email
    }
  }

  /// The people a demo offers to sign in as, with what they may do.
  public func demoPeople() async throws -> [Staff] {
    try await database.query(
      .fleet,
      """
      SELECT p.id, p.email, p.name, p.timezone, p.single_keys,
        ARRAY (
          SELECT g.capability FROM staff_grant g
          WHERE g.staff_id = p.id AND \(fragment: StaffGrant.counts(at: timepiece.now()))
        ) AS capabilities
      FROM staff p
      WHERE p.state = 'active' AND p.email LIKE '%@ethico.example'
      ORDER BY p.created_at, p.id
      LIMIT 20
      """, as: Staff.self)
  }
}

extension Author {
  /// The actor as rows name it: `staff:<id>`.
  var actorText: String { actor.kind + ":" + actor.id }
}

extension Staff: RowDecodable {
  /// Reads the person with `capabilities`, to which `tenant.read` is added, as everybody has it.
  public init(row: Row) throws {
    let capabilities: [String] = try row["capabilities"]
    let singleKeys: String = try row["single_keys"]
    self.init(
      id: try row["id"], email: try row["email"], name: try row["name"], timezone: try row["timezone"],
      capabilities: Set(capabilities.compactMap(Capability.init(rawValue:))).union([.tenantRead]),
      singleKeys: singleKeys == "off" ? .off : .on)
  }
}
