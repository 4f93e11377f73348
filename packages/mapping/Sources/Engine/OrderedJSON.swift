// JSON whose members keep their order, so that the same answer is the same bytes.

import EthicoTypes
import Glibc

/// A JSON value whose members stand as they were put.
package indirect enum OrderedJSON: Hashable, Sendable {
  case object([Member])
  case array([OrderedJSON])
  case string(String)
  /// With at most four decimals.
  case number(Double)
  case integer(Int)
  case bool(Bool)
  case null

  /// One name with its value.
  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: OrderedJSON

    package init(_ name: String, _ value: OrderedJSON) {
      self.name = name
      self.value = value
    }
  }

  /// The value as text, without white space.
  package var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        JSONString.append(member.name, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .string(let string): JSONString.append(string, to: &text)
    case .number(let number): text += Self.decimal(number, places: 4)
    case .integer(let number): text += String(number)
    case .bool(let bool): text += bool ? "true" : "false"
    case .null: text += "null"
    }
  }

  /// A number with at most so many decimals, and none that are 0.
  static func decimal(_ number: Double, places: Int) -> String {
    guard number.isFinite else { return "0" }
    let scale = pow(10, Double(places))
    let whole = Int((abs(number) * scale).rounded())
    let unit = Int(scale)
    var text = String(whole / unit)
    let digits = String(whole % unit)
    if whole % unit > 0 {
      var decimals = String(repeating: "0", count: places - digits.count) + digits
      while decimals.hasSuffix("0") { decimals.removeLast() }
      text += "." + decimals
    }
    return number < 0 && whole > 0 ? "-" + text : text
  }
}
