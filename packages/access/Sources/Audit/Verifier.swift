// Proves the trail: recomputes every hash from what is stored and names each place where they part. Trusts nothing that
// the database computed.

import Crypto
import EthicoTypes
public import FoundationEssentials
import Postgres

/// What a verification found.
public struct Verification: Sendable {
  /// Whether everything that was recomputed is as it is stored.
  public enum Result: String, Sendable, Codable {
    case intact, tampered
  }

  /// Tampered as soon as there is one break.
  public let result: Result
  /// How many chains were walked; one where an access was verified.
  public let chains: Int
  /// How many events were found, those that no seal leads to among them.
  public let events: Int
  /// By chain and position, as `Break` sorts them; empty for an intact trail.
  public let breaks: [Break]
  /// How long the walk took, without the writing of its event; `ms` in JSON.
  public let milliseconds: Int

  /// What a short answer names; `nil` for an intact trail.
  public var firstBreak: Break? { breaks.first }
}

extension Verification {
  /// The whole as JSON, in pieces: a trail that has lost its seals has as many breaks as events.
  public func json(_ write: (String) -> Void) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    write(#"{"breaks":["#)
    for (index, found) in breaks.enumerated() {
      write((index == 0 ? "" : ",") + String(decoding: try encoder.encode(found), as: UTF8.self))
    }
    write("]," + String(decoding: try encoder.encode(Sum(verification: self)), as: UTF8.self).dropFirst())
  }

  /// What there is beside the breaks.
  private struct Sum: Encodable {
    let verification: Verification

    enum CodingKeys: String, CodingKey {
      case result, chains, events, redacted, retired, checkpoint
      case firstBreak = "first_break"
      case milliseconds = "ms"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(verification.result, forKey: .result)
      try container.encode(verification.chains, forKey: .chains)
      try container.encode(verification.events, forKey: .events)
      try container.encode(0, forKey: .redacted)
      try container.encode(0, forKey: .retired)
      try container.encodeNil(forKey: .checkpoint)
      try container.encode(verification.firstBreak, forKey: .firstBreak)
      try container.encode(verification.milliseconds, forKey: .milliseconds)
    }
  }
}

extension Ledger {
  /// Verifies every chain, or a part of the trail, in one snapshot, and writes that it was done on the platform's
  /// chain.
  /// - Throws: `NothingToVerify` where the trail does not know the access.
  public func verify(_ part: VerifiedPart = .everything, by author: Author) async throws -> Verification {
    try await verify(part, by: author, sealsAtOnce: 1_000)
  }

  func verify(_ part: VerifiedPart = .everything, by author: Author, sealsAtOnce: Int) async throws -> Verification {
    let clock = ContinuousClock()
    let start = clock.now
    let walk = try await database.transaction(.audit, .snapshot()) { sql in
      try await database.transaction(.audit, .snapshot(try await sql.exportSnapshot())) { sibling in
        try await ChainWalk(of: part, in: sql, beside: sibling, sealsAtOnce: sealsAtOnce)
      }
    }
    let elapsed = clock.now - start
    let verification = Verification(
      result: walk.breaks.isEmpty ? .intact : .tampered, chains: walk.chains, events: walk.events, breaks: walk.breaks,
      milliseconds: Int(elapsed / .milliseconds(1)))
    try await audit(author) { tx in
      try await tx.record(
        "audit.verify", object: part.object, outcome: walk.breaks.isEmpty ? .ok : .failed,
        detail: "\(walk.events) events, \(walk.breaks.count) breaks")
    }
    return verification
  }
}

extension VerifiedPart {
  /// What the event of a verification names.
  fileprivate var object: AuditObject? {
    switch self {
    case .everything: nil
    case .access(let id): AuditObject("impersonation", id)
    }
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
