// Files come in any order; what their rows refer to comes over first.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("The order of an import")
struct ImportOrderTests {
  @Test("names the batch to import first, leads to it, and refuses to import before it")
  func first() async throws {
    let desk = try await ImportDesk.open()
    let person = try #require(
      try await desk.texts("SELECT number FROM employee WHERE tenant_id = \(World.acmeHealth.id) ORDER BY 1 LIMIT 1")
        .first)
    let policies = try await desk.check(
      """
      policy_number;title;policy_type;status;effective_date;owner.email
      P-1;Code of conduct;code_of_conduct;published;2020-01-31;a@client.example

      """, named: "policies.csv")
    let attestations = try await desk.check(
      """
      policy.number;person.employee_id;status;attested_at
      P-1;\(person);completed;2021-05-31

      """, named: "attestations.csv")
    let waiting = try await desk.browser.get(attestations)
    #expect(waiting.body.contains("Import first:") && waiting.body.contains("href=\"\(policies)\""))
    #expect(waiting.body.contains("Policies of policies.csv"))
    let told = try #require(try await desk.browser.json(attestations)["awaits"] as? [[String: String]])
    let id = try #require(policies.split(separator: "/").last).description
    #expect(told == [["id": id, "entity": "policy", "state": "validated", "title": "Policies of policies.csv"]])
    #expect((try await desk.browser.json(policies)["awaits"] as? [Any])?.isEmpty == true)
    let refused = try await desk.browser.post(
      attestations + "/commit", ["version": try await desk.version(attestations), "slug": "acme-health"],
      accept: "application/json")
    #expect(try refused.gist == "409 awaits_batch")
    #expect(refused.body.contains("Import first: Policies of policies.csv."))
    try await desk.commit(policies)
    #expect(!(try await desk.browser.get(attestations).body.contains("Import first:")))
    #expect((try await desk.browser.json(attestations)["awaits"] as? [Any])?.isEmpty == true)
    try await desk.commit(attestations)
  }
}
