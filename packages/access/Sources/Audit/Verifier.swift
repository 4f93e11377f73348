// Proves the trail: recomputes every hash from what is stored and names each place where they part. Trusts nothing that
// the database computed.

import Crypto
import EthicoTypes
public import FoundationEssentials
import Postgres

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
  public let breakClass: BreakClass
  public let chain: UUID
  /// The client's slug; `nil` on the platform's chain.
  public let tenant: String?
  /// `nil` for an event that was never sealed.
  public let seq: Int?
  public let event: UUID?
  /// A sentence for a person.
  public let text: String

  enum CodingKeys: String, CodingKey {
    case breakClass = "class"
    case chain, tenant, seq, event, text
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(breakClass, forKey: .breakClass)
    try container.encode(ID<Chain>(chain), forKey: .chain)
    try container.encode(tenant, forKey: .tenant)
    try container.encode(seq, forKey: .seq)
    try container.encode(event.map { ID<AuditEvent>($0) }, forKey: .event)
    try container.encode(text, forKey: .text)
  }
}

/// What a verification found.
public struct Verification: Sendable, Encodable {
  public enum Result: String, Sendable, Codable {
    case intact, tampered
  }

  public let result: Result
  public let chains: Int
  public let events: Int
  public let breaks: [Break]
  public let milliseconds: Int

  public var firstBreak: Break? { breaks.first }

  enum CodingKeys: String, CodingKey {
    case result, chains, events, redacted, retired, checkpoint, breaks
    case firstBreak = "first_break"
    case milliseconds = "ms"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(result, forKey: .result)
    try container.encode(chains, forKey: .chains)
    try container.encode(events, forKey: .events)
    try container.encode(0, forKey: .redacted)
    try container.encode(0, forKey: .retired)
    try container.encodeNil(forKey: .checkpoint)
    try container.encode(breaks, forKey: .breaks)
    try container.encode(firstBreak, forKey: .firstBreak)
    try container.encode(milliseconds, forKey: .milliseconds)
  }
}

extension Ledger {
  /// Verifies every chain in one snapshot, and writes that it was done on the platform's chain.
  public func verify(by author: Author) async throws -> Verification {
    try await verify(by: author, sealsAtOnce: 1_000)
  }

  func verify(by author: Author, sealsAtOnce: Int) async throws -> Verification {
    let clock = ContinuousClock()
    let start = clock.now
    let walk = try await database.transaction(.audit, .snapshot()) { sql in
      try await database.transaction(.audit, .snapshot(try await sql.exportSnapshot())) { sibling in
        try await ChainWalk(in: sql, beside: sibling, sealsAtOnce: sealsAtOnce)
      }
    }
    let elapsed = clock.now - start
    let verification = Verification(
      result: walk.breaks.isEmpty ? .intact : .tampered, chains: walk.chains, events: walk.events, breaks: walk.breaks,
      milliseconds: Int(elapsed / .milliseconds(1)))
    try await audit(author) { tx in
      try await tx.record(
        "audit.verify", outcome: walk.breaks.isEmpty ? .ok : .failed,
        detail: "\(walk.events) events, \(walk.breaks.count) breaks")
    }
    return verification
  }
}

/// A SHA-256 value that needs no memory of its own: a verification holds thousands of them at once. What stands in the
/// place of one and has not its length, which only tampering leaves there, is kept as it is.
struct Digest: Hashable, Sendable {
  /// 32 zero bytes, which stand for what is not there.
  static let zero = Digest(words: .zero, misshapen: nil)

  private let words: SIMD4<UInt64>
  private let misshapen: [UInt8]?

  private init(words: SIMD4<UInt64>, misshapen: [UInt8]?) {
    self.words = words
    self.misshapen = misshapen
  }

  init(_ bytes: UnsafeRawBufferPointer) {
    if bytes.count == 32 {
      self.init(words: bytes.loadUnaligned(as: SIMD4<UInt64>.self), misshapen: nil)
    } else {
      self.init(words: .zero, misshapen: Array(bytes))
    }
  }

  init(_ digest: SHA256Digest) {
    self.init(words: digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }, misshapen: nil)
  }

  var bytes: [UInt8] {
    misshapen ?? withUnsafeBytes(of: words, Array.init)
  }

  func add(to hasher: inout SHA256) {
    if let misshapen {
      misshapen.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    } else {
      withUnsafeBytes(of: words) { hasher.update(bufferPointer: $0) }
    }
  }
}

/// The formulas of the chain.
enum Hash {
  static func sha256(_ parts: [UInt8]...) -> Digest {
    var hasher = SHA256()
    for part in parts { part.withUnsafeBytes { hasher.update(bufferPointer: $0) } }
    return Digest(hasher.finalize())
  }

  static func digests(_ digests: some Sequence<Digest>) -> Digest {
    var hasher = SHA256()
    for digest in digests { digest.add(to: &hasher) }
    return Digest(hasher.finalize())
  }

  static func start(of chain: UUID) -> Digest {
    sha256(Array("ethico-audit/v1".utf8), withUnsafeBytes(of: chain.uuid, Array.init))
  }

  static func seal(chain: UUID, seq: Int, prev: Digest, leaf: Digest) -> Digest {
    var hasher = SHA256()
    withUnsafeBytes(of: 1 as UInt8) { hasher.update(bufferPointer: $0) }
    withUnsafeBytes(of: chain.uuid) { hasher.update(bufferPointer: $0) }
    withUnsafeBytes(of: UInt64(bitPattern: Int64(seq)).bigEndian) { hasher.update(bufferPointer: $0) }
    prev.add(to: &hasher)
    leaf.add(to: &hasher)
    return Digest(hasher.finalize())
  }

  static func leaf(changeDigest: Digest, detailDigest: Digest, body: [UInt8]) -> Digest {
    var hasher = SHA256()
    withUnsafeBytes(of: 0 as UInt8) { hasher.update(bufferPointer: $0) }
    changeDigest.add(to: &hasher)
    detailDigest.add(to: &hasher)
    body.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    return Digest(hasher.finalize())
  }
}
