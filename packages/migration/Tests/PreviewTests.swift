// Which rows a preview shows, and that it reads no more than these however many there are.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("The rows of a preview")
struct PreviewTests {
  @Test("are ten, twenty, five, five and ten, and none of them twice")
  func once() {
    let choice = PreviewChoice(
      [
        .first: Array(1...10), .issues: Array(5...40), .longest: [3, 20, 7, 50, 51, 52, 53, 54, 55],
        .rarest: [50, 1, 60, 61, 62, 63, 64, 65], .random: Array(1...200),
      ], within: 1...200)
    #expect(PreviewSample.allCases.map { choice.numbers($0).count } == [10, 10, 5, 5, 20])
    let all = PreviewSample.allCases.flatMap(choice.numbers)
    #expect(Set(all).count == 50)
    #expect(choice.numbers(.issues) == Array(11...20) && choice.numbers(.longest) == [50, 51, 52, 53, 54])
    #expect(choice.numbers(.rarest) == [60, 61, 62, 63, 64])
  }

  @Test("are all there are in a small batch")
  func few() {
    let choice = PreviewChoice([.first: [2, 3], .longest: [3, 2], .random: [3, 3, 2]], within: 2...3)
    #expect(PreviewSample.allCases.flatMap(choice.numbers) == [2, 3])
  }

  @Test("are picked at random from all over a batch, and are the same each time")
  func seed() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.stage(.case, (1...200).map { StagedRow.closedCase($0) })
    let choice = try await db.inside { tx in try await PreviewChoice.of(batch, nil, [], in: tx) }
    #expect(try await db.inside { tx in try await PreviewChoice.of(batch, nil, [], in: tx) } == choice)
    let picks = choice.numbers(.random)
    #expect(picks.count == 20 && picks.contains { $0 > 100 } && picks.contains { $0 <= 100 })
  }

  @Test("are found by indexes alone, in a batch that has many rows and an issue in each")
  func plans() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.stage(.case, [.closedCase(1)])
    try await db.inside { tx in
      try await tx.execute(
        """
        INSERT INTO migration_staged_row (tenant_id, batch_id, row_no, cells, parsed, content_hash)
        SELECT tenant_id, batch_id, n, cells, parsed, content_hash
        FROM migration_staged_row CROSS JOIN generate_series(2, 20000) AS n
        WHERE batch_id = \(batch)
        """)
      try await tx.execute(
        """
        INSERT INTO migration_row_issue (tenant_id, batch_id, row_no, code, level)
        SELECT \(World.acmeHealth.id), \(batch), n, c.code, c.level
        FROM generate_series(1, 20000) AS n
        CROSS JOIN (VALUES ('ref.placeholder', 'warning'), ('null_token', 'info')) AS c (code, level)
        """)
      try await tx.record("migration.validate", object: Batch.object(batch))
    }
    let superuser = try await db.superuser()
    _ = try await superuser.execute(.superuser, "ANALYZE migration_staged_row, migration_row_issue")
    await superuser.close()
    let questions: [SQL] = [
      PreviewChoice.ends(of: batch), PreviewChoice.first(of: batch), PreviewChoice.known([3, 19_000], of: batch),
      PreviewChoice.next(to: [7, 12_000, 19_999], of: batch), PreviewChoice.broken([.refPlaceholder], of: batch),
    ]
    for question in questions {
      let plan = try await db.inside { tx in
        try await tx.query("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) \(fragment: question)", as: String.self)
      }
      let text = plan.joined(separator: "\n")
      #expect(text.contains("Index") && !text.contains("Seq Scan on migration"), "\(text)")
      // However many rows there are, no step of it sees more than the candidates.
      let seen = text.matches(of: #/(?:actual rows=|Removed by Filter: )([0-9]+)/#).compactMap { Int($0.1) }
      #expect(!seen.isEmpty && seen.allSatisfy { $0 <= 60 }, "\(text)")
    }
    let found = try await db.inside { tx in
      try await tx.query(PreviewChoice.next(to: [19_999, 7, 20_001], of: batch), as: Int.self)
    }
    #expect(found == [19_999, 7])
  }
}
