// What counts as use: each act writes what the specification counts of it, once, with the access it was done under.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

/// A support person inside Acme, with what their acts count as.
private struct Counter {
  let db: TestDatabase
  let browser: RouterClient
  let access: String

  init() async throws {
    db = try await TestDatabase.make()
    (browser, access) = try await RouterClient.inside(db)
  }

  /// Does it, as the version that stands there asks, and says what was counted meanwhile: kind, what more it says,
  /// whether it has a day, and whether it keeps the access it happened under.
  func counted(
    _ path: String, _ fields: [(String, String)] = [], of page: String? = nil, answering status: Int = 303
  ) async throws -> [String] {
    let owner = db.superuser()
    let before = try await owner.query(.superuser, "SELECT COALESCE(max(n), 0) FROM usage_event", as: Int.self)
    var sent = fields
    if let page {
      let version = try #require(try await browser.json(page)["version"] as? Int)
      sent.append(("version", "\(version)"))
    }
    let done = try await browser.post(path, list: sent)
    #expect(done.status == status, "\(path): \(done.body)")
    let written = try await owner.query(
      .superuser,
      """
      SELECT concat_ws(' ', kind, COALESCE(attrs ->> 'feature', attrs ->> 'role', attrs ->> 'outcome'),
        CASE WHEN due_at IS NOT NULL THEN 'due' END,
        CASE WHEN impersonation::text = \(String(access.suffix(36))) THEN 'inside' ELSE 'outside' END)
      FROM usage_event
      WHERE n > \(before.first ?? 0) AND tenant_id = \(World.acmeHealth.id) AND object_id IS NOT NULL AND NOT imported
      ORDER BY n
      """, as: String.self)
    await owner.close()
    return written
  }

  func first(_ list: String) async throws -> String {
    let items = try #require(try await browser.json(access + list)["items"] as? [[String: Any]])
    return try #require(items.first?["id"] as? String)
  }

  /// Adds something that counts as those, and says where it is.
  func added(_ path: String, _ fields: [(String, String)]) async throws -> String {
    let reply = try await browser.post(access + path, list: fields)
    #expect(reply.status == 303, "\(path): \(reply.body)")
    return String(try #require(reply.location?.split(separator: "?").first))
  }

  /// An active campaign that three employees are asked in, and its attestations: where each is, and its version.
  func campaign(_ name: String) async throws -> (page: String, asked: [(page: String, version: Int)]) {
    let policy = try await first("/policies?q=Code+of+Conduct&status=published&limit=1")
    let page = try await added(
      "/campaigns",
      [
        ("name", name), ("policy", policy), ("kind", "checkbox"), ("audience", "list"),
        ("employees", "10045 10046 10047"), ("due", ClockDay.text(World.now.addingTimeInterval(30 * 86_400))),
      ])
    _ = try await counted(page + "/move", [("to", "active")], of: page)
    let items = try #require(try await browser.json(page + "/attestations")["items"] as? [[String: Any]])
    let asked = try items.map { item in
      let id = try #require(item["id"] as? String)
      return (page: page + "/attestations/" + id, version: try #require(item["version"] as? Int))
    }
    #expect(asked.count == 3)
    return (page, asked)
  }
}

@Suite("Use of a client's features")
struct UsageTests {
  @Test("a case is closed and reopened, and its reporter came back; a note, a message to them and an edit are no use")
  func cases() async throws {
    let counter = try await Counter()
    let page = counter.access + "/cases/" + (try await counter.first("/cases?stage=active&limit=1"))
    let steps: [(act: String, fields: [(String, String)], counts: [String])] = [
      ("stage", [("stage", "review")], ["feature_used case_management inside"]),
      (
        "stage", [("stage", "closed"), ("outcome", "substantiated")],
        ["case_closed substantiated due inside", "feature_used case_management inside"]
      ),
      ("stage", [("stage", "remediation")], ["feature_used case_management inside"]),
      (
        "stage", [("stage", "active"), ("reason", "A new witness.")],
        ["case_reopened due inside", "feature_used case_management inside"]
      ),
      ("messages", [("message", "It goes on."), ("direction", "from_reporter")], ["reporter_contact inside"]),
      ("messages", [("message", "Since when?"), ("direction", "to_reporter")], []),
      ("notes", [("body", "Call them."), ("visibility", "team")], []),
    ]
    for step in steps {
      #expect(
        try await counter.counted(page + "/" + step.act, step.fields, of: page) == step.counts, "\(step.fields)")
    }
  }

  @Test("a merged case is closed, and the one that goes on is not")
  func merge() async throws {
    let counter = try await Counter()
    let source = counter.access + "/cases/" + (try await counter.first("/cases?stage=active&limit=1"))
    let target = try await counter.first("/cases?stage=assigned&limit=1")
    let version = try #require(try await counter.browser.json(counter.access + "/cases/" + target)["version"] as? Int)
    let counts = try await counter.counted(
      source + "/merge", [("into", target), ("target_version", "\(version)")], of: source)
    #expect(counts == ["case_closed merged due inside", "feature_used case_management inside"])
    let closed = try await counter.db.superuser().query(
      .superuser,
      "SELECT object_id::text FROM usage_event WHERE kind = 'case_closed' AND impersonation IS NOT NULL",
      as: String.self)
    #expect(closed == [String(source.suffix(36))])
  }

  @Test("an investigation is in use once it is past new")
  func investigations() async throws {
    let counter = try await Counter()
    let address = counter.access + "/cases/" + (try await counter.first("/cases?stage=active&limit=1"))
    let found = try await counter.browser.json(address)
    let lead = try #require((found["lead"] as? [String: Any])?["id"] as? String)
    let words = [("title", "Interviews"), ("plan", "")]
    #expect(try await counter.counted(address + "/investigations", words + [("_key", "new")]) == [])
    let used = ["feature_used investigations inside"]
    #expect(
      try await counter.counted(address + "/investigations", words + [("investigator", lead), ("_key", "given")])
        == used)
    let rows = try #require(try await counter.browser.json(address)["investigations"] as? [[String: Any]])
    let fresh = try #require(rows.first { $0["state"] as? String == "new" }?["id"] as? String)
    let page = address + "/investigations/" + fresh
    #expect(try await counter.counted(page + "/assign", [("investigator", lead)], of: page) == used)
    #expect(try await counter.counted(page + "/state", [("state", "investigating")], of: page) == used)
    #expect(try await counter.counted(page + "/edit", words + [("findings", "None.")], of: page) == [])
  }

