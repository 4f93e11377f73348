// One entry of a ZIP, unpacked as it is read: length, checksum and ratio are held to what was promised.

import CZlib

/// The content of an entry as a stream.
package final class ZipEntryReader {
  private let entry: ZipArchive.Entry
  private let source: any ByteSource
  private let end: Int
  private var place: Int
  private let start: Int
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableRawBufferPointer
  private var produced = 0
  private var checksum: UInt
  private var isDone = false

  private static let inputSize = 1 << 16

  init(_ entry: ZipArchive.Entry, _ source: any ByteSource, start: Int) throws(SourceError) {
    self.entry = entry
    self.source = source
    self.start = start
    place = start
    end = start + entry.packedSize
    checksum = crc32(0, nil, 0)
    // zlib keeps the address of its stream.
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: Self.inputSize, alignment: 8)
    // Negative: without a wrapper [zlib.h].
    guard inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw .unreadable("there is no memory to unpack it")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Fills a part of `buffer`, and says how much; 0 at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
    if isDone || buffer.isEmpty { return 0 }
    let count = entry.isDeflated ? try inflated(into: buffer) : try stored(into: buffer)
    produced += count
    checksum = crc32(checksum, buffer.assumingMemoryBound(to: UInt8.self).baseAddress, UInt32(count))
    if produced > entry.size { throw .zipDamaged("“\(entry.name)” is longer than its directory says") }
    if ZipDirectory.isBomb(unpacked: produced, packed: place - start) { throw .zipRatio("“\(entry.name)”") }
    if count == 0 || isDone { try finish() }
    return count
  }

  /// All of it; only for what is known to be small.
  package func readAll() throws(SourceError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entry.size)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
    defer { buffer.deallocate() }
    while true {
      let count = try read(into: buffer)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  private func finish() throws(SourceError) {
    isDone = true
    guard produced == entry.size, UInt32(checksum) == entry.checksum else {
      throw .zipDamaged("“\(entry.name)” does not match its checksum")
    }
  }

  private func stored(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
    let count = min(buffer.count, end - place, 1 << 30)
    let got = try source.read(at: place, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
    place += got
    return got
  }

  private func inflated(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
    let room = UInt32(min(buffer.count, 1 << 30))
    stream.pointee.next_out = buffer.assumingMemoryBound(to: UInt8.self).baseAddress
    stream.pointee.avail_out = room
    while stream.pointee.avail_out == room {
      if stream.pointee.avail_in == 0 {
        let count = min(Self.inputSize, end - place)
        let got = try source.read(at: place, into: UnsafeMutableRawBufferPointer(rebasing: input[..<count]))
        place += got
        stream.pointee.next_in = input.assumingMemoryBound(to: UInt8.self).baseAddress
        stream.pointee.avail_in = UInt32(got)
      }
      let status = inflate(stream, Z_NO_FLUSH)
      if status == Z_STREAM_END {
        isDone = true
        break
      }
      guard status == Z_OK || (status == Z_BUF_ERROR && place < end) else {
        throw .zipDamaged("“\(entry.name)” cannot be unpacked")
      }
    }
    return Int(room - stream.pointee.avail_out)
  }
}
