// What only all rows of a batch, the client's records and the archives together show, found before anything is
// imported.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Rules that look beyond their row")
struct SetRuleTests {
  /// Checks a batch anew; its issues as `row code value`, and what becomes of its rows.
  private func check(
    _ db: TestDatabase, _ id: ID<Batch>, _ archive: ArchiveContents = ArchiveContents()
  ) async throws -> (issues: [String], decisions: [StagedDecision: Int]) {
    try await db.inside { tx in
      let counts = try await SetRules.of(id, in: tx).decide(archive, in: tx)
      try await tx.record("migration.validate", object: Batch.object(id))
      let issues = try await tx.query(
        """
        SELECT concat_ws(' ', row_no, code, value) FROM migration_row_issue WHERE batch_id = \(id)
        ORDER BY row_no, code, value
        """, as: String.self)
      return (issues, counts.byDecision)
    }
  }

  private func attestation(_ number: Int, policy: String, person: String = "E-1") -> StagedRow {
    StagedRow(
      key: "nk:\(number)",
      fields: [
        "policy.number": policy, "person.employee_id": person, "person.name": "Ann Odd", "status": "completed",
        "attested_at": "2021-05-01T00:00:00Z", "campaign_name": "Code 2021",
      ])
  }

  private func policy() -> StagedRow {
    StagedRow(
      key: "P-1 / 1",
      fields: [
        "policy_number": "P-1", "version_label": "1", "title": "Code", "policy_type": "code_of_conduct",
        "status": "published", "effective_date": "2020-01-01", "owner.email": "a@client.example",
      ])
  }

  private func file(_ number: Int, parent: String, name: String = "memo.pdf", _ more: [String: Any] = [:]) -> StagedRow
  {
    let path = "case/\(parent)/\(number)/\(name)"
    let fields: [String: Any] = [
      "parent_entity": "case", "parent_key": parent, "file_name": name, "path": path,
    ]
    return StagedRow(key: path, fields: fields.merging(more) { $1 })
  }

  private func entry(_ number: Int, name: String = "memo.pdf", bytes: Int? = 9, sha256: [UInt8]? = nil)
    -> ArchiveContents.Entry
  {
    ArchiveContents.Entry(path: "case/EP-1/\(number)/\(name)", byteCount: bytes, sha256: sha256, isTable: false)
  }

  @Test("keep back an attestation of a policy that is neither here nor on its way, and say whom nobody knows")
  func attestations() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.stage(.attestation, [attestation(1, policy: "P-1"), attestation(2, policy: "P-404")])
    let alone = try await check(db, batch)
    #expect(alone.issues == ["1 ref.unresolved P-1", "2 ref.unresolved P-404"])
    #expect(alone.decisions == [.reject: 2])

    let policies = try await db.stage(.policy, [policy()])
    let coming = try await check(db, batch)
    #expect(coming.issues == ["1 ref.placeholder Ann Odd", "2 ref.unresolved P-404"])
    #expect(coming.decisions == [.insert: 1, .reject: 1])

    // Another source's are not these.
    try await db.inside { tx in
      try await tx.execute("UPDATE migration_batch SET source_system = 'eqs' WHERE id = \(policies)")
      try await tx.record("migration.map", object: Batch.object(policies))
    }
    #expect(try await check(db, batch).decisions == [.reject: 2])