  @Test("a gift that is disclosed is use, another disclosure is none")
  func disclosures() async throws {
    let counter = try await Counter()
    let words = [("employee", "10045"), ("title", "Wine"), ("body", "Two bottles.")]
    for (kind, counts) in [("gift", ["feature_used gift_disclosures inside"]), ("coi", [])] {
      let sent = words + [("kind", kind), ("_key", kind)]
      #expect(try await counter.counted(counter.access + "/disclosures", sent) == counts, "\(kind)")
    }
  }

  @Test("a user is on and off with their role; who was only invited is neither")
  func users() async throws {
    let counter = try await Counter()
    let page = counter.access + "/people/" + (try await counter.first("/people?role=manager&state=active&limit=1"))
    let steps: [(act: String, fields: [(String, String)], counts: [String])] = [
      ("role", [("role", "investigator")], ["user_on investigator inside"]),
      ("deactivate", [], ["user_off investigator inside"]),
      ("role", [("role", "manager")], []),
      ("reactivate", [], ["user_on manager inside"]),
      ("end-sessions", [], []),
    ]
    for step in steps {
      #expect(try await counter.counted(page + "/" + step.act, step.fields, of: page) == step.counts, "\(step.act)")
    }
    let invited = try await counter.added(
      "/people", [("name", "N. Ew"), ("email", "n.ew@acme-health.example"), ("role", "manager")])
    #expect(try await counter.counted(invited + "/deactivate", of: invited) == [])
  }

  @Test("a policy is in use when a version is published, a campaign when it is active")
  func policiesAndCampaigns() async throws {
    let counter = try await Counter()
    let policy = try await counter.added(
      "/policies",
      [("title", "Drones"), ("type", "acceptable_use"), ("language", "en"), ("body", "Keep away from people.")])
    for next in ["pending_approval", "approved", "published", "retired"] {
      let counts = next == "published" ? ["feature_used policy_management inside"] : []
      #expect(try await counter.counted(policy + "/move", [("to", next)], of: policy) == counts, "\(next)")
    }
    let published = try await counter.first("/policies?q=Code+of+Conduct&status=published&limit=1")
    let campaign = try await counter.added(
      "/campaigns",
      [
        ("name", "Winter code"), ("policy", published), ("kind", "checkbox"), ("audience", "list"),
        ("employees", "10045 10046"), ("due", ClockDay.text(World.now.addingTimeInterval(30 * 86_400))),
      ])
    let active = ["feature_used attestation_campaigns inside"]
    let asked = Array(repeating: "attestation_assigned due inside", count: 2)
    #expect(try await counter.counted(campaign + "/move", [("to", "active")], of: campaign) == active + asked)
    #expect(try await counter.counted(campaign + "/move", [("to", "paused")], of: campaign) == [])
    #expect(try await counter.counted(campaign + "/move", [("to", "active")], of: campaign) == active)
  }

