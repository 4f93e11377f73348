// The message of an error without what varies from one time to the next, and so without anybody's words: all that is
// kept of it. What was said in full stands in the log alone.

import FoundationEssentials
import Postgres

/// The message of an error, its variables replaced: `Case <n> of <text> for <mail>`.
package struct ErrorText: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  /// So many characters are kept.
  static let limit = 500
  /// So many are looked at: what is longer is data, not a message.
  private static let readLimit = 4_000

  /// A message as somebody wrote it.
  package init(replacingVariablesIn message: String) {
    self.init(fixed: "", message)
  }

  /// What is known of an error. One that tells of itself in words of its own may quote anything: its type names it.
  package init(_ error: any Error) {
    switch error {
    case let error as PostgresError:
      let rule = error.constraint.map { " (\($0))" } ?? ""
      self.init(fixed: "PostgresError \(error.sqlState.rawValue): ", error.message, rule)
    case RowError.value(let column, let expected, _):
      self.init(replacingVariablesIn: RowError.value(column: column, expected: expected, found: "''").description)
    case let error as RowError:
      self.init(replacingVariablesIn: error.description)
    case _ where Self.tellsOfItself(type(of: error)): self.init(fixed: String(reflecting: type(of: error)), "")
    default:
      // Prints every text in quotes.
      self.init(replacingVariablesIn: String(reflecting: error))
    }
  }

  /// Asked of the type: an error itself can always be seen as an NSError, which has words for everything.
  private static func tellsOfItself(_ type: Any.Type) -> Bool {
    type is any CustomStringConvertible.Type || type is any CustomDebugStringConvertible.Type
  }

  private init(fixed: String, _ varying: String, _ end: String = "") {
    let text = Self.withoutPlace(fixed) + Self.replaced(String(varying.prefix(Self.readLimit))) + end
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    description = line.isEmpty ? "No message" : String(line.prefix(Self.limit))
  }

  /// Quoted text first, since anything may stand in it; then from the longest form to the shortest.
  private static func replaced(_ message: String) -> String {
    withoutPlace(message)
      // A quotation that never ends goes on to the end; a single quote within a word is an apostrophe.
      .replacing(#/"(?:[^"\\]|\\.)*(?:"|$)/#.dotMatchesNewlines(), with: "<text>")
      .replacing(#/“[^”]*(?:”|$)|«[^»]*(?:»|$)|`[^`]*(?:`|$)/#, with: "<text>")
      .replacing(#/(^|[^\p{L}\p{N}])(?:'[^']*(?:'|$)|‘[^’]*(?:’|$))/#) { $0.output.1 + "<text>" }
      .replacing(#/[^\s<>()\[\]:;,]+@[^\s<>()\[\]:;,]*[^\s<>()\[\]:;,.]/#, with: "<mail>")
      .replacing(#/[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}/#, with: "<id>")
      .replacing(
        #/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{0,2})?/#,
        with: "<time>"
      )
      .replacing(#/0x[0-9A-Fa-f]+/#, with: "<n>")
      .replacing(#/(^|[^\p{L}\p{N}_])[0-9]+(?:[.,:][0-9]+)*/#) { $0.output.1 + "<n>" }
  }

  /// Where a private type lies in memory, which Swift prints and every start of the program changes.
  private static func withoutPlace(_ text: String) -> String {
    text.replacing(#/\(unknown context at \$[0-9a-f]+\)\./#, with: "")
  }
}
