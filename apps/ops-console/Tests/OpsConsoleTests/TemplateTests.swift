// Templates for clients without an export, through the routes: offered, handed out, and back filled in.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Mapping
import Postgres
import SourceFiles
import TestSupport
import Testing

@Suite("Import templates")
struct TemplateTests {
  private static let home = ImportDesk.home + "/templates"

  @Test("are offered where a file is added, what comes over first, and handed out as workbooks")
  func handedOut() async throws {
    let desk = try await ImportDesk.open()
    let page = try await desk.browser.get(ImportDesk.home).body
    let places = ["person", "case", "policy"].map { page.range(of: "\(Self.home)/\($0)\"")?.lowerBound }
    #expect(!places.contains(nil) && places.compactMap(\.self) == places.compactMap(\.self).sorted())
    for entity in ImportEntity.allCases {
      let reply = try await desk.browser.get("\(Self.home)/\(entity.rawValue)")
      #expect(reply.status == 200, "\(reply.body)")
      #expect(
        reply.headers[.contentType] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
      #expect(try #require(reply.headers[.contentDisposition]).contains("template.xlsx"))
      let shape = try SourceFile(MemoryBytes(reply.bytes)).inspect()
      #expect(shape.table == entity.pluralLabel)
      #expect(shape.columns.count == TargetSchema.fields(of: entity).count)
    }
    #expect(try await desk.browser.get(Self.home + "/cases").status == 404)
    let looks = try await desk.texts(
      """
      SELECT d.text FROM audit_event e JOIN audit_detail d ON d.event = e.id
      WHERE e.action = 'view.migration.template'
      ORDER BY e.at, e.id
      """)
    #expect(looks == ImportEntity.allCases.map(\.pluralLabel))
    let support = try RouterClient(desk.db)
    try await support.signIn(World.support)
    #expect(try await support.get(Self.home + "/case").status == 403)
    let read = try await support.get(ImportDesk.home).body
    #expect(!read.contains(Self.home))
  }

  @Test("come back as one batch whose columns are all decided")
  func filled() async throws {
    let desk = try await ImportDesk.open()
    let values = [
      "case_number": "EP-9001", "status": "new", "reporter_type": "anonymous", "channel": "phone",
      "received_at": "2020-12-25", "category": "Harassment", "title": "Remarks", "summary": "On the night shift.",
    ]
    let batch = try await desk.upload(try await workbook(desk, [values]), named: "cases.xlsx")
    #expect(try await desk.batches() == [batch])
    let mapper = try await desk.browser.json(batch + "/map")
    #expect(mapper["entity"] as? String == "case")
    let columns = try #require(mapper["columns"] as? [[String: Any]])
    for column in columns {
      let name = try #require(column["name"] as? String)
      let isFilled = values[name] != nil
      #expect(column["decision"] as? String == (isFilled ? "matched" : "ignore"), "\(name)")
      if isFilled { #expect(column["target"] as? String == name) }
    }
    #expect((mapper["required_missing"] as? [Any])?.isEmpty == true)
  }

  @Test("come back empty with a sentence that says so")
  func empty() async throws {
    let desk = try await ImportDesk.open()
    let sent = try await desk.browser.upload(
      ImportDesk.home + "/files", file: (name: "cases.xlsx", bytes: try await workbook(desk, [])))
    #expect(sent.status == 303, "\(sent.body)")
    try await desk.work()
    #expect(try await desk.batches().isEmpty)
    let file = try #require((try await desk.browser.json(ImportDesk.home)["files"] as? [[String: Any]])?.first)
    let error = try #require(file["error"] as? [String: Any])
    #expect(error["code"] as? String == "file.empty")
    #expect((error["message"] as? String)?.contains("no rows") == true)
  }

  /// The template of cases as somebody saves it, with rows filled in.
  private func workbook(_ desk: ImportDesk, _ rows: [[String: String]]) async throws -> [UInt8] {
    let template = SourceFile(MemoryBytes(try await desk.browser.get(Self.home + "/case").bytes))
    let headings = try template.inspect().columns
    let fields = try template.inspect(ReadingOptions(sheet: "Fields"))
    let first = try #require(try template.rows(fields).next())
    return StoredWorkbook(sheets: [
      (name: "Cases", isHidden: false, rows: [headings] + rows.map { row in headings.map { row[$0] ?? "" } }),
      (name: "Fields", isHidden: false, rows: [fields.columns, first.cells]),
    ]).bytes
  }
}
