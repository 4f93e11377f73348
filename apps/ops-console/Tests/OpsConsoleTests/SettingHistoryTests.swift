// The histories of what a client sets up, on the pages that list it: what is gone is told there too.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Histories of what a client sets up")
struct SettingHistoryTests {
  /// A page from its history on.
  private func history(_ browser: RouterClient, _ page: String) async throws -> String {
    let body = try await browser.get(page).body
    let start = try #require(body.firstRange(of: "<details class=\"panel history\">"), "\(page)")
    return String(body[start.lowerBound...])
  }

  @Test("tell of domains, those that are retired among them, by Ethico and by no staff name")
  func domains() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let page = access + "/settings/domains"
    let added = try await browser.post(page, ["name": "clinic.example"])
    let clinic = String(try #require(added.location?.split(separator: "?").first))
    #expect(try await browser.post(clinic + "/verify", ["proof": "A letter.", "version": "1"]).status == 303)
    #expect(try await browser.post(clinic + "/retire", ["version": "2"]).status == 303)
    let told = try await history(browser, page)
    for act in ["Domain add", "Domain verify", "Domain retire"] { #expect(told.contains("\(act) · clinic.example")) }
    #expect(told.contains("Ethico Support") && !told.contains("Jordan Doyle"))
  }

  @Test("tell of retention rules, those that are cleared among them")
  func retention() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let page = access + "/settings/retention"
    #expect(try await browser.post(page + "/employee", ["employee": "365", "version": "0"]).status == 303)
    #expect(try await browser.post(page + "/employee", ["clear": "1", "version": "1"]).status == 303)
    let told = try await history(browser, page)
    for act in ["set", "clear"] {
      #expect(told.contains("Retention rule \(act) · Employees after they have ended"))
    }
    #expect(told.contains("365"))
  }

  @Test("tell of settings, set in the workspace or in the debug view, and of no other client’s")
  func settings() async throws {
    let db = try await TestDatabase.make()
    let (browser, access) = try await RouterClient.inside(db)
    let key = "retention.closed_case_years"
    let set = try await browser.post("\(access)/settings/\(key)", [key: "12", "version": "0"])
    #expect(set.status == 303)
    #expect(try await browser.post("\(access)/debug/configuration/\(key)/clear", ["version": "1"]).status == 303)
    let told = try await history(browser, access + "/settings")
    for act in ["set", "clear"] { #expect(told.contains("Tenant setting \(act) · Years to keep closed cases")) }
    let (other, there) = try await RouterClient.inside(db, "borealis-bank")
    #expect(try await !other.get(there + "/settings").body.contains("Tenant setting clear"))
  }
}
