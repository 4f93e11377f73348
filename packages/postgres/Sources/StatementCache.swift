// The statements that a connection has prepared, so that a text is parsed and planned once per connection.

import Glibc

/// A prepared statement of one connection.
final class PreparedStatement {
  let name: String
  /// The columns of its results, kept from the first one: the server refuses to run it once they would change.
  var columns: Columns?
  fileprivate var lastUse = 0

  init(name: String) {
    self.name = name
  }
}

/// What a statement is prepared under: its text to the byte, and the types declared for its parameters.
struct StatementKey: Hashable {
  let text: String
  let types: [UInt32]

  /// Compares bytes, as two spellings of one character make equal strings but different SQL.
  static func == (left: StatementKey, right: StatementKey) -> Bool {
    left.types == right.types && left.text.hasBytes(of: right.text)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(text)
  }
}

/// The prepared statements of one connection, the least recently used leaving first.
struct StatementCache {
  private var statements: [StatementKey: PreparedStatement] = [:]
  private var uses = 0
  private var names = 0

  static let limit = 256

  mutating func find(_ key: StatementKey) -> PreparedStatement? {
    guard let statement = statements[key] else { return nil }
    touch(statement)
    return statement
  }

  mutating func nextName() -> String {
    names += 1
    return "ops_\(names)"
  }

  mutating func insert(_ statement: PreparedStatement, for key: StatementKey) {
    touch(statement)
    statements[key] = statement
  }

  mutating func remove(_ key: StatementKey) {
    statements[key] = nil
  }

  /// The statement to give up next when there are more than so many. Looks at all of them, which only happens when a
  /// new text comes to a full cache.
  func leastRecentlyUsed(over count: Int) -> (key: StatementKey, name: String)? {
    guard statements.count > count else { return nil }
    return statements.min { $0.value.lastUse < $1.value.lastUse }.map { ($0.key, $0.value.name) }
  }

  private mutating func touch(_ statement: PreparedStatement) {
    uses += 1
    statement.lastUse = uses
  }
}

extension String {
  /// Whether both are the same bytes. Where they lie in one piece each, as they do in what Swift made, one comparison
  /// of memory tells.
  fileprivate func hasBytes(of other: String) -> Bool {
    let isSame = utf8.withContiguousStorageIfAvailable { own in
      other.utf8.withContiguousStorageIfAvailable { own.isSame(as: $0) }
    }
    return isSame.flatMap { $0 } ?? utf8.elementsEqual(other.utf8)
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count == other.count, let own = baseAddress, let theirs = other.baseAddress else {
      return count == other.count
    }
    return memcmp(own, theirs, count) == 0
  }
}
