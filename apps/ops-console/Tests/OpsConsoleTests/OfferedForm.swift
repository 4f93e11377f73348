// The forms that a page offers, with what a browser would send of them: for tests that do what a person can do.

import Foundation

/// A form as somebody finds it who presses its first button.
struct OfferedForm {
  let action: String
  /// Whether it takes a file.
  private(set) var takesFile = false
  private(set) var fields: [(name: String, value: String)] = []
  /// What the options of each choice are called, with their values.
  private var choices: [String: [String: String]] = [:]

  /// Those of a page that change something, in their order. Of choices that nobody made yet each has its first.
  static func all(in page: String) -> [OfferedForm] {
    page.matches(of: #/<form\b([^>]*)>([\s\S]*?)<\/form>/#).compactMap { match in
      let attributes = attributes(match.output.1)
      guard attributes["method"] == "post" else { return nil }
      var form = OfferedForm(action: attributes["action"] ?? "")
      form.read(match.output.2)
      // The boxes of a list stand in its rows: the first one is ticked.
      let boxes = page.matches(of: #/<input\b([^>]*)>/#).map { Self.attributes($0.output.1) }
      if let id = attributes["id"], let box = boxes.first(where: { $0["form"] == id && $0["type"] == "checkbox" }) {
        form.set(box["name"] ?? "", box["value"] ?? "on")
      }
      return form
    }
  }

  private init(action: String) {
    self.action = action
  }

  subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// Writes into a field; a choice may be named as the page calls it.
  mutating func set(_ name: String, _ value: String) {
    let value = choices[name]?[value] ?? value
    if let index = fields.firstIndex(where: { $0.name == name }) {
      fields[index].value = value
    } else {
      fields.append((name, value))
    }
  }

  private mutating func read(_ text: Substring) {
    var choice: String?
    var hasButton = false
    for match in text.matches(of: #/<(input|select|option|textarea|button)\b([^>]*)>([^<]*)/#) {
      let attributes = Self.attributes(match.output.2)
      let value = attributes["value"] ?? ""
      if match.output.1 != "option" { choice = nil }
      switch (match.output.1, attributes["name"]) {
      case ("input", let name?): readInput(name, value, attributes)
      case ("textarea", let name?): set(name, Self.plain(match.output.3))
      case ("select", let name?):
        choice = name
        set(name, "")
      case ("option", _):
        guard let choice else { continue }
        choices[choice, default: [:]][Self.plain(match.output.3)] = value
        if attributes["selected"] != nil && !value.isEmpty || self[choice] == "" { set(choice, value) }
      case ("button", let name):
        if let name, !hasButton { set(name, value) }
        hasButton = true
      default: break
      }
    }
  }

  private mutating func readInput(_ name: String, _ value: String, _ attributes: [String: String]) {
    switch attributes["type"] {
    case "file": takesFile = true
    case "checkbox": if attributes["checked"] != nil { set(name, value) }
    case "radio": if attributes["checked"] != nil || self[name] == nil { set(name, value) }
    default: set(name, value)
    }
  }

  private static func attributes(_ text: Substring) -> [String: String] {
    let pairs = text.matches(of: #/([a-z-]+)(?:="([^"]*)")?/#).map {
      (String($0.output.1), plain($0.output.2 ?? ""))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  private static func plain(_ text: Substring) -> String {
    String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
  }
}
