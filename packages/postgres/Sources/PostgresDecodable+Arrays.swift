// Array columns as lists: one dimension [array_send of PostgreSQL].

public import EthicoTypes
public import FoundationEssentials

/// A value that can stand in a list read from an array column.
public protocol PostgresDecodableElement: Sendable {
  /// Reads the whole list.
  static func array(from cell: Cell) throws -> [Self]
}

extension Array: PostgresDecodable where Element: PostgresDecodableElement {
  /// Reads one dimension, in its order; a NULL column is an error and no empty list, unless it is read as optional.
  public init(cell: Cell) throws {
    self = try Element.array(from: cell)
  }
}

extension PostgresDecodableElement where Self: PostgresDecodable {
  /// Reads element by element; a list with NULL in it has to be read as one of optionals.
  public static func array(from cell: Cell) throws -> [Self] {
    var reader = try ArrayReader(cell)
    var array: [Self] = []
    array.reserveCapacity(reader.count)
    for _ in 0..<reader.count { array.append(try Self(cell: try reader.next())) }
    return array
  }
}

extension String: PostgresDecodableElement {}
extension Int: PostgresDecodableElement {}
extension Bool: PostgresDecodableElement {}
extension Double: PostgresDecodableElement {}
extension UUID: PostgresDecodableElement {}
extension ID: PostgresDecodableElement {}
extension Date: PostgresDecodableElement {}
extension Optional: PostgresDecodableElement where Wrapped: PostgresDecodable & PostgresDecodableElement {}

/// A list of bytes is one `bytea`, or a text in UTF-8, not a list of numbers.
extension UInt8: PostgresDecodableElement {
  /// The bytes as they are, copied; for what is only computed from there is `Row.withBytes`.
  public static func array(from cell: Cell) throws -> [UInt8] {
    [UInt8](try cell.bytes(of: .bytea, .text))
  }
}

/// Walks over the elements of an array in binary form, never past its end.
private struct ArrayReader {
  let count: Int
  private let elementType: PostgresType
  private var rest: Slice<UnsafeRawBufferPointer>

  private static let types: [PostgresType] = [
    .boolArray, .int2Array, .int4Array, .int8Array, .textArray, .float8Array, .timestamptzArray, .uuidArray,
    .nameArray, .bpcharArray, .varcharArray, .float4Array,
  ]

  init(_ cell: Cell) throws(CellError) {
    guard Self.types.contains(cell.type) else { throw .type }
    guard let bytes = cell.bytes else { throw .null }
    rest = bytes[...]
    let dimensions = try Self.word(&rest)
    _ = try Self.word(&rest)
    elementType = PostgresType(UInt32(bitPattern: try Self.word(&rest)))
    guard dimensions == 1 else {
      guard dimensions == 0 else { throw .malformed }
      count = 0
      return
    }
    let length = try Self.word(&rest)
    _ = try Self.word(&rest)
    // Each element takes four bytes at least, so a count beyond that is not to be believed, nor reserved for.
    guard length >= 0, Int(length) * 4 <= rest.count else { throw .malformed }
    count = Int(length)
  }

  mutating func next() throws(CellError) -> Cell {
    let length = Int(try Self.word(&rest))
    guard length >= 0 else { return Cell(bytes: nil, type: elementType) }
    guard length <= rest.count else { throw .malformed }
    let element = rest.prefix(length)
    rest = rest.dropFirst(length)
    return Cell(bytes: UnsafeRawBufferPointer(rebasing: element), type: elementType)
  }

  private static func word(_ rest: inout Slice<UnsafeRawBufferPointer>) throws(CellError) -> Int32 {
    guard rest.count >= 4 else { throw .malformed }
    let word = UnsafeRawBufferPointer(rebasing: rest.prefix(4)).loadUnaligned(as: Int32.self)
    rest = rest.dropFirst(4)
    return Int32(bigEndian: word)
  }
}
