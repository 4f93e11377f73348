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

  /// The reference of a case of Acme's, in its three parts.
  private func reference(_ db: TestDatabase) async throws -> [String] {
    let references = try await db.superuser().query(
      .superuser, "SELECT reference FROM \"case\" WHERE tenant_id = \(World.acmeHealth.id) ORDER BY id LIMIT 1",
      as: String.self)
    return try #require(references.first).split(separator: "-").map(String.init)
  }

  @Test("opens a reference however its parts are set apart", arguments: ["-", "%20", ""])
  func reference(between: String) async throws {
    let db = try await TestDatabase.make()
    let (browser, home) = try await inside(db)
    let typed = try await reference(db).joined(separator: between).lowercased()
    let opened = try await browser.get(home + "search?q=" + typed)
    #expect(opened.status == 303 && opened.location?.hasPrefix(home + "cases/") == true)
  }

  @Test("offers the records that a number may mean, and leads on to them")
  func numbers() async throws {
    let db = try await TestDatabase.make()
    let (browser, home) = try await inside(db)
    let parts = try await reference(db)
    let whole = parts.joined(separator: "-")
    for query in [parts[1] + "-" + parts[2], parts[1] + "%20" + parts[2], parts[2], "0" + parts[2]] {
      let page = try await browser.get(home + "search?q=" + query)
      #expect(page.body.contains("href=\"\(home)search?q=\(whole)\""), "\(query)")
      #expect(!page.body.contains("Nothing matches") && !page.body.contains("0 found"), "\(query)")
      // What it is about stands beside its number.
      #expect(page.body.contains(">\(whole) · "), "\(query)")
      let offered = try await browser.json(home + "search?q=" + query)["references"] as? [String] ?? []
      #expect(offered.contains(whole) && offered.count <= 5, "\(query)")
    }
    for query in ["1999-" + parts[2], "99", "000", "999999999"] {
      let offered = try await browser.json(home + "search?q=" + query)["references"] as? [String]
      #expect(offered == [], "\(query)")
    }
    #expect(try await browser.json(home + "search?kind=note&q=" + parts[2])["references"] as? [String] == [])
  }

  @Test("offers no record by its number to whom it would not open")
  func numbersOfOthers() async throws {
    let db = try await TestDatabase.make()
    let parts = try await reference(db)
    let acting = try await db.enter(World.acmeHealth, subject: try await db.address(of: .policyAuthor))
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let found = try await browser.json("/i/\(acting.impersonation.id)/search?q=" + parts[2])
    #expect(found["references"] as? [String] == [])
  }
}
