// What the pages of a migration say beside their words: their values to programs, and what is wrong to whoever does not
// see them.

import Access
import EthicoTypes
import Foundation
import OpsConsole
import Postgres
import TestSupport
import Testing

@Suite("The faces of a migration's pages")
struct MigrationFaceTests {
  private static let csv = ImportDesk.cases(["EP-1;Remarks;High;New", "EP-2;Stock;Low;New"])

  @Test("tell programs how a column is read, how a batch stands, and where the next page begins")
  func values() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.bring(Self.csv)
    let found = try await desk.browser.json(batch)
    #expect(found["conflicts"] as? Int == 0 && found["committed"] is String && found["purged"] == nil)
    #expect((found["hidden"] as? [Any])?.isEmpty == true && (found["undos"] as? [Any])?.isEmpty == true)
    let columns = try #require(try await desk.browser.json(batch + "/map")["columns"] as? [[String: Any]])
    #expect(columns.first { $0["name"] as? String == "received_at" }?["order"] as? String == "dmy")
    let lines = (1...130).map { "EP-\($0 + 100);Remarks;High;Unheard" }
    let long = try await desk.check(ImportDesk.cases(lines), named: "long.csv")
    let list = long + "/issues/enum.undecided?column=3"
    let first = try await desk.browser.json(list)
    let next = try #require(first["next"] as? String)
    let second = try await desk.browser.json(list + "&after=" + next)
    let rows = [first, second].flatMap { $0["items"] as? [[String: Any]] ?? [] }.compactMap { $0["row"] as? Int }
    #expect(rows.count == 100 && Set(rows).count == rows.count && rows == rows.sorted())
  }

  @Test("tell programs what an import would change of the record that is here, by its row")
  func changes() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.bring(Self.csv)
    let changed = try await desk.check(
      ImportDesk.cases(["EP-1;Remarks, and more;High;New", "EP-2;Stock;Low;New"]), named: "again.csv")
    let row = try await desk.browser.json(changed + "/rows/2")
    let changes = try #require(row["changes"] as? [[String: Any]])
    let title = try #require(changes.first { $0["field"] as? String == "title" })
    #expect(title["ours"] as? String == "Remarks" && title["theirs"] as? String == "Remarks, and more")
    #expect(title["kind"] as? String == "apply")
    let same = try await desk.browser.json(changed + "/rows/3")
    #expect((same["changes"] as? [Any])?.isEmpty == true)
  }

  @Test("tie what is wrong with a column to its very control")
  func errors() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.check(Self.csv)
    let sent = try await desk.browser.post(
      batch + "/map",
      [
        "version": try await desk.version(batch), "c1.target": "no_such_field",
        "c1.split": String(repeating: "-", count: 40),
        "c1.part": "0",
      ])
    #expect(sent.status == 422)
    for part in ["target", "split", "part"] {
      let id = "f-c1.\(part)"
      #expect(sent.body.contains("href=\"#\(id)\""), "\(part)")
      let control = try #require(sent.body.firstMatch(of: try Regex("<(select|input)[^>]* id=\"\(id)\"[^>]*>")))
      let tag = String(sent.body[control.range])
      #expect(tag.contains("aria-invalid=\"true\"") && tag.contains("aria-describedby=\"\(id)-error\""), "\(tag)")
      #expect(sent.body.contains("id=\"\(id)-error\""), "\(part)")
    }
    #expect(sent.body.components(separatedBy: "aria-invalid").count == 4)
    let values = try await desk.browser.post(
      batch + "/values", ["version": try await desk.version(batch), "v0": "no_such_word"])
    #expect(values.status == 422)
    #expect(values.body.contains("aria-describedby=\"f-v0-error\"") && values.body.contains("id=\"f-v0-error\""))
  }

  @Test("name a button by what stands on it, and by what it is about")
  func names() async throws {
    let desk = try await ImportDesk.open()
    _ = try await desk.check(Self.csv)
    let page = try await desk.browser.get(ImportDesk.home)
    #expect(page.body.contains("aria-label=\"Delete file cases.csv\">Delete file</button>"))
  }
}
