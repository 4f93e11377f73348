// How the demo's two full clients have set themselves up: routing, domains, sign-in, branding, retention.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

struct ClientSetupSeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date

  func run() async throws {
    guard client.size != .ordinary else { return }
    let author = Seed.author(ledger.ids, at: ledger.timepiece.now()).on(client.id)
    try await ledger.tenant(by: author) { tx in
      try await route(in: tx)
      try await storeDomain(in: tx)
      try await storeSignIn(in: tx)
      try await storeBranding(in: tx)
      try await storeRetention(in: tx)
      try await tx.record("demo.configuration", detail: client.slug)
    }
  }

  private func id() -> UUID {
    let id: ID<Tenant> = ledger.ids.next(at: anchor.addingTimeInterval(-390 * 86_400))
    return UUID(uuidString: id.description) ?? UUID()
  }

  /// What is grave goes to whoever leads the triage.
  private func route(in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE category SET lead_id = (
        SELECT u.id FROM client_user u
        WHERE u.state = 'active' AND u.role IN ('triage_lead', 'compliance_officer')
        ORDER BY u.role DESC, u.name LIMIT 1)
      WHERE severity_default = 'high'
      """)
  }

  /// One that is verified came with the client; a second one waits for its record in the DNS.
  private func storeDomain(in tx: AuditedTransaction) async throws {
    let name = client.slug.split(separator: "-").joined() + "-group.example"
    try await tx.execute("INSERT INTO domain (tenant_id, id, name) VALUES (\(client.id), \(id()), \(name))")
  }

  private func storeSignIn(in tx: AuditedTransaction) async throws {
    let issuer = "https://login." + client.domain
    let secret = "demo-" + client.slug + "-not-a-real-secret"
    try await tx.execute(
      """
      INSERT INTO sso_setting (tenant_id, id, issuer, client_id, client_secret)
      VALUES (\(client.id), \(id()), \(issuer), 'ethico-portal', \(secret))
      """)
  }

  private func storeBranding(in tx: AuditedTransaction) async throws {
    let branding = id()
    let colour = client.size == .acme ? "#0b5d6b" : "#5b3a8c"
    let logo = [UInt8](Data(base64Encoded: Self.logo) ?? Data())
    try await tx.execute(
      """
      INSERT INTO branding (tenant_id, id, name, colour, logo_kind, logo_width, logo_height, logo_byte_count,
        logo_sha256)
      VALUES (\(client.id), \(branding), \(client.name), \(colour), 'png', 160, 48, \(logo.count),
        sha256(\(logo)::bytea))
      """)
    try await tx.execute(
      "INSERT INTO branding_logo (tenant_id, branding_id, content) VALUES (\(client.id), \(branding), \(logo))")
  }

  /// A ring and two bars, 160 × 48 pixels in two colours.
  private static let logo =
    "iVBORw0KGgoAAAANSUhEUgAAAKAAAAAwAQMAAACsZ+MtAAAABlBMVEX///8LXWuM4qdWAAAApElEQVR42r2TsQ3DMAwEFahQqRE8ikeTR8so"
    + "HoGlCyNvQjYCiP8JXAQhVB0E8fl8pfS/ml8CAguxDKwEC2AEJ2DnPgB3agAEbAxhhTQ98PRDcEkEsz/YovrseuYIiyufzA141/4JbnmtDIsJ"
    + "WLeb0Ko/ECWdN2/B3j3CrlOO+XX2waUATz9HeDkfYd/RCK9tBij3LhMisyRTJ/Mpkywzr3/Hz+sAy5HkmH9CavwAAAAASUVORK5CYII="

  private func storeRetention(in tx: AuditedTransaction) async throws {
    for (kind, days) in [("report", 1_095), ("disclosure", 2_555), ("attestation", 1_825)] {
      try await tx.execute(
        "INSERT INTO retention_rule (tenant_id, id, kind, days) VALUES (\(client.id), \(id()), \(kind), \(days))")
    }
  }
}
