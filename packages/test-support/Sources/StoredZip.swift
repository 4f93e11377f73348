// Small archives for tests, whose entries are stored as they are [APPNOTE 6.3.9, 4.3].

/// An archive whose entries are stored.
package struct StoredZip {
  /// Its files by their paths.
  package let entries: [(name: String, bytes: [UInt8])]

  /// These files, in their order.
  package init(entries: [(name: String, bytes: [UInt8])]) {
    self.entries = entries
  }

  /// The archive as a file.
  package var bytes: [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let name = Array(entry.name.utf8)
      let offset = archive.count
      let facts =
        Self.little(20, 2) + Self.little(0, 2) + Self.little(0, 2) + Self.little(0, 2) + Self.little(0x21, 2)
        + Self.little(Int(Self.checksum(entry.bytes)), 4) + Self.little(entry.bytes.count, 4)
        + Self.little(entry.bytes.count, 4) + Self.little(name.count, 2) + Self.little(0, 2)
      archive += Self.little(0x0403_4b50, 4) + facts + name + entry.bytes
      directory +=
        Self.little(0x0201_4b50, 4) + Self.little(20, 2) + facts + Self.little(0, 2) + Self.little(0, 2)
        + Self.little(0, 2) + Self.little(0, 4) + Self.little(offset, 4) + name
    }
    let end =
      Self.little(0x0605_4b50, 4) + Self.little(0, 4) + Self.little(entries.count, 2) + Self.little(entries.count, 2)
      + Self.little(directory.count, 4) + Self.little(archive.count, 4) + Self.little(0, 2)
    return archive + directory + end
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
