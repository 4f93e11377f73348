// One value of a result while it still lies in libpq's memory.

/// One value of a result, to be decoded at once: it is lent only to `PostgresDecodable.init(cell:)`.
public struct Cell {
  /// The value in binary form, `nil` for NULL. Points into the result, which the row that lends the cell keeps alive.
  let bytes: UnsafeRawBufferPointer?
  let type: PostgresType

  /// Whether the value is NULL.
  public var isNull: Bool { bytes == nil }

  /// The bytes of a value of one of these types. Inlined, for the list is then no allocation.
  @inline(__always) func bytes(of types: PostgresType...) throws(CellError) -> UnsafeRawBufferPointer {
    guard types.contains(type) else { throw .type }
    guard let bytes else { throw .null }
    return bytes
  }

  /// The number that a value of fixed length consists of.
  func number<Number: FixedWidthInteger>(
    _: Number.Type, in bytes: UnsafeRawBufferPointer
  ) throws(CellError) -> Number {
    guard bytes.count == MemoryLayout<Number>.size else { throw .malformed }
    return Number(bigEndian: bytes.loadUnaligned(as: Number.self))
  }
}

/// Why a cell is not the value that was asked for; the row adds the column.
enum CellError: Error {
  case type, null, malformed
}
