// Texts within the head of a mail: printable ASCII, whatever they say, so that none of them ends its line.

import EthicoTypes
import FoundationEssentials

/// Writes texts as a header takes them: as they are where they may stand so, else as encoded words [RFC 2047].
enum HeaderText {
  /// So long a line with an encoded word may be [RFC 2047, 2].
  static let lineLimit = 76

  /// The text without anything that is no sign of its own: ends of lines and other controls become spaces.
  static func line(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
      default: line.append(scalar)
      }
    }
    return String(line).trimmed
  }

  /// A subject.
  /// - Parameter column: how much of the line is taken.
  static func unstructured(_ text: String, after column: Int) -> String {
    let text = line(text)
    return isPlain(text) && column + text.utf8.count <= lineLimit ? text : encoded(text, after: column)
  }

  /// A name before an address: words, quoted where other signs stand in it.
  static func phrase(_ text: String, after column: Int) -> String {
    let text = line(text)
    let isWords = text.utf8.allSatisfy { MailAddress.isAtomSign($0) || $0 == UInt8(ascii: " ") }
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let phrase = isWords ? text : "\"\(escaped)\""
    return isPlain(text) && column + phrase.utf8.count <= lineLimit ? phrase : encoded(text, after: column)
  }

  /// Whether a text says what stands there: what looks like an encoded word would be read as one.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
  }

  private static func encoded(_ text: String, after column: Int) -> String {
    var words: [String] = []
    var part: [UInt8] = []
    var room = bytes(in: lineLimit - column)
    for scalar in text.unicodeScalars {
      let sign = Array(String(scalar).utf8)
      if part.count + sign.count > room {
        words.append(word(part))
        part = []
        room = bytes(in: lineLimit - 1)
      }
      part += sign
    }
    return (words + [word(part)]).joined(separator: "\r\n ")
  }

  private static func word(_ part: [UInt8]) -> String {
    "=?utf-8?B?" + Data(part).base64EncodedString() + "?="
  }

  /// How many bytes a word of so many columns carries.
  private static func bytes(in columns: Int) -> Int {
    (columns - word([]).utf8.count) / 4 * 3
  }
}
