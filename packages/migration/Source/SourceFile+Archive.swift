// A ZIP of tables and attachments.

extension SourceFile {
  /// Names only say what is worth looking at; what an entry is, its bytes say.
  private static let endings = ["csv", "tsv", "tab", "xlsx", "xlsm", "json", "jsonl", "ndjson"]

  func inspectArchive(_ options: ReadingOptions) throws(SourceError) -> SourceShape {
    let archive = try archive()
    let candidates = candidates(archive)
    if candidates.isEmpty, ArchiveListing.isOffered(archive) { return try inspectListing(archive, options) }
    if candidates.isEmpty {
      if archive.refusals.contains(where: { $0.code == .encrypted }) { throw .encrypted }
      throw archive.entries.isEmpty && archive.refusals.isEmpty ? .empty : .unsupported("The ZIP holds no table")
    }
    if let sheet = options.sheet { return try inspectEntry(chosen(sheet, archive), archive, candidates, options) }
    var first: SourceError?
    for entry in candidates.sorted(by: { ($1.size, $0.name) < ($0.size, $1.name) }) {
      do throws(SourceError) {
        return try inspectEntry((entry.name, nil), archive, candidates, options)
      } catch {
        guard error.code != .optionUnknown else { throw error }
        first = first ?? error
      }
    }
    throw first ?? .empty
  }

  /// An archive of attachments alone: their paths are the table.
  private func inspectListing(_ archive: ZipArchive, _ options: ReadingOptions) throws(SourceError) -> SourceShape {
    if let sheet = options.sheet, sheet != ArchiveListing.name {
      throw .unknownOption("entry", sheet, offered: [ArchiveListing.name])
    }
    var shape = SourceShape(kind: .zip)
    shape.table = ArchiveListing.name
    shape.tables = [OfferedTable(name: ArchiveListing.name, isHidden: false, size: archive.entries.count)]
    shape = try complete(shape, ReadingOptions(headerRow: 1), firstRecord: 1)
    shape.findings += refused(archive)
    return shape
  }

  /// What may be a table: those nearest to the top first, as exports put them. Texts are attachments where there is
  /// anything else.
  private func candidates(_ archive: ZipArchive) -> [ZipArchive.Entry] {
    var tables: [(depth: Int, entry: ZipArchive.Entry)] = []
    var texts: [(depth: Int, entry: ZipArchive.Entry)] = []
    for entry in archive.entries {
      let parts = entry.name.split(separator: "/")
      guard let file = parts.last, parts.first != "__MACOSX", !file.hasPrefix("."), let dot = file.lastIndex(of: ".")
      else { continue }
      let ending = file[file.index(after: dot)...].lowercased()
      if Self.endings.contains(ending) { tables.append((parts.count, entry)) }
      if ending == "txt" { texts.append((parts.count, entry)) }
    }
    // Sorting keeps the order of those that are equally deep.
    return (tables.isEmpty ? texts : tables).sorted { $0.depth < $1.depth }.prefix(limits.tables).map(\.entry)
  }

  /// An entry by its name, or what is in it by `book.xlsx!Sheet1`.
  private func chosen(_ name: String, _ archive: ZipArchive) throws(SourceError) -> (name: String, sheet: String?) {
    if archive.entry(named: name) != nil { return (name, nil) }
    if let mark = name.lastIndex(of: "!") {
      let entry = String(name[..<mark])
      if archive.entry(named: entry) != nil { return (entry, String(name[name.index(after: mark)...])) }
    }
    throw .unknownOption("entry", name, offered: candidates(archive).map(\.name))
  }

  private func inspectEntry(
    _ chosen: (name: String, sheet: String?), _ archive: ZipArchive, _ candidates: [ZipArchive.Entry],
    _ options: ReadingOptions
  ) throws(SourceError) -> SourceShape {
    let file = try entryFile(chosen.name)
    if file.bytes.size == 0 { throw .empty }
    var inner = options
    inner.sheet = chosen.sheet
    if try FileKind.sniff(file.bytes) == .zip, try !Workbook.isWorkbook(file.archive()) {
      throw .unsupported("“\(chosen.name)” is an archive within the archive")
    }
    var shape = try file.inspect(inner)
    let sheets = shape.tables
    shape.kind = .zip
    shape.reading.entry = chosen.name
    shape.table = chosen.sheet.map { "\(chosen.name)!\($0)" } ?? chosen.name
    shape.tables = candidates.map { OfferedTable(name: $0.name, isHidden: false, size: $0.size) }
    if sheets.count > 1 {
      shape.tables += sheets.map {
        OfferedTable(name: "\(chosen.name)!\($0.name)", isHidden: $0.isHidden, size: $0.size)
      }
    }
    shape.findings += refused(archive)
    return shape
  }

  private func refused(_ archive: ZipArchive) -> [Finding] {
    let told = 50
    var found = archive.refusals.prefix(told).map { Finding(code: .refusedEntry, text: $0.text, row: nil) }
    if archive.refusals.count > told {
      let text = "\(archive.refusals.count - told) more entries were left out."
      found.append(Finding(code: .refusedEntry, text: text, row: nil))
    }
    return found
  }
}
