// What the demo's employees disclosed, and what was decided.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

struct DisclosureSeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date

  func run() async throws {
    guard client.volume.disclosures > 0 else { return }
    let author = Seed.author(ledger.ids, at: ledger.timepiece.now()).on(client.id)
    let tenant = client.id
    try await ledger.tenant(by: author) { tx in
      let employees = try await tx.query(
        "SELECT id::text FROM employee ORDER BY number LIMIT 1000", as: String.self)
      let rows = try JSONText.rows(makeRows(employees))
      try await tx.execute(
        """
        INSERT INTO disclosure (tenant_id, id, reference, employee_id, kind, title, body, amount_minor, currency, state,
          submitted_at, decision, decided_at, expires_at, changed_at)
        SELECT \(tenant), id, reference, employee_id, kind, title, body, amount_minor, currency, state, submitted_at,
          decision, decided_at, expires_at, COALESCE(decided_at, submitted_at)
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, reference text, employee_id uuid, kind text, title text,
          body text, amount_minor bigint, currency text, state text, submitted_at timestamptz, decision text,
          decided_at timestamptz, expires_at timestamptz)
        """)
      try await tx.count(.gifts)
      try await tx.record("demo.disclosures", detail: "\(client.volume.disclosures) disclosures")
    }
  }

  private struct DisclosureRow: Encodable {
    let id: String
    let reference: String
    let employeeID: String
    let kind: String
    let title: String
    let body: String
    let amountMinor: Int?
    let currency: String?
    let state: String
    let submittedAt: Date
    let decision: String?
    let decidedAt: Date?
    let expiresAt: Date?
  }

  /// Random in its own right, so that more disclosures change nothing else of the world.
  private func makeRows(_ employees: [String]) -> [DisclosureRow] {
    var random = SplitMix64(seed: UInt64(client.volume.disclosures) &+ client.source)
    // More of them lately than long ago.
    let submitted = (0..<client.volume.disclosures).map { _ in
      let share = Double.random(in: 0...1, using: &random)
      return anchor.addingTimeInterval(-7_200 - share * share * 390 * 86_400)
    }.sorted()
    return submitted.enumerated().map { index, submitted in
      makeRow(index, submitted, employees, using: &random)
    }
  }

  private func makeRow(
    _ index: Int, _ submitted: Date, _ employees: [String], using random: inout SplitMix64
  ) -> DisclosureRow {
    let tale = random.pick(DisclosureTales.all)
    let age = anchor.timeIntervalSince(submitted) / 86_400
    let state = state(ageDays: age, using: &random)
    let decided =
      ["submitted", "under_review"].contains(state)
      ? nil : submitted.addingTimeInterval(Double.random(in: 0.2...max(0.4, min(20, age)), using: &random) * 86_400)
    let year = Calendar(identifier: .gregorian).component(.year, from: submitted)
    let id: ID<Tenant> = ledger.ids.next(at: submitted)
    return DisclosureRow(
      id: id.description, reference: "DSC-\(year)-" + (index + 1).padded(to: 5),
      employeeID: random.pick(employees), kind: tale.kind, title: tale.title, body: tale.words,
      amountMinor: tale.amount.map { $0 * 100 }, currency: tale.amount.map { _ in tale.currency }, state: state,
      submittedAt: submitted, decision: decided.map { _ in random.pick(DisclosureTales.decisions[state] ?? []) },
      decidedAt: decided, expiresAt: expiry(state, decided, using: &random))
  }

  /// Young disclosures wait; old ones are decided, and some have run out.
  private func state(ageDays: Double, using random: inout SplitMix64) -> String {
    switch ageDays {
    case ..<5: random.pick(weighted: [("submitted", 5), ("under_review", 2), ("approved", 1)])
    case ..<30: random.pick(weighted: [("submitted", 1), ("under_review", 3), ("approved", 5), ("conditions", 2)])
    default:
      random.pick(
        weighted: [("under_review", 0.3), ("approved", 7), ("conditions", 2), ("rejected", 2), ("expired", 2)])
    }
  }

  /// An approval holds for years or months beyond the present; what has expired ran out before it.
  private func expiry(_ state: String, _ decided: Date?, using random: inout SplitMix64) -> Date? {
    guard let decided else { return nil }
    switch state {
    case "expired": return decided.addingTimeInterval(min(0.8 * anchor.timeIntervalSince(decided), 180 * 86_400))
    case "approved", "conditions":
      return random.chance(0.4)
        ? anchor.addingTimeInterval(Double(Int.random(in: 20...500, using: &random)) * 86_400) : nil
    default: return nil
    }
  }
}
