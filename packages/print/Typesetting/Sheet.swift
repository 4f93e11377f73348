// The measures of a page, in points, and how each kind of text looks on it.

/// A page of A4 [ISO 216].
enum Sheet {
  static let fullWidth = 595.28
  static let fullHeight = 841.89
  static let margin = 48.0
  static let width = fullWidth - 2 * margin
  /// Below this nothing but the foot stands.
  static let bottom = fullHeight - margin - 24
  static let foot = fullHeight - margin
  /// What the title takes at the top of a further page.
  static let headHeight = 24.0
  /// Between things that stand side by side.
  static let gap = 12.0
  /// Above and below the text of a cell, and beside it.
  static let padding = 3.0
  static let sidePadding = 5.0
  /// So many lines of a cell are shown; a longer text ends in an ellipsis.
  static let linesOfCell = 12
}

/// How a text looks.
enum TextStyle: Hashable, CaseIterable {
  case title, section, subsection, body, muted, head, cell, running

  /// Its font, as Pango describes one; a script that Noto Sans lacks comes from another of the machine's fonts.
  var font: String {
    switch self {
    case .title: "Noto Sans Bold 17"
    case .section: "Noto Sans Bold 12"
    case .subsection: "Noto Sans Bold 9.5"
    case .body, .muted: "Noto Sans 9.5"
    case .head: "Noto Sans Bold 8"
    case .cell: "Noto Sans 8"
    case .running: "Noto Sans 7.5"
    }
  }

  /// Of black on white: 0 is black.
  var grey: Double {
    switch self {
    case .muted, .running: 0.35
    default: 0
    }
  }
}

/// Where a text stands in its width.
enum TextEdge: Hashable {
  /// Where its script begins a line.
  case start
  case end
}

/// A line that is drawn.
enum Stroke: Hashable {
  case hairline
  /// For somebody's hand.
  case toWriteOn

  /// In points.
  var width: Double {
    switch self {
    case .hairline: 0.4
    case .toWriteOn: 0.7
    }
  }

  /// Of black on white: 0 is black.
  var grey: Double {
    switch self {
    case .hairline: 0.8
    case .toWriteOn: 0.3
    }
  }
}
