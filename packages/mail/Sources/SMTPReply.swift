// What a mail server said last, as staff read it: in its own words, but for addresses.

/// A server's answer to a command [RFC 5321, 4.2].
struct SMTPReply: Sendable, Hashable {
  let code: Int
  /// `552 5.2.2 The mailbox is full`.
  let text: String

  /// So much of an answer is kept.
  private static let limit = 300

  /// - Parameter lines: its lines as they came, the last of them included.
  /// - Returns: `nil` for what is no answer.
  init?(_ lines: [String]) {
    guard let code = lines.last.flatMap({ Int($0.prefix(3)) }), (200...599).contains(code) else { return nil }
    self.code = code
    var said: [Substring] = []
    for line in lines {
      var words = line.dropFirst(4).split(whereSeparator: { $0.isWhitespace || $0.isNewline })
      // The lines that follow repeat the status of the first.
      if let status = words.first, status == said.first, status.contains(".") { words.removeFirst() }
      said += words
    }
    let text = ([Substring(String(code))] + said).joined(separator: " ")
    self.text = String(Self.withoutAddresses(text).prefix(Self.limit))
  }

  /// Whether the server refused what it was told.
  var isRefusal: Bool { code >= 400 }

  /// Whether it would refuse it again [RFC 5321, 4.2.1].
  var isForGood: Bool { code >= 500 }

  /// Whether a line is the last of its answer.
  static func ends(_ line: String) -> Bool {
    line.utf8.count < 4 || line.utf8.dropFirst(3).first != UInt8(ascii: "-")
  }

  /// Whose mail it was is hidden with the job's arguments, and never in the log.
  private static func withoutAddresses(_ text: String) -> String {
    text.replacing(#/<?[^\s<>()\[\]:;,]+@[^\s<>()\[\]:;,]+>?/#, with: "(address)")
  }
}
