// The parameters of a statement, encoded once, when the interpolation is read, into one stretch of bytes.

/// The encoded parameters of one `SQL`, laid out as libpq wants them.
struct Parameters: Sendable {
  private(set) var types: [UInt32] = []
  private var bytes: [UInt8] = []
  private var offsets: [Int] = []
  private var lengths: [Int32] = []
  /// 0 for text, 1 for binary.
  private var formats: [Int32] = []
  /// The first value that could not be encoded. Interpolation cannot throw, so running the statement does.
  private(set) var refusal: BindingError?

  private static let nullOffset = -1
  private static let limit = 65_535

  var count: Int { types.count }

  mutating func append<Value: PostgresEncodable>(_ value: Value) {
    let start = bytes.count
    types.append(Value.postgresType.oid)
    formats.append(Value.postgresType == .inferred ? 0 : 1)
    guard !value.isPostgresNull else {
      offsets.append(Self.nullOffset)
      lengths.append(0)
      return
    }
    do throws(BindingError) {
      try value.encodePostgres(into: &bytes)
    } catch {
      refusal = refusal ?? error
    }
    offsets.append(start)
    lengths.append(Int32(clamping: bytes.count - start))
    // Text ends with a zero for libpq; after any other value it keeps an empty one from having no address.
    bytes.append(0)
  }

  mutating func append(contentsOf other: Parameters) {
    let start = bytes.count
    bytes.append(contentsOf: other.bytes)
    types.append(contentsOf: other.types)
    offsets.append(contentsOf: other.offsets.map { $0 == Self.nullOffset ? $0 : $0 + start })
    lengths.append(contentsOf: other.lengths)
    formats.append(contentsOf: other.formats)
    refusal = refusal ?? other.refusal
  }

  func check() throws(BindingError) {
    if let refusal { throw refusal }
    if count > Self.limit { throw .tooManyParameters(count) }
  }

  /// Lends the arrays of libpq's `paramValues`, `paramLengths` and `paramFormats`.
  func withPointers<Result>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) throws -> Result
  ) rethrows -> Result {
    guard count > 0 else { return try body(nil, nil, nil) }
    return try bytes.withUnsafeBytes { bytes in
      let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      let values = offsets.map { $0 == Self.nullOffset ? nil : base.map { [offset = $0] in $0 + offset } }
      return try values.withUnsafeBufferPointer { values in
        try lengths.withUnsafeBufferPointer { lengths in
          try formats.withUnsafeBufferPointer { formats in
            try body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
          }
        }
      }
    }
  }
}
