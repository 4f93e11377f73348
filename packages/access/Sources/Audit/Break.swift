// Where a trail does not hold, and how.

import EthicoTypes
public import FoundationEssentials

/// How a trail can be broken; ties are told in this order.
public enum BreakClass: String, Sendable, Codable, CaseIterable {
  case eventChanged = "event_changed"
  case eventMissing = "event_missing"
  case eventUnsealed = "event_unsealed"
  case columnDiffers = "column_differs"
  case sealChanged = "seal_changed"
  case sealMissing = "seal_missing"
  case chainForked = "chain_forked"
  case orderChanged = "order_changed"
  case changeChanged = "change_changed"
  case changeMissing = "change_missing"
  case changeAdded = "change_added"
  case detailChanged = "detail_changed"
}

/// One place where the trail does not hold.
public struct Break: Sendable, Hashable, Encodable {
  /// How it is broken; `class` in JSON.
  public let breakClass: BreakClass
  /// The id of its client, or `Chain.platform`, where changes are told too that no event explains.
  public let chain: UUID
  /// The client's slug; `nil` on the platform's chain.
  public let tenant: String?
  /// `nil` for an event that was never sealed.
  public let seq: Int?
  /// The event it concerns: of missing seals that of the seal behind them, of stray changes the one that they name.
  public let event: UUID
  /// When it happened: by the event's id, which its seal holds; of an event without a seal, by what it says itself.
  public let at: String
  /// A sentence for a person.
  public let text: String

  enum CodingKeys: String, CodingKey {
    case breakClass = "class"
    case chain, tenant, seq, event, at, text
  }

  /// Writes ids in lower case, and `null` for what there is none of.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(breakClass, forKey: .breakClass)
    try container.encode(ID<Chain>(chain), forKey: .chain)
    try container.encode(tenant, forKey: .tenant)
    try container.encode(seq, forKey: .seq)
    try container.encode(ID<AuditEvent>(event), forKey: .event)
    try container.encode(at, forKey: .at)
    try container.encode(text, forKey: .text)
  }
}

extension Break {
  /// Client, position and time, as a person reads them.
  public var place: String { "\(tenant ?? "platform") #\(seq.map(String.init) ?? "unsealed") of \(at)" }
}

extension Break: Comparable {
  /// By chain and position, what has none last; then in the order of the classes.
  public static func < (left: Break, right: Break) -> Bool {
    (left.chain, left.seq ?? .max, left.breakClass.rank, left.at, left.event)
      < (right.chain, right.seq ?? .max, right.breakClass.rank, right.at, right.event)
  }
}

extension BreakClass {
  private static let ranks = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

  fileprivate var rank: Int { Self.ranks[self] ?? 0 }
}
