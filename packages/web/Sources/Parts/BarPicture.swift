// A picture from the server: bars from zero with their words and numbers beside them, and the same in a table.

public import Markup

/// One bar.
public struct Bar: Sendable, Hashable {
  /// The words in front of the bar, and of its row in the table.
  public let label: String
  /// How many; not negative, as bars begin at zero.
  public let value: Int
  /// Decides the colour of the bar.
  public let meaning: Meaning

  /// A bar, which is as long as its share of the largest value in the picture.
  public init(_ label: String, _ value: Int, _ meaning: Meaning) {
    self.label = label
    self.value = value
    self.meaning = meaning
  }
}

/// Bars one under the other. Lengths are percentages, so the picture fits any width while its words keep their size.
/// - Parameters:
///   - title: what is counted, as a heading of the table.
///   - description: the picture in a sentence.
public func barPicture(_ title: String, description: String, _ bars: [Bar]) -> HTML {
  let longest = max(1, bars.map(\.value).max() ?? 1)
  return figure(.class("picture")) {
    svg(
      .role("img"), .aria("label", "\(title): \(description)"), .width("100%"), .height(String(bars.count * rowHeight))
    ) {
      desc { description }
      for (index, bar) in bars.enumerated() { row(bar, top: index * rowHeight, longest: longest) }
    }
    details {
      summary { "The numbers as a table" }
      dataTable(
        title, bars,
        columns: [
          Column("What") { $0.label },
          Column("How many", kind: .number) { grouped($0.value) },
        ])
    }
  }
}

private let rowHeight = 28
/// In percent of the width: where bars begin, and how long the longest is. The rest is for numbers.
private let (wordsWidth, longestWidth) = (30, 52)

private func row(_ bar: Bar, top: Int, longest: Int) -> HTML {
  let tenths = bar.value * longestWidth * 10 / longest
  let end = wordsWidth * 10 + tenths
  return HTML {
    drawnText(.x("0"), .y(String(top + 19))) { bar.label }
    rect(
      .data("meaning", bar.meaning.rawValue), .x("\(wordsWidth)%"), .y(String(top + 6)),
      .width("\(tenths / 10).\(tenths % 10)%"), .height("16"))
    drawnText(.x("\(end / 10).\(end % 10)%"), .y(String(top + 19)), .dx("6")) { grouped(bar.value) }
  }
}
