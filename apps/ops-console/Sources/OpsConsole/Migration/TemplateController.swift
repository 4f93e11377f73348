// Templates for clients that have no export: an empty workbook for each kind of record, to be filled in and uploaded.

import Access
import EthicoTypes
import Mapping
import Migration
import SourceFiles
import Web

enum TemplateController {
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    routes.group("t/{slug}/migration/templates", context: Running.self)
      .get("{entity}", name: "migration.template", use: handOut)
  }

  /// A look, not an export: nothing of the client's stands in it.
  private static func handOut(_ context: Running) async throws -> Answer {
    guard let entity = ImportEntity(rawValue: try context.word("entity")) else { throw Problem.notFound }
    let file = try Download(templateFor: entity)
    return try await context.handOver("view.migration.template") { _ in (file, entity.pluralLabel) }
  }
}

extension Download {
  fileprivate init(templateFor entity: ImportEntity) throws {
    let place = try ScratchPath()
    try ImportTemplate.write(entity, to: place.path)
    let bytes = try place.bytes()
    self.init(
      name: "\(entity.pluralLabel) – template.xlsx",
      contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", byteCount: bytes.size
    ) { offset, count in
      try bytes.read(at: offset, count: count)
    }
  }
}
