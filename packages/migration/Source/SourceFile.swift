// A source file: what it is, its rows, and the profile of its columns. Everything is streamed; nothing is kept whole.

import Synchronization

/// A file that somebody exported from another system.
package struct SourceFile: Sendable {
  let bytes: any ByteSource
  let limits: SourceLimits
  private let opened = Opened()

  /// What was opened once and serves every further reading.
  private final class Opened: Sendable {
    let archive = Mutex<ZipArchive?>(nil)
    let workbook = Mutex<Workbook?>(nil)
    let entry = Mutex<(name: String, file: SourceFile)?>(nil)
  }

  /// The file of these bytes.
  package init(_ bytes: any ByteSource, limits: SourceLimits = .standard) {
    self.bytes = bytes
    self.limits = limits
  }

  /// Finds out how the file is to be read.
  package func inspect(_ options: ReadingOptions = ReadingOptions()) throws(SourceError) -> SourceShape {
    if bytes.size == 0 { throw .empty }
    if bytes.size > limits.fileBytes { throw .tooLarge(limits.fileBytes) }
    switch try FileKind.sniff(bytes) {
    case .text: return try inspectText(options)
    case .zip: return try Workbook.isWorkbook(archive()) ? try inspectWorkbook(options) : try inspectArchive(options)
    }
  }

  /// The rows of the table that the shape names.
  package func rows(_ shape: SourceShape) throws(SourceError) -> RowReader {
    RowReader(try records(shape), shape: shape, limits: limits)
  }

  /// The records as they stand, with headers and blank lines.
  func records(_ shape: SourceShape) throws(SourceError) -> any RecordReader {
    if let name = shape.reading.entry {
      var inner = shape
      inner.reading.entry = nil
      return try entryFile(name).records(inner)
    }
    switch shape.reading.kind {
    case .csv, .tsv: return try delimited(shape)
    case .json, .ndjson: return try json(shape)
    case .xlsx: return try sheet(shape)
    case .zip: return ArchiveListing(try archive())
    }
  }

  private func inspectText(_ options: ReadingOptions) throws(SourceError) -> SourceShape {
    let (encoding, finding) = try encoding(options)
    switch try FileKind.sniffText(bytes, encoding) {
    case .json: return try inspectJSON(options, encoding, finding)
    case .delimited: return try inspectDelimited(options, encoding, finding)
    }
  }

  private func encoding(_ options: ReadingOptions) throws(SourceError) -> (TextEncoding, Finding?) {
    guard let name = options.encoding else {
      let found = try EncodingDetection.detect(bytes)
      return (found.encoding, found.finding)
    }
    guard let encoding = TextEncoding.named(name) else {
      throw .unknownOption("encoding", name, offered: TextEncoding.offered.map(\.name))
    }
    return (encoding, nil)
  }
}

extension SourceFile {
  /// The file as an archive; for attachments too.
  package func archive() throws(SourceError) -> ZipArchive {
    if let archive = opened.archive.withLock({ $0 }) { return archive }
    let archive = try readArchive()
    opened.archive.withLock { $0 = archive }
    return archive
  }

  private func readArchive() throws(SourceError) -> ZipArchive {
    do throws(SourceError) {
      return try ZipArchive(bytes, limits: limits)
    } catch {
      guard error.code == .zipDamaged, try Workbook.beginsLikeOne(bytes) else { throw error }
      throw .xlsxDamaged("a part of it is missing, as when a transfer broke off")
    }
  }

  func workbook() throws(SourceError) -> Workbook {
    if let workbook = opened.workbook.withLock({ $0 }) { return workbook }
    let workbook = try Workbook(archive())
    opened.workbook.withLock { $0 = workbook }
    return workbook
  }

  /// A table inside the archive as a file of its own; the last one is kept.
  func entryFile(_ name: String) throws(SourceError) -> SourceFile {
    if let entry = opened.entry.withLock({ $0 }), entry.name == name { return entry.file }
    guard let entry = try archive().entry(named: name) else { throw .unknownOption("entry", name, offered: []) }
    let file = SourceFile(try archive().bytes(of: entry, limits: limits), limits: limits)
    opened.entry.withLock { $0 = (name, file) }
    return file
  }
}
