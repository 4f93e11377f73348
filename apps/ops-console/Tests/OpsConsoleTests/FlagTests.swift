// Feature flags: which rule decides, and what is set at one client or for all.

import Access
import EthicoTypes
import Flags
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Feature flags")
struct FlagTests {
  private typealias Item = [String: Any]

  private static let investigation = Flag.named("new_investigation_ui") ?? Flag.all[0]
  private static let acme = World.acmeHealth.id

  @Test(
    "give each client its place by the published vectors",
    arguments: [("new_investigation_ui", 1_109), ("bulk_operations", 5_813)])
  func vectors(key: String, bucket: Int) throws {
    let flag = try #require(Flag.named(key))
    #expect(flag.bucket(of: Self.acme) == bucket)
    let percent = bucket / 100
    for (share, value) in [(percent * 100, FlagValue.off), ((percent + 1) * 100, .on)] {
      let verdict = flag.evaluate(.read(FlagRule(share: share)), override: .none, tenant: Self.acme, tier: .smb)
      #expect(verdict == FlagVerdict(value: value, reason: .percentage))
    }
  }

  private static let everything = FlagRule(killSwitch: .on, tiers: [.smb], share: 0)

  @Test(
    "are decided by the first rule that applies",
    arguments: [
      (FlagReading.read(everything), FlagReading.read(FlagValue.on), FlagValue.off, FlagReason.killSwitch),
      (.read(FlagRule(tiers: [.smb], share: 0)), .read(.off), .off, .override),
      (.read(FlagRule(tiers: [.smb], share: 0)), .none, .on, .tier),
      (.read(FlagRule(tiers: [.plg], share: 10_000)), .none, .on, .percentage),
      (.read(FlagRule(share: 0)), .none, .off, .percentage),
      (.read(FlagRule()), .none, .off, .fallback),
      (.none, .none, .off, .fallback),
      (.none, .read(.on), .on, .override),
      (.unreadable, .read(.on), .off, .error),
      (.none, .unreadable, .off, .error),
    ])
  func order(
    rule: FlagReading<FlagRule>, override: FlagReading<FlagValue>, value: FlagValue, reason: FlagReason
  ) {
    let verdict = Self.investigation.evaluate(rule, override: override, tenant: Self.acme, tier: .smb)
    #expect(verdict == FlagVerdict(value: value, reason: reason))
  }

