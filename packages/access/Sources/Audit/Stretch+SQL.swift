// Which seals are verified, and in which portions.

public import EthicoTypes
import FoundationEssentials
import Postgres

/// How much of the trail is verified.
public enum VerifiedPart: Sendable, Hashable {
  case everything
  /// What an access did: its client's chain from its first event to its last, with whatever lies between. An event that
  /// was changed may no longer say whose it was, so the others are part of the proof.
  case access(ID<Impersonation>)
}

/// There is nothing to verify.
public struct NothingToVerify: Error, CustomStringConvertible {
  let access: ID<Impersonation>

  /// Names the access, for whoever asked for the proof.
  public var description: String { "no sealed event of its client's chain names the access \(access)" }
}

/// A stretch of the seals in their order, from behind one place to another; open where there is none.
struct Stretch: RowDecodable {
  let start: Place?
  let end: Place?

  /// All seals.
  static let everything = Stretch(start: nil, end: nil)

  private init(start: Place?, end: Place?) {
    self.start = start
    self.end = end
  }

  init(row: Row) throws {
    let chain: UUID = try row["chain"]
    start = Place(chain: chain, seq: try row["before"])
    end = Place(chain: chain, seq: try row["last"])
  }

  var isEverything: Bool { start == nil && end == nil }

  /// The stretch of a part of the trail.
  static func of(_ part: VerifiedPart, in sql: Transaction) async throws -> Stretch {
    guard case .access(let access) = part else { return .everything }
    let stretch = try await sql.first(
      """
      SELECT own.chain, own.last,
        COALESCE((SELECT max(seq) FROM audit_seal s WHERE s.chain = own.chain AND s.seq < own.first), own.first - 1)
          AS before
      FROM (
        SELECT s.chain, min(s.seq) AS first, max(s.seq) AS last
        FROM audit_event e
        JOIN audit_seal s ON s.event = e.id
        WHERE e.impersonation_id = \(access)
          AND s.chain = (SELECT i.tenant_id FROM impersonation i WHERE i.id = \(access))
        GROUP BY s.chain
      ) own
      """, as: Stretch.self)
    guard let stretch else { throw NothingToVerify(access: access) }
    return stretch
  }

  /// The same in portions of so many seals.
  func portions(ofSeals length: Int, in sql: Transaction) async throws -> [Stretch] {
    let ends = try await sql.query(
      """
      SELECT chain, seq
      FROM (
        SELECT chain, seq, row_number() OVER (ORDER BY chain, seq) AS number
        FROM audit_seal
        WHERE \(fragment: seals)
      ) seal
      WHERE number % \(length) = 0
      ORDER BY chain, seq
      """, as: Place.self)
    return zip([start] + ends, ends + [end]).map { Stretch(start: $0, end: $1) }
  }

  /// The condition for the seals of the stretch and the one before it.
  var seals: SQL {
    let start: SQL = start.map { "(chain, seq) >= (\($0.chain), \($0.seq))" } ?? "true"
    let end: SQL = end.map { "(chain, seq) <= (\($0.chain), \($0.seq))" } ?? "true"
    return "\(fragment: start) AND \(fragment: end)"
  }

  /// Where a seal stands.
  struct Place: RowDecodable, Hashable {
    let chain: UUID
    let seq: Int

    init(chain: UUID, seq: Int) {
      self.chain = chain
      self.seq = seq
    }

    init(row: Row) throws {
      chain = try row["chain"]
      seq = try row["seq"]
    }
  }
}

/// Hands out stretches, each once.
actor StretchQueue {
  private var rest: ArraySlice<Stretch>

  init(_ stretches: [Stretch]) {
    rest = stretches[...]
  }

  func next() -> Stretch? {
    rest.popFirst()
  }
}
