// ZIP as its central directory tells it [APPNOTE.TXT 6.3.10]: what may be read, what is refused, and never a path.

/// The entries of an archive, and the bytes of each as a stream.
package final class ZipArchive: Sendable {
  /// A file inside.
  package struct Entry: Sendable, Equatable {
    /// The path within the archive, with slashes; nothing is ever written under it.
    package let name: String
    /// Bytes when unpacked, as the directory says; reading checks it.
    package let size: Int
    let packedSize: Int
    let checksum: UInt32
    let isDeflated: Bool
    let headerOffset: Int
  }

  /// An entry that is not read, and why.
  package struct Refusal: Sendable, Equatable {
    package enum Code: String, Sendable, CaseIterable, Codable {
      case traversal = "zip.entry_traversal"
      case absolute = "zip.entry_absolute"
      case duplicate = "zip.entry_duplicate"
      case symlink = "zip.entry_symlink"
      case encrypted = "zip.entry_encrypted"
      case method = "zip.entry_method"
      case name = "zip.entry_name"
    }

    package let name: String
    package let code: Code

    package var text: String {
      switch code {
      case .traversal: "“\(name)” leads out of the archive and was left out."
      case .absolute: "“\(name)” names a place on a disk and was left out."
      case .duplicate: "“\(name)” is there twice; only the first was read."
      case .symlink: "“\(name)” is a link and was left out."
      case .encrypted: "“\(name)” is protected by a password and was left out."
      case .method: "“\(name)” is packed in a way that is not read here and was left out."
      case .name: "An entry without a usable name was left out."
      }
    }
  }

  /// In the order of the directory.
  package let entries: [Entry]
  package let refusals: [Refusal]
  let source: any ByteSource
  private let places: [String: Int]

  /// Reads the directory; refuses the whole archive when it is a bomb or broken.
  package init(_ source: any ByteSource, limits: SourceLimits = .standard) throws(SourceError) {
    self.source = source
    let directory = try ZipDirectory.read(source, limits: limits)
    try directory.refuseBombs(size: source.size)
    var entries: [Entry] = []
    var refusals: [Refusal] = []
    var places: [String: Int] = [:]
    for record in directory.records where !record.isFolder {
      let code = record.refusal ?? (places[record.name] == nil ? nil : .duplicate)
      if let code {
        refusals.append(Refusal(name: String(record.name.prefix(300)), code: code))
        continue
      }
      places[record.name] = entries.count
      entries.append(
        Entry(
          name: record.name, size: record.size, packedSize: record.packedSize, checksum: record.checksum,
          isDeflated: record.method == 8, headerOffset: record.headerOffset))
    }
    self.entries = entries
    self.refusals = refusals
    self.places = places
  }

  /// The entry of that name.
  package func entry(named name: String) -> Entry? { places[name].map { entries[$0] } }

  /// The content of an entry from its beginning.
  package func open(_ entry: Entry) throws(SourceError) -> ZipEntryReader {
    let header = try source.read(at: entry.headerOffset, count: 30)
    guard header.count == 30, header.starts(with: [0x50, 0x4B, 3, 4]) else {
      throw .zipDamaged("“\(entry.name)” is not where the directory says")
    }
    let start =
      entry.headerOffset + 30 + Int(header[26]) + Int(header[27]) << 8 + Int(header[28]) + Int(header[29]) << 8
    guard start + entry.packedSize <= source.size else { throw .zipDamaged("“\(entry.name)” is cut off") }
    return try ZipEntryReader(entry, source, start: start)
  }

  /// The content of an entry to be read at any place: in memory if it is small, else in a file without a name.
  func bytes(of entry: Entry, limits: SourceLimits) throws(SourceError) -> any ByteSource {
    if entry.size > limits.fileBytes { throw .tooLarge(limits.fileBytes) }
    let reader = try open(entry)
    if entry.size <= 4 << 20 { return MemoryBytes(try reader.readAll()) }
    let scratch = try ScratchFile()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 8)
    defer { buffer.deallocate() }
    while true {
      let count = try reader.read(into: buffer)
      if count == 0 { break }
      try scratch.append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
    }
    return try scratch.bytes()
  }
}
