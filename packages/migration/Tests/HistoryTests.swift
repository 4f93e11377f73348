// What a former system's trail may say of whoever reported: that they did something, never who they are.

import EthicoTypes
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Who reported, in a former system's trail")
struct HistoryTests {
  private static let known = [
    "reporter_type": "identified", "reporter_name": "Rita Roe", "reporter_email": "rita@example.org",
    "reporter_phone": "+49 30 123456",
  ]

  @Test("calls them the reporter by whatever the report calls them, and everybody else by their name")
  func actors() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1, Self.known), .closedCase(2)])
    try await db.bring(
      .auditEvent,
      [
        .event(1, on: "EP-1", actor: " RITA roe "), .event(2, on: "EP-1", actor: "Rita@Example.org"),
        .event(3, on: "EP-1", actor: "+49 30 123456"), .event(4, on: "EP-1", actor: "Rita"),
        .event(5, on: "EP-1", actor: "R. R.", ["actor.email": "rita@example.org"]),
        .event(6, on: "EP-1", actor: "Joe Desk"), .event(7, on: "EP-2", actor: "Joe Desk"),
      ])
    let told = try await db.superuser().query(
      .superuser, "SELECT event_key || ' ' || actor FROM imported_history ORDER BY event_key", as: String.self)
    #expect(
      told == [
        "A1 reporter", "A2 reporter", "A3 reporter", "A4 Rita", "A5 reporter", "A6 Joe Desk", "A7 reporter",
      ])
  }

  @Test("repeats no address where they stay anonymous, or nobody knows yet whether they do")
  func addresses() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.case, [.closedCase(1), .closedCase(2, Self.known)])
    let said = ["comment": "Write to desk@example.org.", "old_value": "Ring 030 1234-5678.", "new_value": "High"]
    var steps = (1...3).map { StagedRow.event($0, on: ["EP-1", "EP-2", "EP-9"][$0 - 1], actor: "Joe Desk", said) }
    for step in steps.indices { steps[step].legacy = ["Callback": "0301234567890", "Desk": "Third"] }
    try await db.bring(.auditEvent, steps)
    let told = try await db.superuser().query(
      .superuser, "SELECT concat_ws(' | ', comment, old_value, new_value) FROM imported_history ORDER BY event_key",
      as: String.self)
    #expect(
      told == [
        "«withheld» | «withheld» | High", "Write to desk@example.org. | Ring 030 1234-5678. | High",
        "«withheld» | «withheld» | High",
      ])
    let kept = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' | ', legacy_fields ->> 'Callback', legacy_fields ->> 'Desk') FROM migration_provenance
      WHERE target_table = 'imported_history' ORDER BY source_record_id
      """, as: String.self)
    #expect(kept == ["«withheld» | Third", "0301234567890 | Third", "«withheld» | Third"])
  }

  @Test("takes for an address what the reading of a row takes for one")
  func addressPattern() async throws {
    let db = try await TestDatabase.make()
    for text in [
      "a@b.co", "a+b_c%d.e-f@g-h.i.jk", "a@b", "a@b.c", "@b.co", "a@..co", "a@b..c1.de", "a@b.c1d", "x @y a@b.org",
      "é@b.co", "12345 6789", "123456789", "1        2", "1       2",
      "+49 (30) 12/34.5", "12345x67890", "12345-----", "2021-12-25", "High", "",
      "Ask (030) 123 45-678.", "1(2)3/4.5-6 7 8-9", "1 2 3 4 5 6 7 8", "12345678 and 9", "of 1 to 9, 8 to 1",
    ] {
      let found = try await db.count("SELECT \(fragment: HistoryImport.holdsAddress("\(text)::text"))::integer")
      #expect((found == 1) == CellText.holdsAddress(text), "\(text)")
    }
  }
}
