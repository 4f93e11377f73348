// The policies of one client: published in versions, on their way, or retired.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

struct PolicySeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date

  /// Draws from a source of its own, so that the rest of the world stays as it was.
  func run() async throws {
    var random = SplitMix64(seed: UInt64(client.id.uuid.uuid.15) &+ 61)
    let policies = PolicyTales.all.prefix(client.volume.policies).enumerated().map { index, tale in
      make(index, tale, using: &random)
    }
    try await store(policies, files: files(of: policies))
    let published = policies.map(\.row).filter { $0.status == "published" }
    try await CampaignSeed(ledger: ledger, client: client, anchor: anchor, policies: published).run(using: &random)
  }

  struct PolicyRow: Encodable, Sendable {
    let id: String
    let title: String
    let type: String
    let language: String
    let status: String
    let currentVersion: Int?
    let workingStatus: String?
    let workingTitle: String
    let workingBody: String
    let changedAt: Date
  }

  struct VersionRow: Encodable, Sendable {
    let policyID: String
    let number: Int
    let title: String
    let body: String
    let language: String
    let changeNote: String
    let publishedAt: Date
  }

  /// Where every twentieth policy stands; the first ones, which campaigns ask for, are published.
  private static let states: [(status: String, copy: String?)] = [
    ("published", nil), ("published", "draft"), ("published", nil), ("published", nil),
    ("published", "pending_approval"), ("published", nil), ("published", nil), ("draft", nil), ("published", nil),
    ("pending_approval", nil),
    ("published", nil), ("retired", nil), ("published", "approved"), ("published", nil), ("draft", nil),
    ("published", nil), ("approved", nil), ("published", nil), ("published", nil), ("retired", nil),
  ]

  private func make(
    _ index: Int, _ tale: PolicyTale, using random: inout SplitMix64
  ) -> (row: PolicyRow, versions: [VersionRow]) {
    let (status, copy) = Self.states[index % Self.states.count]
    let last = anchor.addingTimeInterval(-Double(Int.random(in: 12...300, using: &random)) * 86_400)
    let begun = last.addingTimeInterval(-Double(tale.texts.count) * 330 * 86_400)
    let made: ID<Tenant> = ledger.ids.next(at: begun)
    let id = made.description
    let isPublished = status == "published" || status == "retired"
    let texts = isPublished ? tale.texts : []
    let versions = texts.enumerated().map { number, text in
      VersionRow(
        policyID: id, number: number + 1, title: tale.title, body: text, language: tale.language,
        changeNote: PolicyTales.changeNotes[min(number, PolicyTales.changeNotes.count - 1)],
        publishedAt: last.addingTimeInterval(-Double(texts.count - 1 - number) * 330 * 86_400))
    }
    let text = isPublished ? tale.texts[tale.texts.count - 1] : tale.texts[0]
    let body =
      copy == nil
      ? text : text + "\n\nQuestions\n\nThe compliance team answers questions within two working days."
    let row = PolicyRow(
      id: id, title: tale.title, type: tale.type, language: tale.language, status: status,
      currentVersion: versions.last?.number, workingStatus: copy, workingTitle: tale.title, workingBody: body,
      changedAt: copy == nil && isPublished ? last : anchor.addingTimeInterval(-Double(index + 1) * 40_000))
    return (row, versions)
  }

  /// Every sixth published policy has its text for the notice board.
  private func files(of policies: [(row: PolicyRow, versions: [VersionRow])]) -> [SeedFile] {
    policies.enumerated().compactMap { index, policy in
      guard index % 6 == 0, policy.row.status == "published", let version = policy.versions.last else { return nil }
      let made: ID<SeedFile> = ledger.ids.next(at: version.publishedAt)
      return SeedFile(
        id: made.description, policyID: policy.row.id, fileName: "\(version.title), version \(version.number).txt",
        kind: "txt", description: "For the notice board", words: version.title + "\n\n" + version.body + "\n",
        attachedAt: version.publishedAt)
    }
  }

  private func store(
    _ policies: [(row: PolicyRow, versions: [VersionRow])], files: [SeedFile]
  ) async throws {
    let rows = try JSONText.rows(policies.map(\.row))
    let versions = try JSONText.rows(policies.flatMap(\.versions))
    let tenant = client.id
    try await ledger.tenant(by: Seed.author(ledger.ids, at: ledger.timepiece.now()).on(tenant)) { tx in
      try await tx.execute(
        """
        INSERT INTO policy (tenant_id, id, title, type, language, status, current_version, working_status,
          working_title, working_body, changed_at)
        SELECT \(tenant), id, title, type, language, status, current_version, working_status, working_title,
          working_body, changed_at
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, title text, type text, language text, status text,
          current_version integer, working_status text, working_title text, working_body text, changed_at timestamptz)
        """)
      try await tx.execute(
        """
        INSERT INTO policy_version (tenant_id, policy_id, number, title, body, language, change_note, published_at)
        SELECT \(tenant), policy_id, number, title, body, language, change_note, published_at
        FROM jsonb_to_recordset(\(versions)) AS r (policy_id uuid, number integer, title text, body text, language text,
          change_note text, published_at timestamptz)
        """)
      try await SeedFile.store(files, of: tenant, in: tx)
      try await tx.count(.policies)
      try await tx.record("demo.policies", detail: "\(policies.count) policies")
    }
  }
}
