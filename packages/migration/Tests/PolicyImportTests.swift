// Policies come version by version and file by file, in any order: what counts in the end is what counted there.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import SourceFiles
import TestSupport
import Testing

@testable import Migration

@Suite("Policies of a former system")
struct PolicyImportTests {
  /// A policy with its state, its texts and its versions.
  private func policy(_ db: TestDatabase) async throws -> String {
    let found = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' | ', p.title, p.status, p.current_version, p.working_status, p.working_title,
        left(p.working_body, 9), p.language, (
          SELECT string_agg(v.number || ' ' || v.title, ', ' ORDER BY v.number) FROM policy_version v
          WHERE v.policy_id = p.id))
      FROM policy p WHERE p.number = 'POL-1'
      """, as: String.self)
    return found.joined(separator: " & ")
  }

  private func undo(_ batch: ID<Batch>, _ db: TestDatabase) async throws -> UndoOutcome {
    let records = try await db.imported(by: batch)
    return try await db.inside { tx in try await ImportUndo.carryOut(batch, records: records, in: tx) }
  }

  /// Takes a batch back and brings it again: the policy is as it was before, and then as it is now.
  private func comesAndGoes(_ batch: ID<Batch>, _ before: String, _ db: TestDatabase) async throws {
    let now = try await policy(db)
    let undone = try await undo(batch, db)
    #expect(undone.kept == 0 && undone.done > 0)
    #expect(try await policy(db) == before)
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone.undo, in: tx) }
    #expect(try await policy(db) == now)
  }

  @Test("keep the version that counts, whichever file comes last")
  func archiveLast() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let current = try await db.bring(.policy, [.policy(1, "2", ["title": "Second", "effective_date": "2022-01-01"])])
    let alone = try await policy(db)
    #expect(alone == "Second | published | 1 | Second | Rule 2. R | en | 1 Second")
    let archive = try await db.bring(
      .policy,
      [
        .policy(1, "1", ["title": "First", "status": "retired"]),
        .policy(1, "0.9", ["title": "Undated", "status": "retired", "effective_date": NSNull()]),
      ])
    #expect(
      try await policy(db) == "Second | published | 1 | Second | Rule 2. R | en | 1 Second, 2 Undated, 3 First")
    try await comesAndGoes(archive, alone, db)
    let newer = try await db.bring(.policy, [.policy(1, "3", ["title": "Third", "effective_date": "2023-01-01"])])
    #expect(
      try await policy(db)
        == "Third | published | 4 | Third | Rule 3. R | en | 1 Second, 2 Undated, 3 First, 4 Third")
    try await comesAndGoes(
      newer, "Second | published | 1 | Second | Rule 2. R | en | 1 Second, 2 Undated, 3 First", db)
    _ = try await undo(current, db)
    #expect(try await db.records() == before)
  }

  @Test("count versions of one day by their labels, as people do")
  func labels() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.policy, [.policy(1, "v1.10", ["title": "Ten"])])
    try await db.bring(.policy, [.policy(1, "1.9", ["title": "Nine"])])
    #expect(try await policy(db) == "Ten | published | 1 | Ten | Rule v1.1 | en | 1 Ten, 2 Nine")
  }

  @Test("go on with the next number when they are published here")
  func publishedHere() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.policy, [.policy(1, "2", ["effective_date": "2022-01-01"])])
    try await db.bring(.policy, [.policy(1, "1")])
    for status in ["draft", "pending_approval", "approved"] {
      try await db.inside { tx in
        try await tx.execute("UPDATE policy SET working_status = \(status) WHERE number = 'POL-1'")
        try await tx.record("policy.move")
      }
    }
    func publish(as number: Int) async throws {
      try await db.inside { tx in
        try await tx.execute(
          """
          INSERT INTO policy_version (tenant_id, policy_id, number, title, body, language)
          SELECT tenant_id, id, \(number), 'Ours', 'Ours', 'en' FROM policy WHERE number = 'POL-1'
          """)
        try await tx.execute(
          """
          UPDATE policy SET status = 'published', working_status = NULL, current_version = \(number), title = 'Ours'
          WHERE number = 'POL-1'
          """)
        try await tx.record("policy.move")
      }
    }
    let skipped = await #expect(throws: PostgresError.self) { try await publish(as: 4) }
    #expect(skipped?.constraint == "policy_next_version")
    try await publish(as: 3)
    #expect(try await db.count("SELECT current_version FROM policy WHERE number = 'POL-1'") == 3)
    try await db.bring(.policy, [.policy(1, "2.1", ["title": "Later", "effective_date": "2022-06-01"])])
    #expect(try await db.count("SELECT count(*) FROM policy WHERE title = 'Ours' AND current_version = 3") == 1)
  }

  @Test("say nothing by an old version that is corrected, and everything by the one that counts")
  func corrected() async throws {
    let db = try await TestDatabase.make()
    let second = StagedRow.policy(1, "2", ["title": "Second", "effective_date": "2022-01-01"])
    try await db.bring(.policy, [.policy(1, "1", ["title": "First"]), second])
    let before = try await policy(db)
    let old = try await db.bring(
      .policy, [.policy(1, "1", ["title": "First, corrected", "status": "retired"]), second])
    #expect(try await policy(db) == before)
    #expect(
      try await db.count(
        """
        SELECT count(*) FROM migration_provenance
        WHERE batch_id = \(old) AND imported_fields ->> 'title' = 'First, corrected'
        """) == 1)
    let batch = try await db.bring(
      .policy, [.policy(1, "2", ["title": "Second, corrected", "status": "retired", "language": "de-DE"])])
    #expect(
      try await policy(db)
        == "Second, corrected | retired | 2 | Second | Rule 2. R | de-DE | 1 First, 2 Second")
    try await comesAndGoes(batch, before, db)
  }

  @Test("take a draft’s new text over, but not over one that was edited here")
  func draftText() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.policy, [.policy(1, "1", ["status": "draft", "title": "Draft"])])
    let before = try await policy(db)
    let body = String(repeating: "Another. ", count: 60)
    let batch = try await db.bring(
      .policy,
      [.policy(1, "1", ["status": "approved", "title": "Draft, again", "body": body, "language": "fr"])])
    #expect(try await policy(db) == "Draft, again | approved | Draft, again | Another.  | fr")
    try await comesAndGoes(batch, before, db)
    try await db.inside { tx in
      try await tx.execute("UPDATE policy SET status = 'draft' WHERE number = 'POL-1'")
      try await tx.execute("UPDATE policy SET working_body = 'Ours' WHERE number = 'POL-1'")
      try await tx.record("policy.edit")
    }
    let again = try await db.bring(.policy, [.policy(1, "1", ["status": "approved", "title": "Draft, again"])])
    #expect(try await db.count("SELECT count(*) FROM policy WHERE working_body = 'Ours'") == 1)
    let asked = try await db.inside { tx in try await Conflict.page(of: again, as: .policy, in: tx) }
    #expect(asked.map(\.field) == ["working_body"])
  }

  @Test("publish what was a draft when it came, on its own and beside a version")
  func draftPublished() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.policy, [.policy(1, "1", ["status": "draft", "title": "Draft"])])
    let draft = try await policy(db)
    let first = try await db.bring(.policy, [.policy(1, "1", ["title": "First"])])
    let published = "First | published | 1 | First | Rule 1. R | en | 1 First"
    #expect(try await policy(db) == published)
    #expect(try await db.count("SELECT count(*) FROM migration_row_issue WHERE batch_id = \(first)") == 0)
    try await comesAndGoes(first, draft, db)
    let beside = try await db.bring(.policy, [.policy(1, "2", ["status": "draft", "title": "Second"])])
    let both = "First | published | 1 | draft | Second | Rule 2. R | en | 1 First"
    #expect(try await policy(db) == both)
    let second = try await db.bring(
      .policy, [.policy(1, "2", ["title": "Second", "effective_date": "2022-01-01"])])
    #expect(try await policy(db) == "Second | published | 2 | Second | Rule 2. R | en | 1 First, 2 Second")
    try await comesAndGoes(second, both, db)
    // With the row that brought the draft goes what became of it.
    _ = try await undo(beside, db)
    #expect(try await policy(db) == published)
  }

  @Test("leave a draft beside what is published that was edited here, and a state that was to a person")
  func draftEdited() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.policy, [.policy(1, "1", ["status": "draft"]), .policy(2, "1", ["status": "draft"])])
    try await db.inside { tx in
      try await tx.execute("UPDATE policy SET working_body = 'Ours' WHERE number = 'POL-1'")
      try await tx.execute("UPDATE policy SET status = 'pending_approval' WHERE number = 'POL-2'")
      try await tx.record("policy.edit")
    }
    let batch = try await db.bring(.policy, [.policy(1, "1"), .policy(2, "1")])
    #expect(try await policy(db) == "Policy 1 | published | 1 | draft | Policy 1 | Ours | en | 1 Policy 1")
    let asked = try await db.inside { tx in try await Conflict.page(of: batch, as: .policy, in: tx) }
    #expect(asked.map { "\($0.rowNumber) \($0.field)" } == ["2 current_version", "2 status"])
    let found = try #require(try await db.inside { tx in try await ImportBatch.find(batch, in: tx) })
    let picks = asked.map(\.pick)
    _ = try await db.inside { tx in try await Conflict.resolve(picks, of: found, .source, in: tx) }
    #expect(
      try await db.count(
        "SELECT count(*) FROM policy WHERE number = 'POL-2' AND status = 'published' AND current_version = 1") == 1)
  }

  @Test("are in one state whichever of draft and versions came first")
  func anyOrder() async throws {
    let db = try await TestDatabase.make()
    for (index, order) in [[0, 1, 2], [2, 0, 1], [2, 1, 0], [1, 2, 0], [0, 2, 1], [1, 0, 2]].enumerated() {
      let rows: [StagedRow] = [
        .policy(index, "1", ["title": "First"]),
        .policy(index, "2", ["title": "Second", "status": "retired", "effective_date": "2022-01-01"]),
        .policy(index, "3", ["title": "Third", "status": "draft"]),
      ]
      for place in order { try await db.bring(.policy, [rows[place]]) }
      #expect(
        try await db.count(
          """
          SELECT count(*)
          FROM policy p
          JOIN policy_version v ON v.policy_id = p.id AND v.number = p.current_version AND v.title = 'Second'
          WHERE p.number = \("POL-" + String(index)) AND p.title = 'Second' AND p.status = 'draft'
            AND p.working_title = 'Third' AND p.working_status IS NULL
          """) == 1, "\(order)")
    }
  }

  @Test("keep a draft that comes after a later one with what has no field here")
  func olderDraft() async throws {
    let db = try await TestDatabase.make()
    try await db.bring(.policy, [.policy(1, "3", ["status": "draft", "title": "Third"])])
    let before = try await policy(db)
    let batch = try await db.bring(.policy, [.policy(1, "2", ["status": "draft", "title": "Second"])])
    #expect(try await policy(db) == before)
    #expect(
      try await db.count(
        """
        SELECT count(*) FROM migration_provenance
        WHERE batch_id = \(batch) AND imported_fields ->> 'title' = 'Second' AND imported_fields ? 'body'
        """) == 1)
    try await comesAndGoes(batch, before, db)
  }

  @Test("have the file that their text came in, for everybody once they are published, and give it back")
  func bodyFile() async throws {
    let db = try await TestDatabase.make()
    let before = try await db.records()
    let rows: [StagedRow] = [
      .policy(1, "1", ["body": NSNull(), "body_file": "policies/code.docx"]),
      .policy(1, "2", ["status": "draft", "body_file": "policies/draft.JPEG"]),
      .policy(2, "1", ["body": NSNull(), "body_file": "policies/gone.pdf"]),
      .policy(3, "1", ["body_file": "policies/tool.exe"]),
      .policy(4, "1", ["body_file": "policies/torn.pdf"]),
    ]
    let files = AttachmentSource { path in
      if path.hasSuffix("torn.pdf") { throw SourceError(.zipDamaged, "It does not match its checksum.") }
      return path.hasSuffix("gone.pdf") ? nil : Array("bytes of \(path)".utf8)
    }
    let importer = Importer(files: files)
    let batch = try await db.stage(.policy, rows)
    try await db.inside { tx in try await ImportBatch.commit(batch, in: tx) }
    for _ in 0..<2 { _ = try await db.inside { tx in try await importer.commitNext(of: batch, in: tx) } }
    #expect(try await db.state(of: batch) == .committed)
    let told = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', p.number, a.file_name, a.kind, a.is_internal, convert_from(c.content, 'UTF8'))
      FROM attachment a
      JOIN attachment_content c ON c.attachment_id = a.id
      JOIN policy p ON p.id = a.policy_id AND p.number IS NOT NULL
      ORDER BY 1
      """, as: String.self)
    #expect(
      told == [
        "POL-1 code.docx docx f bytes of policies/code.docx", "POL-1 draft.JPEG jpg t bytes of policies/draft.JPEG",
      ])
    // A path is nobody's text.
    #expect(
      try await db.count(
        "SELECT count(*) FROM policy_version WHERE body = 'Policy 2' OR body = 'Policy 1' OR body LIKE 'Rule%'") == 4)
    #expect(
      try await db.count(
        "SELECT count(*) FROM migration_provenance WHERE imported_fields ->> 'body_file' = 'policies/gone.pdf'") == 1)
    let imported = try await db.records()
    let undone = try await undo(batch, db)
    #expect(undone.kept == 0)
    #expect(try await db.records() == before)
    _ = try await db.inside { tx in try await ImportUndo.reverse(undone.undo, in: tx) }
    #expect(try await db.records() == imported)
  }
}
