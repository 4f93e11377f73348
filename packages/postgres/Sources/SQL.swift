// SQL as prose in which every interpolation binds: a value can never become part of the text, because the only ways to
// lengthen the text are a literal in the source and another `SQL`.

public import EthicoTypes

/// A statement, or a piece of one, written as a string literal: `"SELECT name FROM tenant WHERE id = \(id)"`.
public struct SQL: Sendable {
  /// The text around the parameters: one piece more than there are parameters.
  private var pieces: [String]
  private(set) var parameters: Parameters

  fileprivate init() {
    pieces = [""]
    parameters = Parameters()
  }

  /// A text that did not stand as a literal in the source: migrations, and names that this package makes itself.
  package init(trusted text: String) {
    pieces = [text]
    parameters = Parameters()
  }

  /// The text with `$1`, `$2` … for its parameters.
  public var text: String {
    guard pieces.count > 1 else { return pieces[0] }
    var text = pieces[0]
    text.reserveCapacity(pieces.reduce(0) { $0 + $1.utf8.count + 5 })
    for (index, piece) in pieces.enumerated().dropFirst() {
      text += "$\(index)"
      // A digit right behind a parameter would make another number of it.
      if let first = piece.utf8.first, (0x30...0x39).contains(first) { text += " " }
      text += piece
    }
    return text
  }

  /// One after the other, the parameters renumbered.
  public static func + (left: SQL, right: SQL) -> SQL {
    var result = left
    result.append(right)
    return result
  }

  fileprivate mutating func append(literal: StaticString) {
    literal.withUTF8Buffer { pieces[pieces.count - 1] += String(decoding: $0, as: UTF8.self) }
  }

  fileprivate mutating func append(parameter: some PostgresEncodable) {
    parameters.append(parameter)
    pieces.append("")
  }

  fileprivate mutating func append(_ other: SQL) {
    pieces[pieces.count - 1] += other.pieces[0]
    pieces.append(contentsOf: other.pieces.dropFirst())
    parameters.append(contentsOf: other.parameters)
  }
}

extension SQL: ExpressibleByStringInterpolation {
  /// Literals are `StaticString`, so that no `String` made at run time can pass for one.
  public init(stringLiteral literal: StaticString) {
    self.init()
    append(literal: literal)
  }

  /// Called by the compiler for a literal with interpolations in it.
  public init(stringInterpolation: StringInterpolation) {
    self = stringInterpolation.sql
  }

  /// Collects the literals and the parameters of one interpolated literal.
  public struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var sql = SQL()

    /// Called by the compiler; both numbers are estimates, and nothing is reserved for them.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Takes a stretch of the source as it stands; a `StaticString`, so that no text made at run time gets here.
    public mutating func appendLiteral(_ literal: StaticString) {
      sql.append(literal: literal)
    }

    /// Binds a value.
    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      sql.append(parameter: value)
    }

    /// Binds a value, or NULL.
    public mutating func appendInterpolation<T: PostgresEncodable>(_ value: T?) {
      sql.append(parameter: value)
    }

    /// Binds a term by its raw text.
    public mutating func appendInterpolation(_ term: some Term) {
      sql.append(parameter: term.rawValue)
    }

    /// Binds a term by its raw text, or NULL.
    public mutating func appendInterpolation<T: Term>(_ term: T?) {
      sql.append(parameter: term?.rawValue)
    }

    /// Binds terms as a list of their raw texts.
    public mutating func appendInterpolation<T: Term>(_ terms: [T]) {
      sql.append(parameter: terms.map(\.rawValue))
    }

    /// Splices another piece of SQL, its parameters renumbered.
    public mutating func appendInterpolation(fragment: SQL) {
      sql.append(fragment)
    }
  }
}
