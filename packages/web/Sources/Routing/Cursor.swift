// Where the next page of a list begins, as the address carries it: bound to the list it came from.

import Access
import Crypto
public import FoundationEssentials

/// Makes and reads the `after` parameter of a list: the values of the last row shown, and a digest of order and filter.
public enum CursorText {
  /// - Parameter fingerprint: what the list is ordered and filtered by.
  public static func make(_ parts: [String], fingerprint: String) -> String {
    Base64URL.encode(Array((parts + [digest(fingerprint)]).joined(separator: "\u{1}").utf8))
  }

  /// - Throws: `Problem.badCursor` for what we did not make for this very list.
  public static func read(_ text: String, count: Int, fingerprint: String) throws -> [String] {
    guard text.utf8.count <= 2_000, let bytes = Base64URL.decode(text),
      let joined = String(validating: bytes, as: UTF8.self), !joined.contains("\0")
    else { throw Problem.badCursor }
    let parts = joined.split(separator: "\u{1}", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == count + 1, parts.last == digest(fingerprint) else { throw Problem.badCursor }
    return Array(parts.dropLast())
  }

  private static func digest(_ fingerprint: String) -> String {
    SHA256.hash(data: Data(fingerprint.utf8)).prefix(6).map { String($0, radix: 16) }.joined(separator: ".")
  }
}

/// Moments in cursors, to the microsecond.
public enum CursorDate {
  /// Microseconds since the beginning of 1970 in UTC, as a whole number.
  public static func text(_ date: Date) -> String {
    String(Int64((date.timeIntervalSince1970 * 1_000_000).rounded()))
  }

  /// - Throws: `Problem.badCursor` for what is no such number, or lies outside the years 1970 to 9999.
  public static func read(_ text: String) throws -> Date {
    guard let microseconds = Int64(text), (0...253_402_300_799_000_000).contains(microseconds) else {
      throw Problem.badCursor
    }
    return Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
  }
}
