// A client's domains through the routes: who says that one is verified, and by which the directory finds the client.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Domains of a client")
struct DomainTests {
  private typealias Item = [String: Any]

  /// Whether the directory finds Acme by these words.
  private func isFound(by words: String, _ browser: RouterClient) async throws -> Bool {
    let items = try await browser.json("/tenants?q=\(words)")["items"] as? [Item] ?? []
    return items.contains { $0["slug"] as? String == "acme-health" }
  }

  private func add(_ name: String, _ browser: RouterClient, _ access: String) async throws -> String {
    let added = try await browser.post(access + "/settings/domains", ["name": name])
    #expect(added.status == 303)
    return String(try #require(added.location?.split(separator: "?").first))
  }

  @Test("count in the directory once they are marked as verified by a proof, and no longer when that is taken back")
  func verification() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let page = try await add("Clinic.Example", browser, access)
    #expect(try await !isFound(by: "clinic.example", browser))
    let short = try await browser.post(page + "/verify", ["proof": "ok", "version": "1"])
    #expect(short.status == 422 && short.body.contains("href=\"#f-proof\""))
    let proof: KeyValuePairs<String, String> = ["proof": "TXT ethico-verify=<7f3a>", "version": "1"]
    #expect(try await browser.post(page + "/verify", proof).location == page + "?done=verified")
    #expect(try await isFound(by: "clinic.example", browser))
    #expect(try await isFound(by: "somebody%40clinic.example", browser))
    let shown = try await browser.get(page).body
    #expect(shown.contains("TXT ethico-verify=&lt;7f3a&gt;") && shown.contains("Domain verify"))
    let told = try await browser.json(page)
    #expect(told["verified"] is String && told["version"] as? Int == 2)
    let gist = { (version: String) in
      try await browser.post(
        page + "/verify", ["proof": "again", "version": version], accept: "application/json"
      ).gist
    }
    #expect(try await gist("1") == "409 stale")
    #expect(try await gist("2") == "409 bad_transition")
    #expect(try await browser.post(page + "/unverify", ["version": "2"]).status == 303)
    #expect(try await !isFound(by: "clinic.example", browser))
    #expect(try await browser.json(page)["proof"] == nil)
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', e.action, e.outcome, e.change_count, d.text) FROM audit_event e
      LEFT JOIN audit_detail d ON d.event = e.id
      WHERE e.chain = \(World.acmeHealth.id) AND e.action LIKE 'domain.%' AND e.impersonation_id IS NOT NULL
      ORDER BY e.at, e.id
      """, as: String.self)
    #expect(
      events == [
        "domain.add ok 1 clinic.example: not verified", "domain.verify failed 0",
        "domain.verify ok 1 clinic.example: TXT ethico-verify=<7f3a>", "domain.verify conflict 0",
        "domain.verify conflict 0", "domain.unverify ok 1 clinic.example: not verified any more",
      ])
  }

  @Test("are renamed, which they have to be verified after, and say so before")
  func renaming() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let page = try await add("clinic.example", browser, access)
    #expect(try await browser.post(page + "/verify", ["proof": "A letter.", "version": "1"]).status == 303)
    #expect(try await browser.get(page).body.contains("By its new name it has to be verified again"))
    let taken = try await browser.post(page + "/edit", ["name": "acme-health.example", "version": "2"])
    #expect(taken.status == 422 && taken.body.contains("a domain of this client already"))
    #expect(try await browser.post(page + "/edit", ["name": "ward.example", "version": "2"]).status == 303)
    let told = try await browser.json(page)
    #expect(told["name"] as? String == "ward.example" && told["verified"] == nil && told["proof"] == nil)
    #expect(try await !isFound(by: "clinic.example", browser))
    let stale = try await browser.post(page + "/edit", ["name": "typed.example", "version": "2"])
    #expect(stale.status == 409 && stale.body.contains("typed.example") && stale.body.contains("ward.example"))
    #expect(try await browser.post(page + "/retire", ["version": "3"]).location?.contains("/settings/domains?") == true)
    #expect(try await browser.get(page).status == 404)
  }

  @Test("are verified by Ethico alone: nobody of the client says so, by no role")
  func whose() async throws {
    let db = try await TestDatabase.make()
    for role in [ClientRole.systemAdmin, .complianceOfficer] {
      let (browser, access) = try await RouterClient.inside(db, as: try await db.address(of: role))
      let page = try await add("\(role.rawValue.split(separator: "_").joined()).example", browser, access)
      #expect(try await !browser.get(page).body.contains("Mark as verified"))
      #expect(try await browser.post(page + "/verify", ["proof": "Ours.", "version": "1"]).status == 403)
      #expect(try await browser.json(page)["verified"] == nil)
    }
  }

  @Test(
    "become verified by a proof alone, and none keeps it under another name, whoever asks the database",
    arguments: [
      ("UPDATE domain SET verified_at = now() WHERE verified_at IS NULL", "domain_proven"),
      ("UPDATE domain SET name = 'other.example' WHERE verified_at IS NOT NULL", "domain_renamed"),
      ("UPDATE domain SET proof = 'TXT a' WHERE verified_at IS NULL", "domain_proof_verified"),
    ])
  func database(_ statement: String, _ constraint: String) async throws {
    let db = try await TestDatabase.make()
    let settings = TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    let error = await #expect(throws: PostgresError.self) {
      try await db.database.transaction(.tenant, settings) { tx in _ = try await tx.execute(SQL(trusted: statement)) }
    }
    #expect(error?.constraint == constraint)
  }
}
