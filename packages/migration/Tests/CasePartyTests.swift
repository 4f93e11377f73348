// Whom an imported case is about, and whom it is kept from: by number or address they are the client's people, and no
// import gives them the case.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("The people of an imported case")
struct CasePartyTests {
  private struct Worker: RowDecodable {
    let id: String
    let email: String
    let name: String

    init(row: Row) throws {
      id = try row["id"]
      email = try row["email"]
      name = try row["name"]
    }
  }

  /// Two active people who may lead, the first with a number.
  private func workers(_ db: TestDatabase) async throws -> (first: Worker, second: Worker) {
    let found = try await db.inside { tx in
      let found = try await tx.query(
        """
        SELECT id::text, email, name FROM client_user
        WHERE state = 'active' AND role = ANY(\(ClientRole.allCases.filter(\.worksCases))) ORDER BY email LIMIT 2
        """, as: Worker.self)
      try await tx.execute(
        """
        INSERT INTO employee (tenant_id, id, number, name, user_id)
        VALUES (\(World.acmeHealth.id), \(UUID()), 'N-77', 'Known Here', \(found[0].id)::uuid)
        """)
      try await tx.record("test.employee")
      return found
    }
    return (found[0], found[1])
  }

  private func told(_ db: TestDatabase, _ sql: SQL) async throws -> [String] {
    try await db.inside { tx in try await tx.query(sql, as: String.self) }
  }

  private func parties(_ db: TestDatabase, _ number: String) async throws -> [String] {
    try await told(
      db,
      """
      SELECT concat_ws(' ', p.part, p.name, p.user_id) FROM case_party p
      JOIN "case" c ON c.id = p.case_id AND c.reference = \(number)
      ORDER BY 1
      """)
  }

  private func workedOn(_ db: TestDatabase, _ number: String) async throws -> [String] {
    try await told(
      db,
      """
      SELECT a.part || ' ' || a.user_id FROM case_assignment a
      JOIN "case" c ON c.id = a.case_id AND c.reference = \(number)
      ORDER BY 1
      """)
  }

  @Test("is kept from whom its source kept it from, who neither leads it nor works on it")
  func restricted() async throws {
    let db = try await TestDatabase.make()
    let (first, second) = try await workers(db)
    let before = try await db.records()
    let batch = try await db.bring(
      .case,
      [
        .closedCase(
          1,
          [
            "restricted_persons.employee_id": ["N-77"], "restricted_persons.name": [first.name, "Somebody Else"],
            "assignee.email": first.email, "investigators.email": [first.email, second.email],
          ])
      ])
    #expect(
      try await parties(db, "EP-1") == ["restricted \(first.name) \(first.id)", "restricted Somebody Else"].sorted())
    #expect(try await workedOn(db, "EP-1") == ["member \(second.id)"])
    try await db.inside { tx in try await ImportUndo.order(batch, in: tx) }
    try await db.work()
    #expect(try await db.records() == before)
  }

  @Test("is about the client's own person whose address or number its source says, who does not lead it")
  func subjects() async throws {
    let db = try await TestDatabase.make()
    let (first, second) = try await workers(db)
    func subject(_ name: String) -> [[String: String]] { [["name": name, "role": "subject"]] }
    let open: [String: Any] = ["status": "open", "stage": "active", "assignee.email": first.email]
    func row(_ number: Int, _ name: String) -> StagedRow {
      .closedCase(number, open.merging(["parties": subject(name)]) { $1 })
    }
    try await db.bring(
      .case,
      [
        row(1, "Known <\(first.email)>"), row(2, "N-77"), row(3, first.name), row(4, second.email),
      ])
    #expect(try await parties(db, "EP-1") == ["accused Known <\(first.email)> \(first.id)"])
    #expect(try await parties(db, "EP-2") == ["accused N-77 \(first.id)"])
    // A name suggests who it is and makes nobody accused, but no import gives a case to whoever bears it.
    #expect(try await parties(db, "EP-3") == ["accused \(first.name)"])
    for number in ["EP-1", "EP-2", "EP-3"] { #expect(try await workedOn(db, number).isEmpty, "\(number)") }
    #expect(try await workedOn(db, "EP-4") == ["lead \(first.id)"])
    #expect(
      try await told(db, "SELECT reference FROM \"case\" WHERE stage = 'active' AND reference LIKE 'EP-%'") == ["EP-4"])
  }

  @Test("says nothing twice when its source says it again, and adds whom it is kept from since")
  func again() async throws {
    let db = try await TestDatabase.make()
    let (first, _) = try await workers(db)
    try await db.bring(.case, [.closedCase(1, ["restricted_persons.name": ["Somebody Else"]])])
    try await db.bring(
      .case,
      [
        .closedCase(
          1, ["restricted_persons.name": ["somebody else"], "restricted_persons.email": [first.email.uppercased()]])
      ])
    #expect(
      try await parties(db, "EP-1") == ["restricted \(first.name) \(first.id)", "restricted Somebody Else"].sorted())
  }
}
