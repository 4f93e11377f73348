// The categories of a former system are decided one by one, through the routes: none is made unasked.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Categories of a source")
struct CategoryValueTests {
  private static let csv = """
    case_number;status;reporter_type;channel;received_at;category;severity;title;summary
    EP-1;New;anonymous;Hotline;25/12/2020;theft;High;Stock;Pallets.
    EP-2;New;anonymous;Hotline;26/12/2020;Theft of time;High;Hours;Long lunches.
    EP-3;New;anonymous;Hotline;27/12/2020;Sorcery;High;Spell;A spell was cast.
    EP-4;New;anonymous;Hotline;28/12/2020;Sorcery;High;Spell;Another one.
    EP-5;New;anonymous;Hotline;29/12/2020;Weather;Low;Rain;It rained.

    """

  private struct Value {
    let index: Int
    let shown: String
    let isDecided: Bool
  }

  /// What a category of the source becomes, as the page of values has it.
  private func value(_ text: String, _ desk: ImportDesk, _ batch: String) async throws -> Value {
    let values = try #require(try await desk.browser.json(batch + "/values")["values"] as? [[String: Any]])
    let index = try #require(
      values.firstIndex { $0["value"] as? String == text && $0["target"] as? String == "category" })
    return Value(
      index: index, shown: values[index]["shown"] as? String ?? "", isDecided: values[index]["decided"] as? Bool ?? true
    )
  }

  private func decide(_ desk: ImportDesk, _ batch: String, _ fields: [(String, String)]) async throws {
    let saved = try await desk.browser.post(
      batch + "/values", list: fields + [("version", try await desk.version(batch))])
    #expect(saved.status == 303, "\(saved.body)")
    let staged = try await desk.browser.post(batch + "/stage", ["version": try await desk.version(batch)])
    #expect(staged.status == 303, "\(staged.body)")
    try await desk.work()
  }

  private func undecided(_ desk: ImportDesk, _ batch: String) async throws -> Int {
    let issues = try #require(try await desk.browser.json(batch)["issues"] as? [[String: Any]])
    return issues.filter { $0["code"] as? String == "enum.undecided" }.compactMap { $0["count"] as? Int }.reduce(0, +)
  }

  @Test("are the client's own by name, suggested by a near name, and wait for a decision else")
  func asked() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.check(Self.csv)
    let own = try await value("theft", desk, batch)
    #expect(own.shown == "Theft" && own.isDecided)
    let near = try await value("Theft of time", desk, batch)
    #expect(near.shown == "Theft" && !near.isDecided)
    let open = try await value("Sorcery", desk, batch)
    #expect(open.shown.isEmpty && !open.isDecided)
    #expect(try await undecided(desk, batch) == 4)
    let page = try await desk.browser.get(batch + "/values")
    #expect(page.body.contains("Make new categories of all 2 undecided") && page.body.contains("New category …"))
    let early = try await desk.browser.post(
      batch + "/commit", ["version": try await desk.version(batch), "slug": "acme-health"], accept: "application/json")
    #expect(try early.gist == "409 not_ready")
  }

  @Test("become new ones all at once, and come over with the cases that have them")
  func made() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.check(Self.csv)
    let near = try await value("Theft of time", desk, batch)
    let before = try await desk.texts("SELECT name FROM category ORDER BY name")
    try await decide(desk, batch, [("v\(near.index)", near.shown), ("then", "new-categories")])
    #expect(try await undecided(desk, batch) == 0)
    #expect(try await desk.texts("SELECT name FROM category ORDER BY name") == before)
    let begun = try await desk.browser.post(
      batch + "/commit", ["version": try await desk.version(batch), "slug": "acme-health"])
    #expect(begun.status == 303, "\(begun.body)")
    try await desk.work()
    let named = try await desk.texts(
      """
      SELECT c.reference || ' ' || k.name FROM "case" c
      JOIN category k ON k.tenant_id = c.tenant_id AND k.id = c.category_id
      WHERE c.reference LIKE 'EP-%'
      ORDER BY c.reference
      """)
    #expect(named == ["EP-1 Theft", "EP-2 Theft", "EP-3 Sorcery", "EP-4 Sorcery", "EP-5 Weather"])
    let after = try await desk.texts("SELECT name FROM category ORDER BY name")
    #expect(after.count == before.count + 2)
  }

  @Test("become in a later file what they became in the last one, and who reported is decided anew")
  func remembered() async throws {
    let desk = try await ImportDesk.open()
    let first = Self.csv.replacing("EP-5;New;anonymous", with: "EP-5;New;Nameless")
    let batch = try await desk.check(first)
    func reporter(_ batch: String) async throws -> [String: Any] {
      let values = try #require(try await desk.browser.json(batch + "/values")["values"] as? [[String: Any]])
      let index = try #require(values.firstIndex { $0["value"] as? String == "Nameless" })
      return values[index].merging(["index": index]) { $1 }
    }
    let (near, sorcery, weather) = (
      try await value("Theft of time", desk, batch).index, try await value("Sorcery", desk, batch).index,
      try await value("Weather", desk, batch).index
    )
    let who = try #require(try await reporter(batch)["index"] as? Int)
    #expect(try await !desk.browser.get(batch + "/values").body.contains("as last time"))
    try await decide(
      desk, batch,
      [
        ("v\(sorcery)", "=new"), ("n\(sorcery)", "Spells"), ("v\(weather)", "=reject"), ("v\(near)", "Theft"),
        ("v\(who)", "confidential"),
      ])
    try await desk.commit(batch)
    let later = try await desk.check(first.replacing("Pallets.", with: "Crates."), named: "later.csv")
    #expect(try await undecided(desk, later) == 1, "who reported")
    for (word, becomes) in ["Sorcery": "Spells", "Weather": "=reject", "Theft of time": "Theft"] {
      let known = try await value(word, desk, later)
      #expect(known.shown == becomes && known.isDecided, "\(word)")
    }
    #expect(try await reporter(later)["decided"] as? Bool == false)
    let page = try await desk.browser.get(later + "/values")
    #expect(page.body.contains("2 rows · as last time"))
    // Whoever thinks otherwise now says so.
    let again = try await value("Sorcery", desk, later).index
    try await decide(desk, later, [("v\(again)", "Theft")])
    #expect(try await value("Sorcery", desk, later).shown == "Theft")
    #expect(try await !desk.browser.get(later + "/values").body.contains("2 rows · as last time"))
  }

  @Test("take another name, nothing at all, or leave their rows behind, as somebody says")
  func chosen() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.check(Self.csv)
    let (near, sorcery, weather) = (
      try await value("Theft of time", desk, batch).index, try await value("Sorcery", desk, batch).index,
      try await value("Weather", desk, batch).index
    )
    let long = String(repeating: "x", count: 101)
    let refused = try await desk.browser.post(
      batch + "/values",
      list: [
        ("v\(sorcery)", "=new"), ("n\(sorcery)", long), ("v\(weather)", "=new"), ("n\(weather)", " "),
        ("v\(near)", "Witchcraft"), ("version", try await desk.version(batch)),
      ])
    #expect(refused.status == 422)
    for field in ["n\(sorcery)", "n\(weather)", "v\(near)"] {
      #expect(refused.body.contains("href=\"#f-\(field)\""), "\(field)")
    }
    #expect(refused.body.contains(long))
    try await decide(
      desk, batch,
      [
        ("v\(sorcery)", "=new"), ("n\(sorcery)", "Spells"), ("v\(weather)", "=reject"), ("v\(near)", "=empty"),
      ])
    #expect(try await undecided(desk, batch) == 0)
    let row = try await desk.browser.json(batch + "/rows/4")
    #expect((row["record"] as? [String: String])?["category"] == "Spells")
    let behind = try #require(try await desk.browser.json(batch)["issues"] as? [[String: Any]])
    let codes = behind.compactMap { $0["code"] as? String }
    #expect(codes.contains("enum.rejected") && codes.contains("required.missing"))
  }

  // MARK: What stands below them

  private static let nested = """
    case_number;status;reporter_type;channel;received_at;category;subcategory;title;summary
    EP-1;New;anonymous;Hotline;25/12/2020;theft;Till;Stock;Pallets.
    EP-2;New;anonymous;Hotline;26/12/2020;theft;Till;Hours;Long lunches.
    EP-3;New;anonymous;Hotline;27/12/2020;Sorcery;Spells;Spell;A spell was cast.
    EP-4;New;anonymous;Hotline;28/12/2020;Sorcery;Fraud;Spell;Another one.
    EP-5;New;anonymous;Hotline;29/12/2020;theft;Tools;Rain;It rained.
    EP-6;New;anonymous;Hotline;30/12/2020;theft;;Rain;It rained.

    """

  private func pairs(_ desk: ImportDesk, _ batch: String) async throws -> [String: (index: Int, shown: String)] {
    let values = try #require(try await desk.browser.json(batch + "/values")["values"] as? [[String: Any]])
    var pairs: [String: (index: Int, shown: String)] = [:]
    for (index, value) in values.enumerated() {
      guard let above = value["above"] as? String, let word = value["value"] as? String else { continue }
      let (count, shown) = (value["count"] as? Int ?? 0, value["shown"] as? String ?? "")
      pairs["\(above) › \(word): \(count)"] = (index, shown)
    }
    return pairs
  }

  @Test("are asked about with what stands below them: each pair by itself, with how often, and none made unasked")
  func below() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.check(Self.nested)
    let pairs = try await pairs(desk, batch)
    #expect(
      pairs.keys.sorted() == ["Sorcery › Fraud: 1", "Sorcery › Spells: 1", "theft › Till: 2", "theft › Tools: 1"])
    // A name that the client has elsewhere is offered, and no more than that.
    let frauds = try await desk.texts("SELECT name FROM category WHERE name ILIKE 'fraud%'")
    #expect(pairs["Sorcery › Fraud: 1"].map(\.shown) == frauds.first { $0 == "Fraud" } ?? "")
    #expect(try await undecided(desk, batch) == 7)
    let page = try await desk.browser.get(batch + "/values")
    #expect(page.body.contains("New category below “Theft” …"))
    #expect(page.body.contains("from the column “<span dir=\"auto\">category</span>”"))
    #expect(page.body.contains("New category below what its category becomes …"))
    let early = try await desk.browser.post(
      batch + "/commit", ["version": try await desk.version(batch), "slug": "acme-health"], accept: "application/json")
    #expect(try early.gist == "409 not_ready")

    let sorcery = try await value("Sorcery", desk, batch).index
    let (till, spells, fraud, tools) = (
      try #require(pairs["theft › Till: 2"]).index, try #require(pairs["Sorcery › Spells: 1"]).index,
      try #require(pairs["Sorcery › Fraud: 1"]).index, try #require(pairs["theft › Tools: 1"]).index
    )
    let before = try await desk.texts("SELECT name FROM category ORDER BY name")
    try await decide(
      desk, batch,
      [
        ("v\(sorcery)", "=new"), ("n\(sorcery)", "Witchcraft"), ("v\(till)", "=new"), ("n\(till)", "Tills"),
        ("v\(spells)", "=new"), ("n\(spells)", "Spells"), ("v\(fraud)", "Harassment"), ("v\(tools)", "=empty"),
      ])
    #expect(try await undecided(desk, batch) == 0)
    #expect(try await desk.texts("SELECT name FROM category ORDER BY name") == before)
    let kept = try await desk.browser.json(batch + "/rows/6")
    #expect((kept["legacy"] as? [String: String])?["subcategory"] == "Tools")
    let begun = try await desk.browser.post(
      batch + "/commit", ["version": try await desk.version(batch), "slug": "acme-health"])
    #expect(begun.status == 303, "\(begun.body)")
    try await desk.work()
    let named = try await desk.texts(
      """
      SELECT concat_ws(' ', c.reference, p.name, k.name) FROM "case" c
      JOIN category k ON k.tenant_id = c.tenant_id AND k.id = c.category_id
      LEFT JOIN category p ON p.tenant_id = k.tenant_id AND p.id = k.parent_id
      WHERE c.reference LIKE 'EP-%'
      ORDER BY c.reference
      """)
    #expect(
      named == [
        "EP-1 Theft Tills", "EP-2 Theft Tills", "EP-3 Witchcraft Spells", "EP-4 Harassment", "EP-5 Theft",
        "EP-6 Theft",
      ])
  }

  @Test("take no further one below what stands below another one, whoever asks for it")
  func twoLevels() async throws {
    let desk = try await ImportDesk.open()
    try await desk.db.ledger.tenant(by: desk.db.system(World.acmeHealth)) { tx in
      try await tx.execute(
        """
        INSERT INTO category (tenant_id, id, parent_id, code, name, position)
        SELECT tenant_id, gen_random_uuid(), id, 'THF-1', 'Tools', 99 FROM category WHERE name = 'Theft'
        """)
      try await tx.record("category.add")
    }
    let csv = Self.nested.replacing("Sorcery;Spells", with: "Tools;Spells").replacing(
      "Sorcery;Fraud", with: "theft;tools")
    let batch = try await desk.check(csv)
    let pairs = try await pairs(desk, batch)
    // What the client has below its category is settled by its name.
    #expect(pairs["theft › Tools: 1"]?.shown == "Tools" && pairs["theft › tools: 1"]?.shown == "Tools")
    let spells = try #require(pairs["Tools › Spells: 1"])
    let refused = try await desk.browser.post(
      batch + "/values",
      list: [("v\(spells.index)", "=new"), ("n\(spells.index)", "Spells"), ("version", try await desk.version(batch))])
    #expect(refused.status == 422 && refused.body.contains("takes none below itself"))
    let all = try await desk.browser.post(
      batch + "/values",
      list: [("then", "new-categories"), ("version", try await desk.version(batch))])
    #expect(all.status == 303)
    #expect(try await self.pairs(desk, batch)["Tools › Spells: 1"]?.shown.isEmpty == true)
  }
}
