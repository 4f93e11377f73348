// The reconciliation through the routes: reckoned, handed over as CSV, signed in the client's name, closed, purged.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import OpsConsole
import Postgres
import Print
import TestSupport
import Testing

@Suite("The reconciliation of a data migration")
struct ReconciliationPageTests {
  private static let page = ImportDesk.home + "/reconciliation"
  private static let csv = ImportDesk.cases([
    "EP-7001;Remarks;high;new", "EP-7002;Stock;low;new", "EP-7003;Pallets;low;new",
  ])

  private func version(_ desk: ImportDesk) async throws -> String {
    String(try #require(try await desk.browser.json(Self.page)["version"] as? Int))
  }

  private func reconcile(_ desk: ImportDesk) async throws -> RouterClient.Reply {
    let sent = try await desk.browser.post(Self.page, ["version": try await version(desk)])
    try await desk.work()
    return sent
  }

  private func sign(_ desk: ImportDesk, by name: String = "N. Berg, Compliance") async throws -> RouterClient.Reply {
    try await desk.browser.post(
      Self.page + "/sign-off", ["version": try await version(desk), "confirmed_by": name])
  }

  @Test("is not signed while a file lies there that nobody read to its end")
  func unread() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    let file = (name: "more.csv", bytes: Array((Self.csv + "\n").utf8))
    #expect(try await desk.browser.upload(ImportDesk.home + "/files", file: file).status == 303)
    _ = try await desk.db.superuser().query(
      .superuser,
      """
      UPDATE job SET state = 'cancelled', finished_at = now()
      WHERE kind = 'migration.read' AND state = 'queued' RETURNING kind
      """, as: String.self)
    #expect(try await reconcile(desk).status == 303)
    let refused = try await sign(desk)
    #expect(refused.status == 409 && refused.body.contains("“more.csv” was never read to its end"), "\(refused.body)")
  }

  @Test("shows that everything adds up, and is signed in the name of somebody at the client")
  func signed() async throws {
    let desk = try await ImportDesk.open()
    #expect(try await desk.browser.get(Self.page).body.contains("Nothing reckoned yet"))
    _ = try await desk.bring(Self.csv)
    #expect(try await reconcile(desk).status == 303)
    let page = try await desk.browser.get(Self.page)
    for words in [
      "Everything adds up: each of 3 rows", "By status", "By year received", "By category", "Agreed by",
      "For Acme Health",
      "1 of 1 kinds in and reconciled",
    ] {
      #expect(page.body.contains(words), "\(words)")
    }
    #expect(try await desk.browser.get(ImportDesk.home).body.contains("1 of 1 kinds in and reconciled"))
    let nobody = try await sign(desk, by: "")
    #expect(nobody.status == 422 && nobody.body.contains("Say who at the client agreed."))
    let sent = try await sign(desk)
    #expect(sent.status == 303, "\(sent.body)")
    let found = try await desk.browser.json(Self.page)
    #expect(found["state"] as? String == "signed_off" && found["confirmed_by"] as? String == "N. Berg, Compliance")
    let shown = try await desk.browser.get(Self.page)
    #expect(shown.body.contains("kept until") && shown.body.contains("Close migration"))
    let again = try await desk.browser.post(Self.page + "/sign-off", ["version": "1", "confirmed_by": "Somebody"])
    #expect(again.status == 409)
    let closed = try await desk.browser.post(Self.page + "/close", ["version": try await version(desk)])
    #expect(closed.status == 303)
    #expect(try await desk.browser.get(Self.page).body.contains("N. Berg, Compliance"))
    let actions = try await desk.texts(
      """
      SELECT action FROM audit_event
      WHERE action = ANY('{migration.reconcile_start,migration.reconcile,migration.sign_off,migration.close}')
        AND outcome = 'ok'
      ORDER BY action
      """)
    #expect(actions == ["migration.close", "migration.reconcile", "migration.reconcile_start", "migration.sign_off"])
  }

