// COPY FROM STDIN: rows stream in while the connection takes nothing else.

extension Connection {
  func startCopy(_ sql: SQL, in number: Int) async throws {
    try check(number)
    guard sql.parameters.count == 0 else { throw TransactionError.parametersInCopy }
    try await recording { wire in
      try send(takeWaiting(), on: wire)
      try wire.startCopy(sql.text)
    }
    isCopying = true
  }

  func putCopy(_ bytes: [UInt8], in number: Int) async throws {
    guard transaction == number else { throw TransactionError.ended }
    try await recording { try $0.putCopy(bytes) }
  }

  func endCopy(in number: Int) async throws -> Int {
    guard transaction == number else { throw TransactionError.ended }
    return try await recording { wire in
      isCopying = false
      return try wire.endCopy(refusing: nil)
    }
  }

  /// Gives a COPY up. The server answers with an error that says so, which is what was wanted.
  func refuseCopy(in number: Int) {
    guard transaction == number, isCopying else { return }
    isCopying = false
    do {
      _ = try openWire().endCopy(refusing: "The rows ended with an error.")
    } catch {
      failure = failure ?? error as? PostgresError
    }
  }

  private func recording<R>(_ work: (Wire) throws -> R) async throws -> R {
    do {
      return try await cancellable(work)
    } catch let error as PostgresError {
      failure = error
      throw error
    }
  }
}
