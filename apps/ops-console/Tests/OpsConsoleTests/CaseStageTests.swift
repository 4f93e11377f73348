// The stages of a case: the page offers the moves that the table of them has, and neither it nor the database makes
// another.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("The stages of a case")
struct CaseStageTests {
  private struct Undone: Error {}

  static let stages = ["new", "assigned", "active", "review", "closed", "remediation", "archived"]

  /// A case of Acme in that stage that was merged into no other, and the stages that the table lets it move to.
  private func some(_ stage: String, _ db: TestDatabase) async throws -> (id: ID<Tenant>, moves: Set<String>) {
    let superuser = db.superuser()
    let ids = try await superuser.query(
      .superuser,
      """
      SELECT id FROM "case"
      WHERE tenant_id = \(World.acmeHealth.id) AND stage = \(stage) AND merged_into IS NULL ORDER BY id LIMIT 1
      """, as: ID<Tenant>.self)
    let moves = try await superuser.query(
      .superuser, "SELECT to_stage FROM case_stage_move WHERE from_stage = \(stage)", as: String.self)
    await superuser.close()
    return (try #require(ids.first), Set(moves))
  }

  /// Which constraint refuses a statement of an audited transaction, which is then undone; `nil` where none does.
  private func refusal(of statement: SQL, _ db: TestDatabase) async throws -> String? {
    do {
      try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        #expect(try await tx.execute(statement) > 0)
        try await tx.record("test.move")
        throw Undone()
      }
      return nil
    } catch is Undone {
      return nil
    } catch let error as PostgresError {
      return error.constraint ?? error.description
    }
  }

  @Test("the page offers the moves of the table", arguments: stages)
  func offered(stage: String) async throws {
    let cases = try await Cases()
    let (id, moves) = try await some(stage, cases.db)
    let page = cases.access + "/cases/\(id)"
    let told = try #require(try await cases.browser.json(page)["next_stages"] as? [String])
    #expect(told.count == moves.count && Set(told) == moves)
    let body = try await cases.browser.get(page).body
    let choices = body.matches(of: #/name="stage" value="([a-z]+)"/#).map { String($0.output.1) }
    // Whoever gives a new case a lead assigns it by that: it has a form of its own.
    let chosen = stage == "new" ? moves.subtracting(["assigned"]) : moves
    #expect(choices.count == chosen.count && Set(choices) == chosen)
  }

  @Test("a move that the table lacks is refused by the page and by the database, no other is", arguments: stages)
  func moves(stage: String) async throws {
    let cases = try await Cases()
    let (id, moves) = try await some(stage, cases.db)
    let page = cases.access + "/cases/\(id)"
    let version = String(try #require(try await cases.browser.json(page)["version"] as? Int))
    for next in Self.stages where next != stage {
      let refusal = try await refusal(
        of: """
          UPDATE "case" SET stage = \(next), outcome = COALESCE(outcome, 'inconclusive'), closed_at = \(World.now)
          WHERE id = \(id)
          """, cases.db)
      #expect(refusal == (moves.contains(next) ? nil : "case_stage_move"), "\(stage) → \(next)")
      guard !moves.contains(next) else { continue }
      let reply = try await cases.browser.post(
        page + "/stage", ["stage": next, "outcome": "inconclusive", "reason": "Because.", "version": version],
        accept: "application/json")
      #expect(try reply.gist == "409 bad_transition", "\(stage) → \(next)")
    }
  }

  @Test("no case is closed without an outcome, by the page or by the database")
  func outcome() async throws {
    let cases = try await Cases()
    let (id, _) = try await some("active", cases.db)
    let page = cases.access + "/cases/\(id)"
    let version = String(try #require(try await cases.browser.json(page)["version"] as? Int))
    let reply = try await cases.browser.post(
      page + "/stage", ["stage": "closed", "version": version], accept: "application/json")
    #expect(try reply.gist == "422 invalid")
    #expect(
      try await refusal(of: "UPDATE \"case\" SET stage = 'closed' WHERE id = \(id)", cases.db) == "case_closed_outcome")
    for stage in ["closed", "remediation", "archived"] {
      let (id, _) = try await some(stage, cases.db)
      #expect(
        try await refusal(of: "UPDATE \"case\" SET outcome = NULL WHERE id = \(id)", cases.db) == "case_closed_outcome")
    }
  }

  @Test("past new a case has a lead whoever writes: looked at when the transaction commits")
  func lead() async throws {
    let cases = try await Cases()
    let (new, _) = try await some("new", cases.db)
    let (active, _) = try await some("active", cases.db)
    let attempts: [SQL] = [
      "UPDATE \"case\" SET stage = 'assigned' WHERE id = \(new)",
      """
      UPDATE case_assignment SET ended_at = \(World.now)
      WHERE case_id = \(active) AND part = 'lead' AND ended_at IS NULL
      """,
    ]
    for attempt in attempts {
      #expect(try await refusal(of: attempt, cases.db) == nil)
      let error = await #expect(throws: PostgresError.self) { try await cases.execute(attempt) }
      #expect(error?.constraint == "case_needs_lead")
    }
  }
}