  @Test("is not signed while a batch waits, and names it")
  func waiting() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    _ = try await desk.check(ImportDesk.cases(["EP-7009;Later;low;new"]), named: "later.csv")
    #expect(try await reconcile(desk).status == 303)
    let page = try await desk.browser.get(Self.page)
    #expect(page.body.contains("“Cases of later.csv” is checked: import it, or cancel it."))
    #expect(!page.body.contains("Agreed by"))
    let sent = try await sign(desk)
    #expect(sent.status == 409 && sent.body.contains("It cannot be signed off yet."))
  }

  @Test("goes out as CSV that no spreadsheet runs, and the trail says so")
  func export() async throws {
    let desk = try await ImportDesk.open()
    #expect(try await desk.browser.get(Self.page + "/csv").status == 404)
    _ = try await desk.bring(Self.csv, named: "=cmd.csv")
    try await desk.recategorise("EP-7001", "=1+1")
    #expect(try await reconcile(desk).status == 303)
    let file = try await desk.browser.get(Self.page + "/csv")
    #expect(file.status == 200 && file.headers[.contentDisposition]?.contains("acme-health-reconciliation") == true)
    #expect(
      file.body.contains("Cases,batch =cmd.csv,rows in the source,3") && file.body.contains("Cases,records,,3,3,0,"))
    #expect(file.body.contains(",'=1+1,0,1,1,") && !file.body.contains(",=1+1"))
    let events = try await desk.texts("SELECT action FROM audit_event WHERE action = 'migration.export'")
    #expect(events.count == 1)
  }

  @Test("goes out as PDF, as it stands and as it was signed, and the trail says so")
  func print() async throws {
    let desk = try await ImportDesk.open()
    #expect(try await desk.browser.get(Self.page + "/pdf").status == 404)
    _ = try await desk.bring(Self.csv)
    _ = try await reconcile(desk)
    let file = try await desk.browser.get(Self.page + "/pdf")
    #expect(file.status == 200 && file.bytes.starts(with: Array("%PDF-".utf8)))
    #expect(file.headers[.contentType] == "application/pdf")
    #expect(file.headers[.contentDisposition]?.contains("acme-health-reconciliation-2026-") == true)
    let id = try #require(try await desk.texts("SELECT id::text FROM migration_reconciliation").first)
    let signed = Self.page + "/signed/\(id)/pdf"
    #expect(try await desk.browser.get(signed).status == 404)
    #expect(try await sign(desk).status == 303)
    let other = try await desk.browser.get(signed)
    #expect(other.status == 200 && other.bytes != file.bytes)
    #expect(try await desk.browser.get("/t/borealis-bank/migration/reconciliation/signed/\(id)/pdf").status == 404)
    let told = try await desk.texts(
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id WHERE e.action = 'migration.export'
      """)
    #expect(told.count == 2 && told.allSatisfy { $0.hasSuffix("as PDF") })

    let without = try RouterClient(desk.db, printer: Printer(program: "/nonexistent/ops-print"))
    try await without.signIn(World.implementation)
    let reply = try await without.get(Self.page + "/pdf")
    #expect(reply.status == 503 && reply.body.contains("Print the page with your browser instead"))
  }

  @Test("is undone by a new file: what was signed is open again, and nothing of it is removed")
  func reopened() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    _ = try await reconcile(desk)
    #expect(try await sign(desk).status == 303)
    _ = try await desk.bring(ImportDesk.cases(["EP-7009;Later;low;new"]), named: "later.csv")
    #expect(try await desk.browser.json(Self.page)["state"] as? String == "active")
    desk.db.clock.advance(seconds: 31 * 86_400)
    try await desk.partitions()
    try await desk.work()
    #expect(try await desk.texts("SELECT name FROM migration_source_file WHERE purged_at IS NOT NULL").isEmpty)
    #expect(try await desk.texts("SELECT 'left' FROM migration_staged_row WHERE cells <> '{}'").count == 4)
  }

  @Test("is for those who run migrations to sign, and one client's alone")
  func rights() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    _ = try await reconcile(desk)
    let support = try desk.browser.another()
    try await support.signIn(World.support)
    let page = try await support.get(Self.page)
    #expect(page.status == 200 && !page.body.contains("Sign off migration</button>"))
    for act in ["", "/stop", "/sign-off", "/close"] {
      #expect(try await support.post(Self.page + act, ["version": "1"]).status == 403)
    }
    let foreign = try await desk.browser.get("/t/borealis-bank/migration/reconciliation")
    #expect(
      foreign.status == 200 && !foreign.body.contains("EP-7001") && foreign.body.contains("Nothing comes over yet"))
    #expect(try await desk.browser.get("/t/borealis-bank/migration/reconciliation/csv").status == 404)
  }

  @Test("removes what came in files after its days, says so on every page, and every record can still be taken back")
  func purge() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.bring(Self.csv)
    _ = try await reconcile(desk)
    #expect(try await sign(desk).status == 303)
    desk.db.clock.advance(seconds: 29 * 86_400)
    try await desk.partitions()
    try await desk.work()
    #expect(try await desk.texts("SELECT name FROM migration_source_file WHERE purged_at IS NOT NULL").isEmpty)
    desk.db.clock.advance(seconds: 2 * 86_400)
    try await desk.browser.signIn(World.implementation)
    try await desk.work()
    let left = try await desk.texts(
      """
      SELECT concat_ws(' ', (SELECT count(*) FROM migration_blob_chunk), (SELECT count(*) FROM migration_blob),
        (SELECT count(*) FROM migration_staged_row WHERE cells <> '{}' OR parsed <> '{}' OR legacy <> '{}'),
        (SELECT count(*) FROM migration_row_issue WHERE value IS NOT NULL), (SELECT count(*) FROM migration_grid),
        (SELECT count(*) FROM migration_column_profile), (SELECT count(*) FROM migration_staged_row))
      """)
    #expect(left == ["0 0 0 0 0 0 3"])
    let events = try await desk.texts("SELECT action FROM audit_event WHERE action = 'migration.purge'")
    #expect(events.count == 2)
    for page in ["", "/map", "/values", "/rows/2", "/records", "/conflicts", "/undo"] {
      let reply = try await desk.browser.get(batch + page)
      #expect(reply.status == 200, "\(page): \(reply.status)")
      if ["", "/map", "/values", "/rows/2"].contains(page) {
        #expect(reply.body.contains("What came in the file was removed on"), "\(page)")
      }
    }
    #expect(try await desk.browser.get(ImportDesk.home).body.contains("The file’s bytes were removed on"))
    #expect(try await desk.browser.get(Self.page).body.contains("removed on"))
    #expect(try await desk.browser.post(batch + "/undo").status == 303)
    try await desk.work()
    #expect(try await desk.state(batch) == "undone")
    #expect(try await desk.titles().isEmpty)
    let undo = try #require(try await desk.texts("SELECT id::text FROM migration_undo").first)
    #expect(try await desk.browser.post(ImportDesk.home + "/undos/\(undo)/reverse").status == 303)
    #expect(try await desk.titles() == ["Remarks", "Stock", "Pallets"])
  }

  @Test("takes a removed file in again, and what was signed before stays readable as it was")
  func afterPurge() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    _ = try await reconcile(desk)
    #expect(try await sign(desk).status == 303)
    let signed = try #require(try await desk.texts("SELECT id::text FROM migration_reconciliation").first)
    desk.db.clock.advance(seconds: 31 * 86_400)
    try await desk.partitions()
    try await desk.browser.signIn(World.implementation)
    try await desk.work()
    #expect(try await desk.texts("SELECT name FROM migration_source_file WHERE purged_at IS NOT NULL") == ["cases.csv"])
    // The same bytes once more: a new file, of which nothing is new here.
    let again = try await desk.check(Self.csv)
    let counts = (try await desk.browser.json(again)["batch"] as? [String: Any])?["counts"] as? [String: Int]
    #expect(counts?["unchanged"] == 3)
    #expect(
      try await desk.browser.post(again + "/cancel", ["version": try await desk.version(again)]).status == 303)
    _ = try await desk.bring(ImportDesk.cases(["EP-7009;Later;low;new"]), named: "later.csv")
    #expect(!(try await desk.browser.get(Self.page).body.contains("removed on")))
    _ = try await reconcile(desk)
    let found = try await desk.browser.json(Self.page)
    let figures = try #require((found["entities"] as? [[String: Any]])?.first)
    #expect(found["adds_up"] as? Bool == true && figures["records"] as? Int == 4 && figures["emptied"] as? Int == 3)
    let groups = try #require(figures["groups"] as? [[String: Any]])
    let status = try #require((groups.first { $0["name"] as? String == "status" })?["lines"] as? [[String: Any]])
    #expect(status.map { "\($0["value"] ?? "") \($0["source"] ?? "") \($0["here"] ?? "")" } == ["new 1 1"])
    let page = try await desk.browser.get(Self.page)
    #expect(page.body.contains("Counted alone, as their source was removed") && page.body.contains("Signed before"))
    #expect(page.body.contains("/reconciliation/signed/\(signed)"))
    let before = try await desk.browser.get(Self.page + "/signed/\(signed)")
    for words in ["Everything adds up: each of 3 rows", "By category", "N. Berg, Compliance", "Harassment"] {
      #expect(before.body.contains(words), "\(words)")
    }
    let json = try await desk.browser.json(Self.page + "/signed/\(signed)")
    #expect(json["confirmed_by"] as? String == "N. Berg, Compliance")
    let foreign = "/t/borealis-bank/migration/reconciliation/signed/\(signed)"
    #expect(try await desk.browser.get(foreign).status == 404)
  }

  @Test("removes both sides of fields in conflict, and asks about a value that was decided no more for that")
  func conflictsAfterPurge() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    try await desk.retitle("EP-7001", "Ours")
    let theirs = ImportDesk.cases(["EP-7001;Theirs;high;new"])
    let second = try await desk.bring(theirs, named: "second.csv")
    #expect(
      try await desk.browser.post(second + "/conflicts", ["scope": "all", "choice": "ours"]).status == 303)
    _ = try await reconcile(desk)
    #expect(try await sign(desk).status == 303)
    desk.db.clock.advance(seconds: 31 * 86_400)
    try await desk.partitions()
    try await desk.browser.signIn(World.implementation)
    try await desk.work()
    let left = try await desk.texts(
      """
      SELECT concat_ws(' ', field, resolution, source_value, our_value, octet_length(source_digest))
      FROM migration_conflict
      """)
    #expect(left == ["title ours 32"])
    // The same value with something beside it: nobody is asked about it again.
    _ = try await desk.bring(ImportDesk.cases(["EP-7001;Theirs;low;new"]), named: "third.csv")
    #expect(try await desk.texts("SELECT field FROM migration_conflict WHERE purged_at IS NULL").isEmpty)
    #expect(try await desk.titles().contains("Ours"))
    _ = try await desk.bring(ImportDesk.cases(["EP-7001;Other;low;new"]), named: "fourth.csv")
    #expect(try await desk.texts("SELECT field FROM migration_conflict WHERE purged_at IS NULL") == ["title"])
  }

  @Test("is reckoned by a job: the page says how far it is, a second order is refused, and somebody may stop it")
  func job() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    let version = try await version(desk)
    let page = Self.page
    #expect(try await desk.browser.post(page, ["version": version]).status == 303)
    let going = try await desk.browser.get(page)
    #expect(going.body.contains("Being reckoned…") && going.body.contains("Stop reconciling"))
    #expect(!going.body.contains("Nothing reckoned yet"))
    #expect((try await desk.browser.json(page)["reckoning"] as? [String: Any])?["state"] as? String == "running")
    #expect(
      try await desk.browser.post(page, ["version": version], accept: "application/json").gist == "409 being_reconciled"
    )
    #expect(try await desk.browser.json(page + "/live")["values"] != nil)
    #expect(try await desk.browser.post(page + "/stop", ["version": version]).status == 303)
    #expect(
      try await desk.browser.post(page + "/stop", ["version": version], accept: "application/json").gist
        == "409 not_running")
    try await desk.work()
    #expect(try await desk.browser.get(page).body.contains("Nothing reckoned yet"))
    _ = try await reconcile(desk)
    #expect(try await desk.browser.get(page).body.contains("Everything adds up"))
    _ = try await desk.bring(ImportDesk.cases(["EP-7009;Later;low;new"]), named: "later.csv")
    let stale = try await desk.browser.get(page)
    #expect(
      stale.body.contains("Imported or taken back since this was reckoned: Cases") && !stale.body.contains("Agreed by"))
    #expect(try await sign(desk).status == 409)
  }

  @Test("keeps what came in files for as many days as the client's setting says")
  func days() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    _ = try await reconcile(desk)
    let access = try #require(try await desk.browser.post("/t/acme-health/enter").location)
    let short = try await desk.browser.post(access + "settings/migration.purge_days", ["value": "6", "version": "0"])
    #expect(short.status == 422)
    let set = try await desk.browser.post(access + "settings/migration.purge_days", ["value": "7", "version": "0"])
    #expect(set.status == 303, "\(set.body)")
    #expect(try await sign(desk).status == 303)
    let days = try await desk.texts("SELECT (purge_at - signed_off_at)::text FROM migration_project")
    #expect(days == ["7 days"])
  }
}

extension ImportDesk {
  /// Puts a case into a category of that name.
  fileprivate func recategorise(_ reference: String, _ name: String) async throws {
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.execute(
        """
        UPDATE category SET name = \(name) WHERE id = (
          SELECT id FROM category WHERE retired_at IS NULL AND parent_id IS NULL AND name <> 'Harassment'
          ORDER BY id
          LIMIT 1)
        """)
      try await tx.execute(
        """
        UPDATE "case" SET category_id = (SELECT id FROM category WHERE name = \(name)) WHERE reference = \(reference)
        """)
      try await tx.record("case.edit")
    }
  }

  /// Makes the trail's partitions of a later time.
  fileprivate func partitions() async throws {
    _ = try await db.superuser().query(.superuser, "SELECT audit_ensure_partitions(\(db.clock.now), 2)", as: Int.self)
  }
}