  private func inside(_ db: TestDatabase) async throws -> (RouterClient, String) {
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/acme-health/enter")
    return (browser, try #require(entered.location) + "debug/flags")
  }

  @Test("say to whom may not set one here why there is nothing to press")
  func capability() async throws {
    let db = try await TestDatabase.make()
    let (support, flags) = try await inside(db)
    #expect(try await !support.get(flags + "/bulk_operations").body.contains("You cannot flip feature flags"))
    let reader = try RouterClient(db)
    try await reader.signIn(World.supportL1)
    let page = try #require(try await reader.post("/t/acme-health/enter").location)
    let here = page + "debug/flags/bulk_operations"
    let shown = try await reader.get(here).body
    #expect(shown.contains("You cannot flip feature flags") && !shown.contains("Clear here"))
    #expect(try await reader.post(here + "/clear", ["version": "0"]).status == 403)
  }

  @Test("say why; an exception is cleared, set again, and both are in the client's trail")
  func override() async throws {
    let db = try await TestDatabase.make()
    let (browser, flags) = try await inside(db)
    let list = try await browser.json(flags)
    let reasons = try #require(list["items"] as? [Item]).map { item in
      ["key", "value", "reason"].map { item[$0] as? String ?? "" }.joined(separator: " ")
    }
    #expect(
      reasons == [
        "ai_assistant off default", "ai_case_summary off kill_switch", "bulk_operations off tenant_override",
        "campaign_calendar off default",
        "new_investigation_ui off percentage", "reporter_chat on default",
      ])
    let here = flags + "/bulk_operations"
    #expect(try await browser.get(flags).body.contains("On for 11 % of clients; this client stands at 11.09 %."))
    let page = try await browser.get(here)
    #expect(page.body.contains("Set here, for this client alone.") && page.body.contains("Clear here"))
    #expect(try await browser.post(here + "/clear", ["version": "1", "_key": "k"]).status == 303)
    #expect(try await browser.post(here + "/clear", ["version": "1", "_key": "k"]).status == 303)
    let cleared = try await browser.json(here)
    #expect(cleared["value"] as? String == "on" && cleared["reason"] as? String == "tier_rule")
    let stale = try await browser.post(here, ["value": "off", "version": "1"])
    #expect(stale.status == 409 && stale.body.contains("was changed while you looked at it"))
    #expect(try await browser.post(here, ["value": "perhaps", "version": "0"]).status == 422)
    #expect(try await browser.post(here, ["value": "off", "version": "0"]).status == 303)
    let again = try await browser.post(here, ["value": "off", "version": "1"], accept: "application/json")
    #expect(try again.gist == "409 already")
    let history = try await browser.get(here).body
    #expect(history.contains("Jordan Doyle") && history.contains("flag.clear"))
    let timeline = "/audit/accesses/" + flags.dropFirst("/i/".count).prefix(36)
    #expect(history.contains("<a href=\"\(timeline)\">access</a>"))
    #expect(history.contains("<a href=\"\(timeline)\">Jordan Doyle</a>"))
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', action, outcome, change_count) FROM audit_event
      WHERE action IN ('flag.set', 'flag.clear') AND chain = \(Self.acme) AND impersonation_id IS NOT NULL ORDER BY at
      """, as: String.self)
    #expect(
      events == [
        "flag.clear ok 1", "flag.set conflict 0", "flag.set failed 0", "flag.set ok 1", "flag.set conflict 0",
      ])
  }

  @Test("of one client are no other's, and its role cannot read what holds for all")
  func isolation() async throws {
    let db = try await TestDatabase.make()
    let fleet = try await db.ledger.fleetFlags()
    let borealis = try await db.ledger.tenant(by: db.system(World.borealisBank)) { tx in
      try await ClientFlag.all(fleet, in: tx)
    }
    #expect(borealis.allSatisfy { $0.override == .none })
    let error = await #expect(throws: PostgresError.self) {
      _ = try await db.database.query(.tenant, "SELECT count(*) FROM flag", as: Int.self)
    }
    #expect(error?.sqlState == .insufficientPrivilege)
  }

  @Test("are the same asked for by one and all together, whatever holds for all and for the client")
  func alone() async throws {
    let db = try await TestDatabase.make()
    let rules = [
      FlagRule(), FlagRule(killSwitch: .on), FlagRule(tiers: Set(Tier.allCases)), FlagRule(share: 0),
      FlagRule(share: 10_000),
    ]
    for (turn, rule) in rules.enumerated() {
      let set = try #require(try await db.ledger.fleetFlags().first { $0.flag == .bulkOperations })
      if set.rule != .read(rule) {
        try await db.ledger.set(.bulkOperations, to: rule, version: set.version, by: db.system())
      }
      for client in [World.acmeHealth, World.borealisBank] {
        let fleet = try await db.ledger.fleetFlags()
        try await db.ledger.tenant(by: db.system(client)) { tx in
          for flag in try await ClientFlag.all(fleet, in: tx) {
            #expect(try await flag.flag.isOn(in: tx) == (flag.verdict.value == .on), "\(flag.flag.key) \(turn)")
          }
        }
      }
    }
  }

  @Test("say where this release asks them, as its source does, and that the others switch nothing yet")
  func places() async throws {
    let sources = ["packages", "apps"].flatMap { folder in
      let root = URL(filePath: Repository.root).appending(path: folder)
      let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
      return (files?.compactMap { $0 as? URL } ?? []).filter {
        $0.pathExtension == "swift" && !$0.path().contains("/Tests/")
      }
    }
    let asked = try sources.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).matches(of: /Flag\.([a-z]\w+)\.isOn\(/).map { match in
        match.output.1.map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
      }
    }
    #expect(Set(asked) == Set(Flag.all.filter { $0.place != nil }.map(\.key)))
    let db = try await TestDatabase.make()
    let (browser, flags) = try await inside(db)
    let used = try await browser.get(flags + "/bulk_operations").body
    #expect(used.contains("Assigning many cases at once.") && used.contains("The list of cases"))
    #expect(!used.contains("Nothing in this release asks it"))
    #expect(try await browser.get(flags + "/reporter_chat").body.contains("Nothing in this release asks it"))
    #expect(try await browser.json(flags + "/reporter_chat")["place"] == nil)
    let admin = try RouterClient(db)
    try await admin.signIn(World.admin)
    let fleet = try await admin.get("/platform/flags/reporter_chat").body
    #expect(fleet.contains("Nothing in this release asks it"))
  }

  @Test("that this release cannot read fall back to their default and say so")
  func unreadable() async throws {
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    for statement in [
      "ALTER TABLE flag DISABLE TRIGGER USER", "UPDATE flag SET tiers = '{gold}' WHERE key = 'bulk_operations'",
    ] {
      _ = try await superuser.execute(.superuser, SQL(trusted: statement))
    }
    await superuser.close()
    let (browser, flags) = try await inside(db)
    let found = try await browser.json(flags + "/bulk_operations")
    #expect(found["value"] as? String == "off" && found["reason"] as? String == "error")
    #expect(try await browser.get(flags + "/bulk_operations").body.contains("What is set cannot be read"))
  }

  @Test("are set for all clients only by name, with the fleet's capability, on the platform's chain")
  func fleet() async throws {
    let db = try await TestDatabase.make()
    let browser = try RouterClient(db)
    try await browser.signIn(World.admin)
    let here = "/platform/flags/new_investigation_ui"
    let wanted: KeyValuePairs<String, String> = [
      "kill_switch": "off", "tiers[]": "plg", "percent": "12.5", "name": "new_investigation_ui", "version": "1",
    ]
    let unnamed = try await browser.post(
      here, ["kill_switch": "on", "percent": "101", "name": "new", "version": "1"])
    #expect(unnamed.status == 422 && unnamed.body.contains("value=\"101\""))
    for field in ["percent", "name"] { #expect(unnamed.body.contains("href=\"#f-\(field)\""), "\(field)") }
    #expect(try await browser.post(here, wanted).status == 303)
    #expect(try await browser.post(here, wanted).status == 303)
    let other = try await browser.post(
      here, ["kill_switch": "on", "name": "new_investigation_ui", "version": "1"], accept: "application/json")
    #expect(try other.gist == "409 stale")
    let shown = try await browser.get(here).body
    #expect(shown.contains("set the flag") && shown.contains("<code>flag.set</code>"))
    let now = try await browser.json(here)
    #expect(now["share"] as? Int == 1_250 && now["version"] as? Int == 2)
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', outcome, change_count) FROM audit_event
      WHERE action = 'flag.set' AND chain = \(Chain.platform) AND actor_kind = 'staff' ORDER BY at
      """, as: String.self)
    #expect(events == ["failed 0", "ok 1", "conflict 0"])
    let (support, flags) = try await inside(db)
    #expect(try await support.json(flags + "/new_investigation_ui")["value"] as? String == "on")
    let there = try await support.get(flags + "/new_investigation_ui").body
    #expect(there.contains("flag.set · for all clients") && there.contains("Percentage of clients"))
    #expect(try await !support.get(flags + "/reporter_chat").body.contains("for all clients</span>"))
    #expect(try await support.get("/platform/flags").status == 403)
  }
}
