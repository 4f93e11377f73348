// A picture from the server within a line of text: a bar a day from zero, the present day marked, and its numbers in
// words.

public import Markup

/// Small bars, the last one the present.
/// - Parameters:
///   - title: what is counted, as `Errors a day`.
///   - unit: how wide a bar is with its gap, in pixels; the picture is three times as high.
public func sparkline(_ title: String, _ values: [Int], unit: Int = 6) -> HTML {
  let highest = max(1, values.max() ?? 1)
  let height = unit * 3
  let numbers = values.map(grouped).joined(separator: ", ")
  return svg(
    .class("sparkline"), .role("img"), .aria("label", "\(title): \(numbers)"), .width(String(values.count * unit)),
    .height(String(height))
  ) {
    for (index, value) in values.enumerated() {
      // A day on which anything happened is seen, however little it was.
      let tall = value == 0 ? 1 : max(2, value * height / highest)
      rect(
        .data("meaning", index == values.count - 1 && value > 0 ? "bad" : "neutral"), .x(String(index * unit)),
        .y(String(height - tall)), .width(String(unit - 1)), .height(String(tall)))
    }
  }
}
