// Random lives of imports: whatever is imported, edited, imported again, undone and reversed in whatever order, no row
// of the client's own is lost, no key points to nothing, and twice undone is once undone.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Random runs of an import", .serialized)
struct RandomRunTests {
  /// A few in the suite; with `bin/test --long` as many as the specification asks for.
  private static let runs = ProcessInfo.processInfo.environment["OPS_TEST_LONG"] == nil ? 40 : 2_000
  /// Runs of one database: a clone costs more than a run.
  private static let runsEach = 20

  @Test("lose nothing, and leave nothing dangling")
  func random() async throws {
    for start in stride(from: 0, to: Self.runs, by: Self.runsEach) {
      let db = try await TestDatabase.make(pools: 2)
      for run in start..<min(start + Self.runsEach, Self.runs) {
        var life = ImportLife(db: db, run: run)
        try await life.live()
      }
      let verified = try await db.ledger.verify(by: db.system())
      #expect(verified.breaks.isEmpty)
    }
  }
}

/// One life: a few batches of its own source, and what becomes of them.
private struct ImportLife {
  let db: TestDatabase
  let run: Int
  var random: SplitMix64
  var batches: [ID<Batch>] = []
  var undos: [ID<MigrationUndo>] = []
  var comments = 0
  /// Who leads its cases by turns.
  var people: [String] = []

  init(db: TestDatabase, run: Int) {
    self.db = db
    self.run = run
    random = SplitMix64(seed: UInt64(run))
  }

  mutating func live() async throws {
    let foreign = try await db.records(of: World.borealisBank)
    let native = try await nativeRows()
    for role in [ClientRole.investigator, .triageLead, .complianceOfficer] {
      people.append(try await db.address(of: role))
    }
    for _ in 0..<random.pick(4...9) { try await step() }
    try await db.check(run)
    #expect(try await db.records(of: World.borealisBank) == foreign, "run \(run): another client is as it was")
    // In the end everything is undone, twice, with whatever hangs on it.
    for _ in 0..<2 {
      for batch in batches.reversed() { try await undo(batch, all: true) }
    }
    try await db.check(run)
    let left = try await db.count(
      """
      SELECT count(*) FROM migration_provenance
      WHERE source_system = \(source) AND undone_at IS NULL AND target_table <> 'imported_history'
      """)
    #expect(left == 0, "run \(run): \(left) layers are left")
    #expect(try await nativeRows() == native, "run \(run): the client's own rows are as they were")
  }

  private var source: String { "run\(run)" }

  /// The records without what this run's imports hold at the moment.
  private func nativeRows() async throws -> [String] {
    try await db.records()
  }

  private mutating func step() async throws {
    switch random.pick(0...9) {
    case 0...3: try await bring()
    case 4: try await edit()
    case 5: try await comment()
    case 6, 7:
      guard let batch = batches.randomElement(using: &random) else { return }
      try await undo(batch, all: random.pick(0...1) == 0)
    default:
      guard let undo = undos.randomElement(using: &random) else { return }
      try await reverse(undo)
    }
  }

  private mutating func bring() async throws {
    let numbers = (1...8).filter { _ in random.pick(0...2) > 0 }
    let salt = random.pick(0...3)
    let entity =
      [ImportEntity.case, .disclosure, .person, .policy, .attestation].randomElement(using: &random) ?? .case
    let rows = numbers.map { row(entity, $0, salt) }
    guard !rows.isEmpty else { return }
    batches.append(try await db.bring(entity, rows, source: source))
  }

  private func row(_ entity: ImportEntity, _ number: Int, _ salt: Int) -> StagedRow {
    let mark = run * 100 + number
    var row: StagedRow
    switch entity {
    case .person: row = .person(mark, ["department": "Dept \(run)-\(number % 2)", "job_title": "Title \(salt)"])
    case .disclosure: row = .disclosure(mark, person: "P\(mark)", ["description": "Text \(salt)"])
    case .policy: row = .policy(mark, String(salt), ["published_at": "202\(salt)-01-01T00:00:00Z"])
    case .attestation:
      let due = "2022-03-0\(salt + 1)T00:00:00Z"
      row = .attestation("POL-\(mark)", "P\(mark)", ["campaign_name": "C\(run)", "due_at": due])
    case .case, .attachment, .auditEvent:
      row = .full(
        mark,
        [
          "title": "Title \(salt)", "category": "Run \(run) \(number % 2)", "assignee.email": people[salt % 3],
          "investigators.email": [people[(salt + 1) % 3]], "resolution": "Found \(salt)",
          "investigation_status": ["closed", "investigating", "on_hold", "closed"][salt],
        ])
    }
    row.fields["source_url"] = "https://example.org/\(salt)"
    return row
  }

