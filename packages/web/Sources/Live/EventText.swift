// Events as a stream's text [HTML Living Standard, 9.2.6].

import HTTPTypes

/// Writes `text/event-stream`.
enum EventText {
  static let contentType = "text/event-stream"

  /// How long a browser waits before it asks again, after a stream broke off.
  static func retry(milliseconds: Int) -> String {
    "retry: \(milliseconds)\n\n"
  }

  /// An event. Each line of what it carries is a field of its own, whichever way the lines end: what stands behind a
  /// line's end could otherwise be a field, or another event.
  static func event(_ name: StaticString, _ data: String) -> String {
    let lines = data.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      .split(separator: "\n", omittingEmptySubsequences: false)
    return "event: \(name)\n" + lines.map { "data: \($0)\n" }.joined() + "\n"
  }
}

extension HTTPField.Name {
  /// Tells a proxy not to keep back what it is given.
  static let accelBuffering = known("X-Accel-Buffering")
}
