// Many rows at once, streamed in constant memory.

extension Transaction {
  /// Sends rows into a `COPY … FROM STDIN` in text format; returns how many the server took. The rows may use nothing
  /// of this transaction while they are produced.
  public func copy<Rows: Sequence<CopyRow> & Sendable>(_ sql: SQL, rows: Rows) async throws -> Int {
    try await copying(sql) { buffer in
      for row in rows { try await buffer.append(row) }
    }
  }

  /// Sends rows as they come into a `COPY … FROM STDIN` in text format; returns how many the server took.
  public func copy<Rows: AsyncSequence & Sendable>(
    _ sql: SQL, rows: Rows
  ) async throws -> Int where Rows.Element == CopyRow {
    try await copying(sql) { buffer in
      for try await row in rows { try await buffer.append(row) }
    }
  }

  private func copying(_ sql: SQL, _ fill: (inout CopyBuffer) async throws -> Void) async throws -> Int {
    try await connection.startCopy(sql, in: number)
    do {
      var buffer = CopyBuffer(connection: connection, number: number)
      try await fill(&buffer)
      try await buffer.send()
      return try await connection.endCopy(in: number)
    } catch {
      await connection.refuseCopy(in: number)
      throw error
    }
  }
}

/// Gathers rows and sends them when there are enough to be worth a hop to the connection's thread.
private struct CopyBuffer {
  let connection: Connection
  let number: Int
  private var bytes: [UInt8] = []

  private static let limit = 65_536

  init(connection: Connection, number: Int) {
    self.connection = connection
    self.number = number
  }

  mutating func append(_ row: CopyRow) async throws {
    bytes.append(contentsOf: row.line)
    if bytes.count >= Self.limit { try await send() }
  }

  mutating func send() async throws {
    guard !bytes.isEmpty else { return }
    try await connection.putCopy(bytes, in: number)
    bytes.removeAll(keepingCapacity: true)
  }
}
