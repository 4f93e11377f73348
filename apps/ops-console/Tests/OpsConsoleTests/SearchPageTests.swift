// The page of search: where what is found leads, and what it says it is filtered by.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("The page of search")
struct SearchPageTests: SearchSteps {
  @Test("an employee leads to the employee's own page, whether a user or not")
  func employees() async throws {
    let db = try await TestDatabase.make()
    let found = try await db.superuser().query(
      .superuser,
      "SELECT id::text FROM employee WHERE tenant_id = \(World.acmeHealth.id) ORDER BY id LIMIT 2", as: String.self)
    try await write(db, World.acmeHealth) { tx in
      for id in found { try await tx.execute("UPDATE employee SET name = \(Self.canary) WHERE id::text = \(id)") }
      try await tx.execute(
        "UPDATE employee SET user_id = (SELECT id FROM client_user ORDER BY id LIMIT 1) WHERE id::text = \(found[1])")
    }
    try await drain(db)
    let (browser, home) = try await inside(db)
    let hits = try #require(try await browser.json(home + "search?q=" + Self.canary)["items"] as? [Item])
    let paths = hits.compactMap { $0["path"] as? String }
    #expect(found.count == 2 && paths.sorted() == found.map { home + "people/employees/" + $0 }.sorted())
    for path in paths { #expect(try await browser.get(path).body.contains(Self.canary)) }
  }

  @Test("has a chip for its words and each kind, and a way to take all of them away")
  func chips() async throws {
    let db = try await TestDatabase.make()
    let (browser, home) = try await inside(db)
    let here = home + "search"
    #expect(try await !browser.get(here).body.contains("Clear filters"))
    let page = try await browser.get(here + "?q=supplier&kind=case&kind=note")
    #expect(page.body.contains("<a href=\"\(here)\">Clear filters</a>"))
    for (rest, label) in [
      ("kind=case&amp;kind=note", "“supplier”"), ("q=supplier&amp;kind=note", "Case"),
      ("q=supplier&amp;kind=case", "Note"),
    ] {
      let chips = page.body.split(separator: "class=\"chip\"").dropFirst()
      #expect(chips.contains { $0.contains("href=\"\(here)?\(rest)\"") && $0.contains(label) }, "\(label)")
    }
    let words = try await browser.get(here + "?q=zzzznothing")
    #expect(words.body.contains("Clear filters") && words.body.contains("“zzzznothing”"))
  }
}
