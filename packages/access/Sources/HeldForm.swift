// Forms that met an expired sign-in, kept for the person who sent them until they have signed in again. What is in them
// is sealed by whoever keeps them: the database never sees it.

public import EthicoTypes
public import FoundationEssentials
public import Postgres

/// One kept form.
public struct HeldForm: Sendable, Hashable {
  /// The seal is bound to it, and to the person.
  public let id: ID<HeldForm>
  /// When it was kept, which its hour counts from.
  public let keptAt: Date
  /// The form, sealed with a key that the database does not have; at most `sealedLimit` bytes.
  public let sealed: [UInt8]

  /// So long a form waits.
  public static let lifetimeSeconds: TimeInterval = 60 * 60
  /// So many of one person wait; a further one takes the place of the oldest.
  public static let limit = 20
  /// The largest form that is kept, in bytes.
  public static let bytesLimit = 256 * 1024
  /// The largest seal: a form of very many very small fields is longer sealed than sent.
  public static let sealedLimit = 1024 * 1024
}

extension Ledger {
  /// Keeps a form of a person, and lets go of those that waited too long.
  public func keep(_ sealed: [UInt8], as id: ID<HeldForm>, of staff: ID<Staff>) async throws {
    let now = timepiece.now()
    _ = try await database.execute(
      .fleet,
      """
      WITH gone AS (
        DELETE FROM held_form
        WHERE kept_at < \(now.addingTimeInterval(-HeldForm.lifetimeSeconds))
          OR id IN (
            SELECT id FROM held_form WHERE staff_id = \(staff)
            ORDER BY kept_at DESC, id DESC
            OFFSET \(HeldForm.limit - 1))
      )
      INSERT INTO held_form (id, staff_id, sealed, kept_at)
      VALUES (\(id), \(staff), \(sealed), \(now))
      """)
  }

  /// The forms of a person that still wait, newest first.
  public func heldForms(of staff: ID<Staff>) async throws -> [HeldForm] {
    try await heldForms("staff_id = \(staff)")
  }

  /// One of them; `nil` for another person's, or after an hour.
  public func heldForm(_ id: ID<HeldForm>, of staff: ID<Staff>) async throws -> HeldForm? {
    try await heldForms("id = \(id) AND staff_id = \(staff)").first
  }

  private func heldForms(_ condition: SQL) async throws -> [HeldForm] {
    try await database.query(
      .fleet,
      """
      SELECT id, kept_at, sealed FROM held_form
      WHERE \(fragment: condition)
        AND kept_at >= \(timepiece.now().addingTimeInterval(-HeldForm.lifetimeSeconds))
      ORDER BY kept_at DESC, id DESC
      LIMIT \(HeldForm.limit)
      """, as: HeldForm.self)
  }

  /// Lets go of a form: it was sent, or is not wanted.
  public func dropHeldForm(_ id: ID<HeldForm>, of staff: ID<Staff>) async throws {
    _ = try await database.execute(.fleet, "DELETE FROM held_form WHERE id = \(id) AND staff_id = \(staff)")
  }
}

extension HeldForm: RowDecodable {
  /// Reads `id`, `kept_at` and `sealed`.
  public init(row: Row) throws {
    id = try row["id"]
    keptAt = try row["kept_at"]
    sealed = try row["sealed"]
  }
}