    try await db.inside { tx in try await ImportBatch.commit(policies, in: tx) }
    try await db.work()
    #expect(try await check(db, batch).issues == ["1 ref.placeholder Ann Odd", "2 ref.unresolved P-404"])
    let number = try await db.inside { tx in
      try await tx.first("SELECT number FROM employee ORDER BY number LIMIT 1", as: String.self)
    }
    let known = try await db.stage(.attestation, [attestation(3, policy: "P-1", person: try #require(number))])
    #expect(try await check(db, known).issues.isEmpty)
  }

  @Test("have a batch wait for the one that brings what its rows refer to, until that is imported or let go of")
  func awaits() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.stage(.attestation, [attestation(1, policy: "P-1")])
    let dropped = try await db.stage(.policy, [policy()])
    _ = try await check(db, batch)
    #expect(try await db.inside { tx in try await ImportBatch.awaited(by: batch, in: tx).map(\.id) } == [dropped])
    try await db.inside { tx in try await ImportBatch.cancel(dropped, in: tx) }
    #expect(try await db.inside { tx in try await ImportBatch.awaited(by: batch, in: tx).isEmpty })

    let policies = try await db.stage(.policy, [policy()])
    _ = try await check(db, batch)
    await #expect(throws: ImportRefusal.awaits(["Policies of rows.csv"])) {
      try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    }
    #expect(try await db.state(of: batch) == .validated)
    for next in [policies, batch] {
      try await db.inside { tx in try await ImportBatch.commit(next, in: tx) }
      try await db.work()
    }
    #expect(
      try await db.count(
        "SELECT count(*) FROM migration_provenance WHERE batch_id = \(batch) AND entity = 'attestation'") == 1)
  }

  @Test("say which disclosures have somebody who is not here, by number and by address")
  func disclosers() async throws {
    let db = try await TestDatabase.make()
    let person = try await db.inside { tx in
      try await tx.first("SELECT email FROM employee WHERE email IS NOT NULL ORDER BY email LIMIT 1", as: String.self)
    }
    func disclosure(_ number: Int, _ who: [String: Any]) -> StagedRow {
      let fields: [String: Any] = [
        "disclosure_number": "D-\(number)", "disclosure_type": "gift", "status": "submitted",
        "submitted_at": "2021-01-01",
      ]
      return StagedRow(key: "D-\(number)", fields: fields.merging(who) { $1 })
    }
    let batch = try await db.stage(
      .disclosure,
      [
        disclosure(1, ["discloser.email": try #require(person).uppercased()]),
        disclosure(2, ["discloser.email": "nobody@client.example"]), disclosure(3, ["discloser.name": "Ann Odd"]),
      ])
    #expect(
      try await check(db, batch).issues == [
        "2 ref.placeholder nobody@client.example", "3 ref.placeholder Ann Odd",
      ])
  }

  @Test("say whose number is taken here, but not by what came from the same source")
  func taken() async throws {
    let db = try await TestDatabase.make()
    let native = try await db.inside { tx in
      try await tx.first(#"SELECT reference FROM "case" ORDER BY reference LIMIT 1"#, as: String.self)
    }
    let number = try #require(native)
    var there = StagedRow.closedCase(1, ["case_number": number])
    there.key = number
    let batch = try await db.stage(.case, [there, .closedCase(2)])
    #expect(try await check(db, batch).issues == ["1 key.native_exists \(number)"])
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    let again = try await db.stage(.case, [there, .closedCase(2), .closedCase(3)])
    let found = try await check(db, again)
    #expect(found.issues.isEmpty && found.decisions == [.unchanged: 2, .insert: 1])
    let other = try await db.stage(.case, [.closedCase(2)], source: "eqs")
    #expect(try await check(db, other).issues == ["1 key.native_exists EP-2"])
  }

  @Test("say which open cases come over as new because nobody here leads them")
  func withoutLead() async throws {
    let db = try await TestDatabase.make()
    let lead = try await db.inside { tx in
      try await tx.first(
        """
        SELECT email FROM client_user
        WHERE state = 'active' AND role = ANY(\(ClientRole.allCases.filter(\.worksCases))) ORDER BY email LIMIT 1
        """, as: String.self)
    }
    let known = try #require(lead)
    func row(_ number: Int, _ status: String, _ more: [String: Any]) -> StagedRow {
      let fields: [String: Any] = ["status": status, "outcome": NSNull(), "closed_at": NSNull()]
      return .closedCase(number, fields.merging(more) { $1 })
    }
    let rows: [StagedRow] = [
      row(1, "open", ["assignee.email": "nobody@client.example"]), row(2, "open", ["stage": "review"]),
      row(3, "open", ["assignee.email": known.uppercased()]), row(4, "open", ["stage": "new"]), row(5, "new", [:]),
      .closedCase(6, ["assignee.email": "nobody@client.example"]),
    ]
    let batch = try await db.stage(.case, rows)
    let found = try await check(db, batch)
    #expect(found.issues == ["1 case.no_lead nobody@client.example", "2 case.no_lead"])
    #expect(found.decisions == [.insert: 6])
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    #expect(
      try await db.count(
        "SELECT count(*) FROM \"case\" WHERE stage = 'new' AND reference IN ('EP-1', 'EP-2', 'EP-4', 'EP-5')") == 4)
    // What came over already is not new any more.
    let again = try await db.stage(.case, rows)
    #expect(try await check(db, again).issues.isEmpty)
  }

  @Test("keep files back that are missing, others than meant, or of no record, and name those that no row does")
  func attachments() async throws {
    let db = try await TestDatabase.make()
    let digest = Array(repeating: UInt8(7), count: 32)
    let meant = digest.map { String(format: "%02x", $0) }.joined()
    let rows = [
      file(1, parent: "EP-1"), file(2, parent: "EP-1"), file(3, parent: "EP-1", ["sha256": meant]),
      file(4, parent: "EP-1", ["sha256": meant]), file(5, parent: "EP-404"), file(6, parent: "EP-1", name: "a.exe"),
      file(7, parent: "EP-1"), file(9, parent: "EP-1", ["sha256": meant]),
    ]
    let batch = try await db.stage(.attachment, rows)
    var archive = ArchiveContents()
    archive.entries = [
      entry(1), entry(3, sha256: digest), entry(4, sha256: Array(repeating: 8, count: 32)), entry(6, name: "a.exe"),
      entry(7, bytes: 30_000_000), entry(8, name: "lost.pdf"), entry(9, bytes: nil),
      ArchiveContents.Entry(path: "manifest.csv", byteCount: 5, sha256: nil, isTable: true),
    ]
    let alone = try await check(db, batch, archive)
    #expect(alone.decisions == [.reject: 8])
    #expect(alone.issues.count { $0.contains("ref.unresolved") } == 8)

    try await db.stage(.case, [.closedCase(1)])
    let found = try await check(db, batch, archive)
    #expect(
      found.issues == [
        "0 attachment.orphan case/EP-1/8/lost.pdf", "2 attachment.missing_file case/EP-1/2/memo.pdf",
        "4 attachment.hash_mismatch case/EP-1/4/memo.pdf", "5 ref.unresolved EP-404",
        "6 attachment.kind case/EP-1/6/a.exe", "7 attachment.size case/EP-1/7/memo.pdf",
        "8 attachment.damaged case/EP-1/9/memo.pdf",
      ])
    #expect(found.decisions == [.insert: 2, .reject: 6])
    // Each has words of its own on the batch's page.
    let groups = try await db.inside { tx in try await tx.all(IssueGroup.all(of: batch)) }
    #expect(groups.count == 7)
  }

  @Test("say once of a column that its days are read as day first by custom alone, and have it noted")
  func conventions() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.stage(.case, [.closedCase(1), .closedCase(2)])
    let columns: [(target: String, order: DateOrder?, cells: [String])] = [
      ("received_at", .dayMonthYear, ["03.04.2021", "05.04.2021"]), ("closed_at", .monthDayYear, ["03.04.2021"]),
      ("opened_at", .dayMonthYear, ["25.12.2020", "03.04.2021"]), ("summary", nil, ["03.04.2021"]),
    ]
    let decisions = columns.enumerated().map { index, column in
      ColumnDecision(
        index: index, name: column.target, target: column.target, act: .matched, band: .high, score: 1, ranked: [],
        reasons: [], reading: CellReading(order: column.order))
    }
    try await db.inside { tx in
      try await BatchMapping(number: 1, columns: decisions, constants: [:]).keep(for: batch, in: tx)
      for (index, column) in columns.enumerated() {
        var profiler = ColumnProfiler(name: column.target, index: index)
        for cell in column.cells { profiler.add(cell) }
        try await Batch.keep(profiler.finish(), of: batch, in: tx)
      }
      try await tx.execute("UPDATE migration_batch SET mapping_number = 1 WHERE id = \(batch)")
      try await tx.record("migration.map", object: Batch.object(batch))
    }
    #expect(try await check(db, batch).issues == ["0 date.order_convention 03.04.2021"])
    #expect(try await check(db, batch).issues.count == 1)
    let groups = try await db.inside { tx in try await tx.all(IssueGroup.all(of: batch)) }
    #expect(groups.map(\.position) == [0] && groups.allSatisfy { $0.code.level == .warning })
  }

  @Test("name policies that come without their file, and then the file that none of them has")
  func policyFiles() async throws {
    let db = try await TestDatabase.make()
    func policy(_ number: Int, _ path: String) -> StagedRow {
      .policy(number, "1", ["body_file": path])
    }
    let batch = try await db.stage(
      .policy, [policy(1, "case/EP-1/1/memo.pdf"), policy(2, "case/EP-1/2/memo.pdf"), policy(3, "case/EP-1/3/a.exe")])
    var archive = ArchiveContents()
    archive.entries = [entry(1), entry(3, name: "a.exe")]
    let found = try await check(db, batch, archive)
    #expect(
      found.issues == [
        "2 policy.file_left_out case/EP-1/2/memo.pdf", "3 policy.file_left_out case/EP-1/3/a.exe",
      ])
    #expect(found.decisions == [.insert: 3])
    // As long as they are on their way they name their files; once they have come without them, nobody does.
    try await db.stage(.case, [.closedCase(1)])
    archive.entries = [entry(1), entry(9)]
    let files = try await db.stage(.attachment, [file(9, parent: "EP-1")])
    #expect(try await check(db, files, archive).issues.isEmpty)
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    try await db.work()
    #expect(try await check(db, files, archive).issues == ["0 attachment.orphan case/EP-1/1/memo.pdf"])
  }

  @Test("find nothing twice: a check that is made again says the same")
  func again() async throws {
    let db = try await TestDatabase.make()
    let batch = try await db.stage(
      .attestation, [attestation(1, policy: "P-1"), attestation(1, policy: "P-1"), attestation(2, policy: "P-2")])
    let first = try await check(db, batch)
    #expect(first.issues == ["1 key.duplicate_in_file nk:1", "2 key.duplicate_in_file nk:1", "3 ref.unresolved P-2"])
    let second = try await check(db, batch)
    #expect(second.issues == first.issues && second.decisions == first.decisions)
  }
}