  @Test(
    "an attestation is given a later day, completed, skipped or withdrawn, each once; a refusal and a reminder are no use"
  )
  func attestations() async throws {
    let counter = try await Counter()
    let (campaign, asked) = try await counter.campaign("Winter code")
    let later = [("due", ClockDay.text(World.now.addingTimeInterval(60 * 86_400)))]
    let steps: [(place: Int, act: String, fields: [(String, String)], counts: [String])] = [
      (0, "remind", [], []), (0, "refuse", [("refusal", "Not in my language.")], []),
      (0, "extend", later, ["attestation_due due inside"]),
      (0, "complete", [], ["attestation_completed due inside"]),
      (1, "skip", [("reason", "On leave.")], ["attestation_skipped due inside"]),
    ]
    for step in steps {
      let page = asked[step.place].page
      #expect(try await counter.counted(page + "/" + step.act, step.fields, of: page) == step.counts, "\(step.act)")
    }
    // The same form once more is the same use.
    let form = later + [("version", "\(asked[2].version)"), ("_key", "again")]
    for counts in [["attestation_due due inside"], []] {
      #expect(try await counter.counted(asked[2].page + "/extend", form) == counts)
    }
    // Who has answered is asked no more, and nothing is withdrawn from them.
    let withdrawn = try await counter.counted(campaign + "/move", [("to", "cancelled")], of: campaign)
    #expect(withdrawn == ["attestation_withdrawn due inside"])
    let days = try await counter.db.superuser().query(
      .superuser,
      """
      SELECT u.kind FROM usage_event u
      JOIN attestation a ON a.tenant_id = u.tenant_id AND a.id = u.object_id AND a.due_at = u.due_at
      WHERE u.impersonation IS NOT NULL AND a.campaign_id = \(String(campaign.suffix(36)))::uuid
        AND u.kind <> 'attestation_assigned'
      ORDER BY u.n
      """, as: String.self)
    #expect(
      days == [
        "attestation_due", "attestation_completed", "attestation_skipped", "attestation_due", "attestation_withdrawn",
      ])
  }

  @Test("of many attestations those count that the act was done to; a campaign that ends withdraws none")
  func manyAttestations() async throws {
    let counter = try await Counter()
    let (campaign, asked) = try await counter.campaign("Summer code")
    #expect(try await counter.counted(asked[0].page + "/remind", of: asked[0].page) == [])
    // The first has another version now.
    let chosen = asked.map { ("items[]", "\($0.page.suffix(36)):\($0.version)") }
    let skip = chosen + [("act", "skip"), ("reason", "Left the company."), ("_key", "many")]
    let list = campaign + "/attestations"
    let skipped = Array(repeating: "attestation_skipped due inside", count: 2)
    #expect(try await counter.counted(list, skip, answering: 207) == skipped)
    #expect(try await counter.counted(list, skip) == [])
    #expect(try await counter.counted(campaign + "/move", [("to", "completed")], of: campaign) == [])
  }

  /// What counts, and the records of the demo that it has to equal.
  private static let past: [(use: String, records: SQL)] = [
    ("user_on", "SELECT count(*) FROM client_user WHERE state = 'active'"),
    ("sign_in", "SELECT count(*) FROM client_user WHERE last_sign_in_at IS NOT NULL"),
    ("report_received", "SELECT count(*) FROM report"),
    ("case_opened", "SELECT count(*) FROM \"case\""),
    ("case_closed", "SELECT count(*) FROM \"case\" WHERE closed_at IS NOT NULL"),
    ("reporter_contact", "SELECT count(*) FROM case_message WHERE direction = 'from_reporter'"),
    ("attestation_assigned", "SELECT count(*) FROM attestation"),
    ("attestation_completed", "SELECT count(*) FROM attestation WHERE state = 'completed'"),
    ("attestation_skipped", "SELECT count(*) FROM attestation WHERE state = 'skipped'"),
    ("case_management", "SELECT count(*) FROM \"case\" WHERE stage NOT IN ('new', 'assigned')"),
    ("investigations", "SELECT count(*) FROM investigation WHERE state <> 'new'"),
    ("policy_management", "SELECT count(*) FROM policy_version"),
    ("attestation_campaigns", "SELECT count(*) FROM campaign WHERE activated_at IS NOT NULL"),
    ("gift_disclosures", "SELECT count(*) FROM disclosure WHERE kind = 'gift'"),
  ]

  @Test("the demo's past counts as if it had been worked here: as many events as records, each at its own time")
  func demo() async throws {
    let db = try await TestDatabase.make()
    let owner = db.superuser()
    for (use, records) in Self.past {
      let counted = try await owner.query(
        .superuser,
        """
        SELECT count(*) FROM usage_event
        WHERE \(use) IN (kind, attrs ->> 'feature') AND impersonation IS NULL AND NOT imported AND at <= \(World.now)
        """, as: Int.self)
      let expected = try await owner.query(.superuser, records, as: Int.self)
      #expect(counted == expected && counted != [0], "\(use)")
    }
    let kinds = try await owner.query(
      .superuser, "SELECT DISTINCT COALESCE(attrs ->> 'feature', kind) FROM usage_event", as: String.self)
    #expect(Set(kinds) == Set(Self.past.map(\.use)))
    let wrong = try await owner.query(
      .superuser,
      """
      SELECT u.kind FROM usage_event u
      JOIN "case" c ON c.tenant_id = u.tenant_id AND c.id = u.object_id
      WHERE u.kind IN ('case_opened', 'case_closed')
        AND (u.at, u.due_at) IS DISTINCT FROM
          (CASE u.kind WHEN 'case_closed' THEN c.closed_at ELSE c.opened_at END, c.due_at)
        OR u.kind = 'case_closed' AND u.attrs ->> 'outcome' IS DISTINCT FROM c.outcome
      """, as: String.self)
    await owner.close()
    #expect(wrong.isEmpty)
  }
}
