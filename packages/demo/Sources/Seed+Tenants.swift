// The clients themselves: rows of the fleet, a thousand to an event.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// One client as a row.
private struct TenantRow: Encodable {
  let id: String
  let slug: String
  let name: String
  let status: String
  let tier: String
  let industry: String
  let employeeCount: Int
  let timezone: String
  let defaultLanguage: String
  let primaryContact: String
  let contractNumber: String
  let createdAt: Date
  let domainID: String
  let domain: String
  let lineID: String
  let line: String
}

extension Seed {
  /// Makes every client, with a verified domain and a hotline number each.
  func seedTenants(_ ledger: Ledger, _ clock: SeedClock) async throws -> [SeedClient] {
    var random = SplitMix64(seed: seed)
    var taken: Set<String> = []
    var clients: [SeedClient] = []
    var batch: [TenantRow] = []
    for index in 0..<tenants {
      let (client, row) = makeClient(index, &taken, ids: ledger.ids, using: &random)
      if index < Self.fullTenants { clients.append(client) }
      batch.append(row)
      if batch.count == 1_000 || index == tenants - 1 {
        try await store(batch, ledger)
        batch.removeAll(keepingCapacity: true)
        clock.advance(60)
        if index >= 9_999, (index + 1).isMultiple(of: 10_000) { say("\(index + 1) clients") }
      }
    }
    return clients
  }

  private func makeClient(
    _ index: Int, _ taken: inout Set<String>, ids: IDSource, using random: inout SplitMix64
  ) -> (SeedClient, TenantRow) {
    let industry: Industry = index == 0 ? .healthcare : index == 1 ? .financialServices : random.pick(Industry.allCases)
    let tier: Tier = index < 2 ? .enterprise : random.pick(weighted: [(.plg, 3), (.smb, 5), (.enterprise, 2)])
    let name = index == 0 ? "Acme Health" : index == 1 ? "Borealis Bank" : Names.company(industry, using: &random)
    let base = name.lowercased().split(separator: " ").joined(separator: "-")
    var slug = base
    var number = 2
    while !taken.insert(slug).inserted {
      slug = "\(base)-\(number + index)"
      number += 1
    }
    let created = anchor.addingTimeInterval(-Double(Int.random(in: 30...1_500, using: &random)) * 86_400)
    let known = ["0193a5c0-0000-7000-8000-000000000001", "0193a5c0-0000-7000-8000-000000000002"]
    let id: ID<Tenant> = index < 2 ? ID(known[index]) ?? ids.next(at: created) : ids.next(at: created)
    let status: TenantStatus =
      index < 2
      ? .live : random.pick(weighted: [(.live, 70), (.onboarding, 12), (.trial, 10), (.suspended, 4), (.closed, 4)])
    let employees = index == 0 ? 2_400 : employeeCount(tier, using: &random)
    let domainID: ID<Tenant> = ids.next(at: created)
    let lineID: ID<Tenant> = ids.next(at: created)
    let row = TenantRow(
      id: id.description, slug: slug, name: name, status: status.rawValue, tier: tier.rawValue,
      industry: industry.rawValue, employeeCount: employees,
      timezone: random.pick([
        "America/New_York", "America/Chicago", "Europe/Berlin", "Europe/London", "Asia/Tokyo", "UTC",
      ]),
      defaultLanguage: random.pick(weighted: [("en", 8), ("es", 2), ("de", 1), ("fr", 1)]),
      primaryContact: Names.person(using: &random), contractNumber: "C-" + String(20_000 + index),
      createdAt: created, domainID: domainID.description, domain: slug + ".example", lineID: lineID.description,
      line: "+1 800 555 " + index.padded(to: 5))
    return (fill(index, id, row, tier, status), row)
  }

  /// Draws from a source of the client's own how much is in its workspace.
  private func fill(
    _ index: Int, _ id: ID<Tenant>, _ row: TenantRow, _ tier: Tier, _ status: TenantStatus
  ) -> SeedClient {
    let size: SeedClient.Size = index == 0 ? .acme : index == 1 ? .borealis : .ordinary
    var own = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(index))
    let drawn = SeedVolume.drawn(tier: tier, employees: row.employeeCount, using: &own)
    let volume =
      switch size {
      case .acme: SeedVolume.acme
      case .borealis: SeedVolume.borealis
      case .ordinary: drawn
      }
    let told = Tales.told(in: row.defaultLanguage, worldwide: row.employeeCount > 2_000)
    return SeedClient(
      id: id, slug: row.slug, name: row.name, domain: row.domain, status: status, size: size, volume: volume,
      tales: size == .ordinary ? told : Tales.all, source: size == .ordinary ? own.next() : 0)
  }

  /// Most clients are small; a few are very large.
  private func employeeCount(_ tier: Tier, using random: inout SplitMix64) -> Int {
    let base = Double.random(in: 0..<1, using: &random)
    let scale: Double =
      switch tier {
      case .plg: 90
      case .smb: 700
      case .enterprise: 24_000
      }
    return 5 + Int(scale * base * base * base)
  }

  private func store(_ rows: [TenantRow], _ ledger: Ledger) async throws {
    let json = try JSONText.rows(rows)
    let author = Self.author(ledger.ids, at: ledger.timepiece.now())
    try await ledger.fleet(author) { tx in
      try await tx.execute(
        """
        INSERT INTO tenant (id, slug, name, status, tier, industry, employee_count, timezone, default_language,
          primary_contact, contract_number, created_at)
        SELECT id, slug, name, status, tier, industry, employee_count, timezone, default_language, primary_contact,
          contract_number, created_at
        FROM jsonb_to_recordset(\(json)) AS r (id uuid, slug text, name text, status text, tier text, industry text,
          employee_count integer, timezone text, default_language text, primary_contact text, contract_number text,
          created_at timestamptz)
        """)
      try await tx.execute(
        """
        INSERT INTO domain (tenant_id, id, name, verified_at)
        SELECT id, domain_id, domain, created_at
        FROM jsonb_to_recordset(\(json)) AS r (id uuid, domain_id uuid, domain text, created_at timestamptz)
        """)
      try await tx.execute(
        """
        INSERT INTO hotline_line (tenant_id, id, number, country)
        SELECT id, line_id, line, 'US'
        FROM jsonb_to_recordset(\(json)) AS r (id uuid, line_id uuid, line text)
        """)
      try await tx.record("tenant.create", detail: "\(rows.count) demo clients")
    }
  }
}
