// Strings of JSON, in the one form that everything of ours writes them in where their bytes are compared or hashed.

/// Strings as JSON writes them, with as few and as short escapes as it allows [RFC 8785, 3.2.2.2].
public enum JSONString {
  /// The string within its quotation marks.
  public static func quoted(_ string: String) -> String {
    var text = ""
    append(string, to: &text)
    return text
  }

  /// Writes the string within its quotation marks behind a text.
  public static func append(_ string: String, to text: inout String) {
    text += "\""
    // Most strings stand there as they are.
    if string.utf8.withContiguousStorageIfAvailable({ $0.allSatisfy(isPlain) }) ?? false {
      text += string
    } else {
      var plain = string.startIndex
      for position in string.utf8.indices {
        let byte = string.utf8[position]
        if isPlain(byte) { continue }
        text += string[plain..<position]
        text += escape(byte)
        plain = string.utf8.index(after: position)
      }
      text += string[plain...]
    }
    text += "\""
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func escape(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""): "\\\""
    case UInt8(ascii: "\\"): "\\\\"
    case UInt8(ascii: "\n"): "\\n"
    case UInt8(ascii: "\r"): "\\r"
    case UInt8(ascii: "\t"): "\\t"
    case 0x08: "\\b"
    case 0x0C: "\\f"
    default: "\\u" + byte.padded(to: 4, radix: 16)
    }
  }
}
