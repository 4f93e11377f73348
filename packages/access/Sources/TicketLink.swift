// A link from a support ticket to a client's workspace. It gives no right; its signature only says that the ticket is
// real.

import EthicoTypes
public import FoundationEssentials

/// What a link says. A link that cannot be verified says it all the same, as plain words.
public struct TicketLink: Sendable, Hashable {
  /// The query as it came, for a form that leads here again.
  public let rawQuery: String
  /// The system that the ticket is in, as `zendesk`; empty when the link does not say.
  public let source: String
  /// The ticket's number there; empty when the link does not say.
  public let externalID: String
  /// The client; empty when the link does not say.
  public let tenantSlug: String
  /// The client's user who asked.
  public let userEmail: String?
  /// The record that the link leads to, as it says under its signature; `nil` where it does not hold.
  public let place: String?
  /// Everything the link says but for its signature, the ticket first, without any control character.
  public let words: String
  /// Whether its signature holds and its time is near enough; else the first doubt about it.
  public let verification: Verification

  /// Whether the link is what the other system wrote.
  public enum Verification: Sendable, Hashable {
    case verified
    case unverified(Doubt)
  }

  /// Why a link cannot be verified, as a sentence for the person who followed it.
  public enum Doubt: Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case tooLong, malformed, control, doubled, incomplete, version, key, signature, old, future

    /// The doubt as the page before the workspace tells it.
    public var description: String {
      switch self {
      case .tooLong: "It is longer than a ticket link can be."
      case .malformed: "It is not written as a ticket link is."
      case .control: "It holds a control character."
      case .doubled: "It says something twice."
      case .incomplete: "A part of it is missing."
      case .version: "It is of a kind we do not know."
      case .key: "It was signed with a key we do not have."
      case .signature: "Its signature does not match what it says."
      case .old: "It is older than 90 days."
      case .future: "It says it was made in the future."
      }
    }
  }

  /// The longest name of a system, or number in it, that is kept as a ticket, in code points.
  static let partLimit = 100
  /// The longest address that mail can be sent to [RFC 5321, 4.5.3.1.3].
  static let emailLimit = 254
  static let lifetimeSeconds: TimeInterval = 90 * 24 * 60 * 60
  /// How far another system's clock may be ahead of ours.
  static let aheadSeconds: TimeInterval = 5 * 60

  /// Reads the query of a link, without its question mark.
  public static func read(_ rawQuery: String, keys: TicketKeys, now: Date) -> TicketLink {
    TicketLink(TicketQuery(rawQuery), keys: keys, now: now)
  }

  private init(_ query: TicketQuery, keys: TicketKeys, now: Date) {
    rawQuery = query.raw
    source = query.text("src") ?? ""
    externalID = query.text("ticket") ?? ""
    tenantSlug = query.text("tenant") ?? ""
    userEmail = query.text("user")
    words = query.words
    let doubt = Self.doubt(query, keys, now)
    place = doubt == nil ? query.text("open") : nil
    verification = doubt.map(Verification.unverified) ?? .verified
  }

  private static func doubt(_ query: TicketQuery, _ keys: TicketKeys, _ now: Date) -> Doubt? {
    if let flaw = query.flaw { return flaw }
    let needed = ["v", "k", "src", "tenant", "ticket", "ts", "sig"].map { query.text($0) ?? "" }
    guard needed.allSatisfy({ !$0.isEmpty }) else { return .incomplete }
    guard needed[2].unicodeScalars.count <= partLimit, needed[4].unicodeScalars.count <= partLimit,
      (query.text("user") ?? "").unicodeScalars.count <= emailLimit
    else { return .tooLong }
    guard needed[0] == "1" else { return .version }
    guard keys.contains(needed[1]) else { return .key }
    guard keys.isValid(needed[6], of: query.message, by: needed[1]) else { return .signature }
    guard let madeAt = time(needed[5]) else { return .malformed }
    guard now.timeIntervalSince(madeAt) <= lifetimeSeconds else { return .old }
    guard madeAt.timeIntervalSince(now) <= aheadSeconds else { return .future }
    return nil
  }

  private static func time(_ text: String) -> Date? {
    guard text.utf8.count <= 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Double(text).map(Date.init(timeIntervalSince1970:))
  }

  /// Writes the query of a link as the other system does; `nil` without that key.
  public static func sign(
    source: String, externalID: String, tenantSlug: String, userEmail: String?, place: String? = nil, at moment: Date,
    key: String, of keys: TicketKeys
  ) -> String? {
    var parameters = [
      ("v", "1"), ("k", key), ("src", source), ("tenant", tenantSlug), ("ticket", externalID),
    ]
    if let userEmail { parameters.append(("user", userEmail)) }
    if let place { parameters.append(("open", place)) }
    parameters.append(("ts", String(Int(moment.timeIntervalSince1970))))
    let message = TicketQuery.message(of: parameters)
    guard let signature = keys.signature(of: message, by: key) else { return nil }
    parameters.append(("sig", signature))
    return parameters.map { $0.0 + "=" + PercentCoding.encode($0.1) }.joined(separator: "&")
  }
}