  private func edit() async throws {
    let source = source
    try await db.inside { tx in
      try await tx.execute(
        """
        UPDATE "case" SET title = title || '!' WHERE id = (
          SELECT target_id FROM migration_provenance
          WHERE source_system = \(source) AND entity = 'case' AND undone_at IS NULL ORDER BY id LIMIT 1)
        """)
      try await tx.record("case.edit")
    }
  }

  private mutating func comment() async throws {
    comments += 1
    let source = source
    try await db.inside { tx in
      let note: ID<ImportedRecord> = tx.newID()
      try await tx.execute(
        """
        INSERT INTO note (tenant_id, id, case_id, visibility, body)
        SELECT tenant_id, \(note), target_id, 'team', 'Ours.' FROM migration_provenance
        WHERE source_system = \(source) AND entity = 'case' AND undone_at IS NULL ORDER BY id DESC LIMIT 1
        """)
      try await tx.record("case.note")
    }
  }

  private mutating func undo(_ batch: ID<Batch>, all: Bool) async throws {
    let careful = random.pick(0...1) == 0 ? UndoOptions.careful : .keeping
    let options = all ? UndoOptions(includeBlocked: true, includeEdited: true, reason: "The run is over.") : careful
    let records = try await db.imported(by: batch)
    let some = all ? records : records.filter { _ in random.pick(0...1) == 0 }
    guard !some.isEmpty else { return }
    let native = try await db.count("SELECT count(*) FROM note WHERE body = 'Ours.'")
    let outcome = try await db.inside { tx in
      try await ImportUndo.carryOut(batch, records: some, options: options, in: tx)
    }
    if !all {
      #expect(
        try await db.count("SELECT count(*) FROM note WHERE body = 'Ours.'") == native, "run \(run): a careful undo")
    }
    if options.keepsLater {
      let others = try await db.count(
        """
        SELECT count(*) FROM migration_provenance
        WHERE undone_by = \(outcome.undo) AND batch_id <> \(batch) AND action <> 'implied'
        """)
      #expect(others == 0, "run \(run): \(others) layers of other imports went although these were to stay")
    }
    try await expectNoError(outcome)
    undos.append(outcome.undo)
  }

  private func reverse(_ undo: ID<MigrationUndo>) async throws {
    let outcome = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
    if let outcome { try await expectNoError(outcome) }
  }

  private func expectNoError(_ outcome: UndoOutcome) async throws {
    let reasons = try await db.superuser().query(
      .superuser,
      """
      SELECT DISTINCT reasons::text FROM migration_undo_item WHERE undo_id = \(outcome.undo) AND bucket = 'errored'
      """, as: String.self)
    #expect(reasons.isEmpty, "run \(run): \(outcome)")
  }
}

extension TestDatabase {
  /// No reference without what it refers to, and no layer that counts without its row.
  fileprivate func check(_ run: Int) async throws {
    for table in TargetTable.allCases {
      let lost = try await count(
        """
        SELECT count(*) FROM migration_provenance l
        LEFT JOIN \(fragment: table.name) t ON \(fragment: table.isNamed)
        WHERE l.target_table = \(table.rawValue) AND l.undone_at IS NULL AND t.tenant_id IS NULL
        """)
      #expect(lost == 0, "run \(run): \(lost) layers of \(table.rawValue) count without a row")
    }
    let kept = try await count(
      """
      SELECT count(*) FROM migration_provenance p
      JOIN migration_undo u ON u.id = p.undone_by
      WHERE p.undone_at IS NOT NULL AND p.action = 'insert' AND p.target_table = 'case'
        AND EXISTS (SELECT FROM "case" c WHERE c.id = p.target_id)
      """)
    #expect(kept == 0, "run \(run): \(kept) undone cases are there")
  }
}

extension SplitMix64 {
  fileprivate mutating func pick(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }
}
