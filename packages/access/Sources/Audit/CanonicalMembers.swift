// Reads an object of canonical JSON no further than its members: enough to hold each against what it should be, at a
// small part of what a JSON decoder costs.

import EthicoTypes
import FoundationEssentials

/// The members of an object in canonical JSON, each in the bytes it is written in.
struct CanonicalMembers: Sendable {
  private let text: [UInt8]
  private var members: [(name: Range<Int>, value: Range<Int>)] = []

  /// `nil` for a text that is not one object without spaces.
  init?(_ text: [UInt8]) {
    self.text = text
    members.reserveCapacity(20)
    guard text.first == UInt8(ascii: "{") else { return nil }
    var position = 1
    while true {
      guard let name = Self.string(in: text, from: position), name.upperBound < text.count,
        text[name.upperBound] == UInt8(ascii: ":"),
        let value = Self.value(in: text, from: name.upperBound + 1), value.upperBound < text.count
      else { return nil }
      members.append((name, value))
      position = value.upperBound + 1
      if text[value.upperBound] == UInt8(ascii: "}") { break }
      guard text[value.upperBound] == UInt8(ascii: ",") else { return nil }
    }
    guard position == text.count else { return nil }
  }

  /// Whether the member is written once and so, as this canonical text, or is absent where no value is expected.
  func says(_ name: StaticString, text: String?) -> Bool {
    guard var text else { return !has(name) }
    guard let place = only(name) else { return false }
    return text.withUTF8 { matches(place, $0) }
  }

  /// The same for a string, which is compared as it is where nothing in it is escaped.
  func says(_ name: StaticString, string: String?) -> Bool {
    guard var string else { return !has(name) }
    guard let place = only(name) else { return false }
    guard string.withUTF8(Self.isPlain) else { return says(name, text: JSONString.quoted(string)) }
    guard text[place.lowerBound] == UInt8(ascii: "\""), place.count >= 2 else { return false }
    return string.withUTF8 { matches(place.dropFirst().dropLast(), $0) }
  }

  /// The same for a UUID.
  func says(_ name: StaticString, uuid: UUID?) -> Bool {
    says(name, string: uuid?.lowercaseText)
  }

  private func has(_ name: StaticString) -> Bool {
    members.contains { spells($0.name.dropFirst().dropLast(), name) }
  }

  /// Where the value of a member lies that is written once.
  private func only(_ name: StaticString) -> Range<Int>? {
    var found: Range<Int>?
    for member in members where spells(member.name.dropFirst().dropLast(), name) {
      guard found == nil else { return nil }
      found = member.value
    }
    return found
  }

  private func spells(_ place: Range<Int>, _ name: StaticString) -> Bool {
    matches(place, UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  /// Whether nothing in a string is escaped.
  private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in bytes where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return false }
    return true
  }

  private func matches(_ place: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard place.count == bytes.count else { return false }
    return text.withUnsafeBufferPointer { text in
      for (offset, byte) in bytes.enumerated() where text[place.lowerBound + offset] != byte { return false }
      return true
    }
  }

  /// The place of a string with its quotation marks.
  private static func string(in text: [UInt8], from start: Int) -> Range<Int>? {
    guard start < text.count, text[start] == UInt8(ascii: "\"") else { return nil }
    var position = start + 1
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""): return start..<position + 1
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    return nil
  }

  /// The place of a value of any kind.
  private static func value(in text: [UInt8], from start: Int) -> Range<Int>? {
    var position = start
    var depth = 0
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""):
        guard let string = string(in: text, from: position) else { return nil }
        position = string.upperBound
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
        if depth == 0 { return start..<position }
        if text[position] != UInt8(ascii: ",") { depth -= 1 }
        position += 1
      default: position += 1
      }
    }
    return nil
  }
}
