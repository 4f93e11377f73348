// The files of an archive as a table of its own, for attachments that come without a manifest: their paths say what
// they belong to.

import Mapping

/// Reads an archive's directory as records: a header, then one for each file at `{entity}/{parent_key}/{file}`.
final class ArchiveListing: RecordReader {
  static let name = "(files)"
  private static let columns = ["path", "file_name", "parent_entity", "parent_key", "size_bytes"]

  private var entries: ArraySlice<ZipArchive.Entry>
  private var number = 0

  init(_ archive: ZipArchive) { entries = archive.entries[...] }

  /// Whether any file says by its path what it belongs to.
  static func isOffered(_ archive: ZipArchive) -> Bool { archive.entries.contains { place($0) != nil } }

  func next() -> SourceRow? {
    if number == 0 {
      number = 1
      return SourceRow(number: 1, cells: Self.columns, problems: [])
    }
    while let entry = entries.popFirst() {
      guard let place = Self.place(entry) else { continue }
      number += 1
      let cells = [entry.name, place.file, place.entity.rawValue, place.key, String(entry.size)]
      return SourceRow(number: number, cells: cells, problems: [])
    }
    return nil
  }

  /// The last three parts of a path; a folder around all of them is let be.
  private static func place(_ entry: ZipArchive.Entry) -> (entity: ImportEntity, key: String, file: String)? {
    let parts = entry.name.split(separator: "/").map(String.init)
    guard parts.count >= 3, parts.count <= 4, let entity = ImportEntity(argument: parts[parts.count - 3]) else {
      return nil
    }
    return (entity, parts[parts.count - 2], parts[parts.count - 1])
  }
}
