// Records that were taken back and cannot come again: something else has their number by now, or what they need is gone.

import EthicoTypes
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("A record whose place is taken, or gone")
struct UndoDisplacedTests {
  private static let reason = "superseded: the number of the employee is another one's by now"

  @Test("stays away with its reason, and comes back once the number is free")
  func taken() async throws {
    let db = try await TestDatabase.make(pools: 2)
    let people = try await db.bring(.person, [.person(1), .person(2)])
    let imported = try await db.records()
    let undone = try await db.takeBack(people)
    let gifts = try await db.bring(.disclosure, [.disclosure(1, person: "P1")])
    let plan = try await db.inside { tx in try await ImportUndo.reversalPreview(undone, in: tx) }
    #expect(plan.counts == [.superseded: 1, .clean: 1] && plan.acting == 1)
    #expect(plan.samples.first { !$0.acts }?.reasons == [Self.reason])
    let reversed = try await db.inside { tx in try await ImportUndo.reverse(undone, in: tx) }
    #expect(reversed?.buckets == [.superseded: 1, .clean: 1] && reversed?.done == 1)
    _ = try await db.takeBack(gifts)
    let again = try await db.inside { tx in try await ImportUndo.reverse(undone, in: tx) }
    #expect(again?.done == 1 && again?.buckets[.superseded] == nil)
    #expect(try await db.records() == imported)
  }

  @Test("keeps what names it away, where an import had made it on the way")
  func madeOnTheWay() async throws {
    let db = try await TestDatabase.make(pools: 2)
    let gifts = try await db.bring(.disclosure, [.disclosure(1, person: "P1"), .disclosure(2, person: "P2")])
    let imported = try await db.records()
    let undone = try await db.takeBack(gifts)
    let people = try await db.bring(.person, [.person(1)])
    let reversed = try await db.inside { tx in try await ImportUndo.reverse(undone, in: tx) }
    #expect(reversed?.buckets == [.superseded: 1, .clean: 1] && reversed?.done == 1)
    _ = try await db.takeBack(people)
    let again = try await db.inside { tx in try await ImportUndo.reverse(undone, in: tx) }
    #expect(again?.done == 1 && again?.buckets[.superseded] == nil)
    #expect(try await db.records() == imported)
  }

  @Test("stays away where its policy is gone, and what was made for it goes and comes with that policy")
  func campaign() async throws {
    let db = try await TestDatabase.make(pools: 2)
    let before = try await db.records()
    let policies = try await db.bring(.policy, [.policy(1, "1")])
    let attested = try await db.bring(.attestation, [.attestation("POL-1", "P1")])
    let imported = try await db.records()
    let asked = try await db.takeBack(attested)
    let undone = try await db.takeBack(policies)
    let alone = try await db.inside { tx in try await ImportUndo.reverse(asked, in: tx) }
    #expect(alone?.buckets == [.gone: 1])
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone, in: tx) }
    _ = try await db.inside { tx in try await ImportUndo.reverse(asked, in: tx) }
    #expect(try await db.records() == imported)
    let all = UndoOptions(includeBlocked: true, includeEdited: true, reason: "It was the wrong client.")
    for options in [UndoOptions.careful, all] {
      let along = try await db.takeBack(policies, options)
      #expect(try await db.records() == before)
      #expect(try await db.layersOfCampaigns() == [false])
      _ = try await db.inside { tx in try await ImportUndo.reverse(along, in: tx) }
      #expect(try await db.records() == imported)
    }
    #expect(try await db.layersOfCampaigns() == [true])
  }
}

extension TestDatabase {
  /// Of each layer of a campaign, whether it counts.
  fileprivate func layersOfCampaigns() async throws -> [Bool] {
    try await superuser().query(
      .superuser, "SELECT undone_at IS NULL FROM migration_provenance WHERE target_table = 'campaign'", as: Bool.self)
  }

  fileprivate func takeBack(
    _ batch: ID<Batch>, _ options: UndoOptions = .careful
  ) async throws -> ID<MigrationUndo> {
    let records = try await imported(by: batch)
    let outcome = try await inside { tx in
      try await ImportUndo.carryOut(batch, records: records, options: options, in: tx)
    }
    #expect(outcome.done >= records.count)
    return outcome.undo
  }
}
