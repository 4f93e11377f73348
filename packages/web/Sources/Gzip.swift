// gzip [RFC 1952] by zlib.

import CZlib
import FoundationEssentials

enum Gzip {
  /// Compresses at once; `nil` when zlib has no memory. Without a name or a time, so the same bytes give the same
  /// bytes.
  static func compress(_ bytes: Data) -> Data? {
    var stream = z_stream()
    guard zlib_begin_gzip(&stream) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var input = Array(bytes)
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))))
    let result = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        return deflate(&stream, Z_FINISH)
      }
    }
    guard result == Z_STREAM_END else { return nil }
    return Data(output.prefix(Int(stream.total_out)))
  }
}
