// Giving capabilities and taking them: each by whom, when, why and until when; effective on the next request.

public import EthicoTypes
public import FoundationEssentials
import Postgres

/// What somebody is given.
public struct NewGrant: Sendable, Hashable {
  /// A capability, or a preset as it is at the moment of the act.
  public let what: What
  /// Why, in `rationaleLeast` to `rationaleLimit` characters; kept with every grant that comes of it.
  public let rationale: String
  /// From this moment on it no longer counts; `nil` for no end.
  public let until: Date?

  /// One capability, or all of a preset.
  public enum What: Sendable, Hashable {
    case capability(Capability)
    case preset(String)
  }

  /// The shortest rationale, in characters; the database holds it too.
  public static let rationaleLeast = 3
  /// The longest rationale, in characters; the database holds it too.
  public static let rationaleLimit = 500

  /// Lengths and the day are the form's to check.
  public init(_ what: What, rationale: String, until: Date?) {
    self.what = what
    self.rationale = rationale
    self.until = until
  }
}

/// What somebody loses.
public enum Taking: Sendable, Hashable {
  case grant(ID<StaffGrant>)
  /// All that came with a preset.
  case preset(String)
}

extension Ledger {
  /// Gives a person what they do not hold yet for as long. A grant that would end earlier gives way to the longer one;
  /// one that lasts as long or longer stays as it is.
  /// - Throws: `StaffRefusal`, with nothing changed.
  public func grant(_ new: NewGrant, to staff: ID<Staff>, by administrator: Administrator) async throws {
    guard administrator.staff != staff else { throw StaffRefusal.ownGrant }
    try await holdingStaffRules {
      try await fleet(administrator.author) { tx in
        let person = try await tx.hold(staff)
        guard person.state != .deactivated else {
          throw StaffRefusal.badTransition(from: .deactivated, to: .active)
        }
        let wanted = try await tx.capabilities(of: new.what)
        let held = try await tx.query(
          """
          SELECT \(fragment: StaffGrant.columns)
          \(fragment: StaffGrant.tables)
          WHERE g.staff_id = \(staff) AND g.ended_at IS NULL AND g.capability = ANY(\(wanted))
          """, as: StaffGrant.self)
        let lasting = held.filter { $0.counts(at: tx.at) && $0.lasts(asLongAs: new.until) }.map(\.capability)
        let missing = wanted.filter { !lasting.contains($0) }
        guard !missing.isEmpty else {
          // The same form once more finds its work done.
          guard held.contains(where: { $0.rationale == new.rationale && $0.until == new.until }) else {
            throw StaffRefusal.alreadyGranted
          }
          return
        }
        try await tx.execute(
          """
          UPDATE staff_grant SET ended_at = \(tx.at), ended_by = \(tx.author.actorText)
          WHERE staff_id = \(staff) AND ended_at IS NULL AND capability = ANY(\(missing))
          """)
        for capability in missing { try await tx.insert(new, capability, staff) }
        try await tx.record(
          "staff.grant", object: StaffRecord.object(staff), status: 303,
          detail: "\(person.name): \(missing.joined(separator: ", ")) · \(new.rationale)")
      }
    }
  }

  /// Takes capabilities from a person. With `support.act` their accesses end in the same transaction. What has been
  /// taken before is done.
  public func take(_ taking: Taking, from staff: ID<Staff>, by administrator: Administrator) async throws {
    try await holdingStaffRules {
      try await fleet(administrator.author) { tx in
        let person = try await tx.hold(staff)
        let chosen: SQL =
          switch taking {
          case .grant(let id): "id = \(id)"
          case .preset(let name): "preset = \(name)"
          }
        let taken = try await tx.query(
          """
          UPDATE staff_grant SET ended_at = \(tx.at), ended_by = \(tx.author.actorText)
          WHERE staff_id = \(staff) AND ended_at IS NULL AND \(fragment: chosen)
          RETURNING capability
          """, as: String.self)
        guard !taken.isEmpty else { return }
        let accesses = taken.contains(Capability.supportAct.rawValue) ? try await tx.holdAccesses(of: staff) : []
        try await tx.record(
          "staff.take", object: StaffRecord.object(staff), status: 303, effects: accesses.map(\.effect),
          detail: "\(person.name): \(taken.sorted().joined(separator: ", "))")
        try await tx.end(accesses, as: .revoked, by: administrator)
      }
    }
  }
}

extension StaffGrant {
  fileprivate func lasts(asLongAs other: Date?) -> Bool {
    guard let until else { return true }
    return other.map { until >= $0 } ?? false
  }
}

extension AuditedTransaction {
  /// The capabilities that are meant, as the database names them.
  fileprivate func capabilities(of what: NewGrant.What) async throws -> [String] {
    switch what {
    case .capability(let capability): return [capability.rawValue]
    case .preset(let name):
      let found = try await query(
        "SELECT capability FROM capability_preset WHERE preset = \(name) ORDER BY capability", as: String.self)
      guard !found.isEmpty else { throw StaffRefusal.unknownPreset(name, known: []) }
      return found
    }
  }

  fileprivate func insert(_ new: NewGrant, _ capability: String, _ staff: ID<Staff>) async throws {
    let id: ID<StaffGrant> = newID()
    var preset: String?
    if case .preset(let name) = new.what { preset = name }
    try await execute(
      """
      INSERT INTO staff_grant (id, staff_id, capability, preset, granted_at, granted_by, rationale, until)
      VALUES (\(id), \(staff), \(capability), \(preset), \(at), \(author.actorText), \(new.rationale), \(new.until))
      """)
  }

  /// Whether the person may do that at this moment.
  func holds(_ capability: Capability, _ staff: ID<Staff>) async throws -> Bool {
    try await first(
      """
      SELECT EXISTS (
        SELECT 1 FROM staff_grant g
        WHERE g.staff_id = \(staff) AND g.capability = \(capability.rawValue)
          AND \(fragment: StaffGrant.counts(at: at))
      )
      """, as: Bool.self) ?? false
  }
}
