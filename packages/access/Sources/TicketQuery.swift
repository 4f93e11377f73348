// The query of a ticket link, read strictly for its signature and leniently for its words, so that nothing it says is
// lost.

import EthicoTypes
import FoundationEssentials

/// The parameters of a query. As forms write them, `+` is a space [URL Standard, 5.1]; a plus sign is written `%2B`.
struct TicketQuery {
  let raw: String
  /// Why the query cannot be one that we signed; `nil` when it can.
  let flaw: TicketLink.Doubt?
  private let parameters: [(name: String, text: String)]

  private static let bytesLimit = 2048
  private static let countLimit = 32

  init(_ raw: String) {
    self.raw = raw
    let pieces = raw.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
      .map { $0.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false) }
    let decoded = pieces.map { piece in
      (Decoded(piece[0]), piece.count == 2 ? Decoded(piece[1]) : Decoded("".utf8[...]))
    }
    parameters = decoded.map { ($0.0.text, $0.1.text) }
    let names = decoded.map(\.0)
    if raw.utf8.count > Self.bytesLimit || pieces.count > Self.countLimit {
      flaw = .tooLong
    } else if decoded.contains(where: { $0.0.holdsControl || $0.1.holdsControl }) {
      flaw = .control
    } else if Set(names.map(\.text)).count < names.count {
      flaw = .doubled
    } else if !pieces.allSatisfy({ $0.count == 2 }) || decoded.contains(where: { $0.0.isBroken || $0.1.isBroken })
      || !names.allSatisfy({ Self.isName($0.text) })
    {
      flaw = .malformed
    } else {
      flaw = nil
    }
  }

  /// The first value of that name.
  func text(_ name: String) -> String? {
    parameters.first { $0.name == name }?.text
  }

  /// What the signature is over.
  var message: String {
    Self.message(of: parameters.filter { $0.name != "sig" })
  }

  /// The other decoded parameters as `name=value`, sorted, joined by LF. No name holds `=` and no value LF, so that
  /// no two queries that say different things have one message.
  static func message(of parameters: [(name: String, text: String)]) -> String {
    parameters.map { $0.name + "=" + $0.text }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .joined(separator: "\n")
  }

  /// What the query says, what matters most first.
  var words: String {
    let order = ["ticket", "src", "tenant", "user"]
    let rest = parameters.filter { !order.contains($0.name) && $0.name != "sig" }
    let told = order.flatMap { name in parameters.filter { $0.name == name } } + rest
    return told.map { $0.text.isEmpty ? $0.name : $0.name + "=" + $0.text }.filter { !$0.isEmpty }.joined(
      separator: ", ")
  }

  private static func isName(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
  }
}

/// One name or value. Where it cannot be decoded it stays as it was written.
private struct Decoded {
  let text: String
  let isBroken: Bool
  let holdsControl: Bool

  init(_ raw: Substring.UTF8View) {
    let (bytes, isWhole) = PercentCoding.decode(raw)
    let decoded = String(validating: bytes, as: UTF8.self)
    let plain = decoded ?? String(raw) ?? ""
    text = Self.visible(plain)
    isBroken = !isWhole || decoded == nil
    holdsControl = plain.unicodeScalars.contains(where: Self.isControl)
  }

  /// Control characters as they would be written in the link.
  private static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.map { isControl($0) ? String($0).utf8.map(PercentCoding.escape).joined() : String($0) }
      .joined()
  }

  /// Also what turns the direction of text or breaks its line.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
