// What a column of a result can be read as. Results arrive in binary form; a value is taken only from the types that
// hold it without loss, so that a changed column is an error that names it rather than a wrong value.

public import EthicoTypes
public import FoundationEssentials

/// A value that a column can be read as. A type of one's own conforms by handing the cell on to a value that does.
public protocol PostgresDecodable: Sendable {
  /// Reads the value while the cell is lent. What does not fit becomes a `RowError` that names the column.
  init(cell: Cell) throws
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  /// NULL is `nil`; anything else has to be a `Wrapped`.
  public init(cell: Cell) throws {
    self = cell.isNull ? .none : .some(try Wrapped(cell: cell))
  }
}

extension String: PostgresDecodable {
  /// Reads text of any type, a `name`, or the text of `json` and `jsonb`; no number or date is made text here.
  public init(cell: Cell) throws {
    let bytes = try cell.bytes(of: .text, .varchar, .bpchar, .name, .char, .json, .jsonb, .unknown)
    guard cell.type == .jsonb else {
      self.init(decoding: bytes, as: UTF8.self)
      return
    }
    // The binary form of `jsonb` is its text behind the version number 1.
    guard bytes.first == 1 else { throw CellError.malformed }
    self.init(decoding: bytes.dropFirst(), as: UTF8.self)
  }
}

extension Int: PostgresDecodable {
  /// Reads `bigint`, `integer`, `smallint` or `xid8`; a `numeric`, as `sum` of a `bigint` gives, has to be cast.
  public init(cell: Cell) throws {
    let bytes = try cell.bytes(of: .int8, .int4, .int2, .xid8)
    switch cell.type {
    // A transaction id counts up from zero; no server lives to see the upper half.
    case .int8, .xid8: self.init(try cell.number(Int64.self, in: bytes))
    case .int4: self.init(try cell.number(Int32.self, in: bytes))
    default: self.init(try cell.number(Int16.self, in: bytes))
    }
  }
}

extension Bool: PostgresDecodable {
  /// Reads `boolean` alone: no number and no word stands for one.
  public init(cell: Cell) throws {
    self = try cell.number(UInt8.self, in: try cell.bytes(of: .bool)) != 0
  }
}

extension Double: PostgresDecodable {
  /// Reads `double precision`, or `real`, which it holds exactly; a `numeric` has to be cast.
  public init(cell: Cell) throws {
    let bytes = try cell.bytes(of: .float8, .float4)
    if cell.type == .float8 {
      self.init(bitPattern: try cell.number(UInt64.self, in: bytes))
    } else {
      self.init(Float(bitPattern: try cell.number(UInt32.self, in: bytes)))
    }
  }
}

extension UUID: PostgresDecodable {
  /// Reads the 16 bytes of a `uuid`; one that is kept as text is no `UUID` here.
  public init(cell: Cell) throws {
    let bytes = try cell.bytes(of: .uuid)
    guard bytes.count == 16 else { throw CellError.malformed }
    self.init(uuid: bytes.loadUnaligned(as: uuid_t.self))
  }
}

extension ID: PostgresDecodable {
  /// Reads a `uuid`; whose id it is, only the code that asks for it says.
  public init(cell: Cell) throws {
    self.init(try UUID(cell: cell))
  }
}

extension Date: PostgresDecodable {
  /// Reads `timestamptz`, to the microsecond. No date stands for `infinity`, so that is an error.
  public init(cell: Cell) throws {
    let bytes = try cell.bytes(of: .timestamptz)
    let timestamp = Timestamp(microsecondsSince2000: try cell.number(Int64.self, in: bytes))
    guard !timestamp.isInfinite else { throw CellError.malformed }
    self = timestamp.date
  }
}
