// What the bytes of delimited text mean, so that most of them cost one look.

/// What a byte means between cells and within them.
final class ByteClasses {
  let table: UnsafeMutablePointer<UInt8>

  /// What ends a plain cell.
  static let stop: UInt8 = 1
  static let mark: UInt8 = 2
  static let control: UInt8 = 4

  init(delimiter: UInt8, carriageReturns: Bool) {
    table = .allocate(capacity: 256)
    table.initialize(repeating: 0, count: 256)
    for byte in 0..<32 { table[byte] = Self.control }
    table[9] = 0
    table[10] = Self.stop
    table[13] = carriageReturns ? Self.stop : 0
    table[34] = Self.mark
    table[Int(delimiter)] = Self.stop
  }

  deinit { table.deallocate() }
}
