// A colour that text is set in, or set on: it has to stand out from white [WCAG 2.2, 1.4.3].

import Glibc
import Web

/// A colour as `#rrggbb`, folded to lower case, that white text can be read on.
struct BrandColour: Sendable, Hashable {
  let text: String

  /// What ordinary text needs.
  static let leastContrast = 4.5

  /// - Throws: `Invalid` for what is no such colour, or too near to white.
  init(_ typed: String) throws {
    let folded = typed.lowercased()
    guard folded.wholeMatch(of: #/#[0-9a-f]{6}/#) != nil else {
      throw Invalid("colour", "Write a colour as #1a5fb4: a number sign and six digits from 0 to f.")
    }
    text = folded
    guard contrast >= Self.leastContrast else {
      throw Invalid(
        "colour",
        "\(folded) stands out from white by \(contrastText): text needs at least 4.5:1. Choose a darker colour.")
    }
  }

  /// A colour that was stored, and so was checked.
  init(stored: String) {
    text = stored
  }

  /// To white, from 1 to 21 [WCAG 2.2, contrast ratio].
  var contrast: Double {
    1.05 / (luminance + 0.05)
  }

  /// `4.54:1`, cut off and not rounded, so that it never looks like enough when it is not.
  var contrastText: String {
    let hundredths = Int(contrast * 100)
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction):1"
  }

  /// [WCAG 2.2, relative luminance]
  private var luminance: Double {
    let number = Int(text.dropFirst(), radix: 16) ?? 0
    return 0.2126 * Self.linear(number >> 16) + 0.7152 * Self.linear(number >> 8 & 255)
      + 0.0722 * Self.linear(number & 255)
  }

  private static func linear(_ channel: Int) -> Double {
    let value = Double(channel) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }
}
