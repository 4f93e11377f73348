// A campaign as somebody wants it, checked; what it names is looked up in the client's own rows.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

/// A campaign as somebody wants it, checked.
struct CampaignDraft: Sendable, Hashable {
  let name: String
  let kind: AttestationKind
  let policy: ID<Policy>
  /// The version of the policy that is asked for.
  let number: Int
  let audience: Audience
  let startsAt: Date?
  let dueAt: Date

  static let nameLimit = 200
  /// The most employees that a list names.
  static let listLimit = 2_000

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields, in tx: AuditedTransaction) async throws {
    let name = fields["name"] ?? ""
    let kind = fields["kind"].flatMap(AttestationKind.init(rawValue:))
    let due = CalendarDay(fields["due"] ?? "")?.end
    let typedStart = fields.given("starts")
    let start = typedStart.flatMap(CalendarDay.init)?.start
    var errors = [
      name.isEmpty ? FieldError("name", "Give the campaign a name.") : nil,
      name.contains(where: \.isControl) ? FieldError("name", "A name is one line of text.") : nil,
      FieldError(tooLong: name, "name", "A name", limit: Self.nameLimit),
      kind.map(AttestationKind.offered.contains) == true
        ? nil : FieldError("kind", "Choose how an employee attests."),
      Self.dueError(due, start, tx.at),
      typedStart != nil && start == nil ? FieldError("starts", "Write the day as 2026-03-31, or leave it empty.") : nil,
    ].compactMap(\.self)
    let policy = try await Self.policy(fields["policy"] ?? "", &errors, in: tx)
    let audience = try await Self.audience(fields, &errors, in: tx)
    guard errors.isEmpty, let kind, let due, let policy, let audience else { throw Invalid(errors) }
    self.name = name
    self.kind = kind
    self.policy = policy.id
    number = policy.number
    self.audience = audience
    startsAt = start
    dueAt = due
  }

  private static func dueError(_ due: Date?, _ start: Date?, _ now: Date) -> FieldError? {
    guard let due else { return FieldError("due", "Say by which day: 2026-03-31.") }
    if due <= now { return FieldError("due", "The day is over: choose one to come.") }
    if let start, start >= due { return FieldError("due", "A campaign is due after it starts.") }
    return nil
  }

  private static func policy(
    _ id: String, _ errors: inout [FieldError], in tx: AuditedTransaction
  ) async throws -> PolicyReference? {
    let published = try await Campaign.policies(in: tx)
    let policy = published.first { $0.id.description == id.lowercased() }
    if policy == nil { errors.append(FieldError("policy", "Choose one of the published policies.")) }
    return policy
  }

  private static func audience(
    _ fields: FormFields, _ errors: inout [FieldError], in tx: AuditedTransaction
  ) async throws -> Audience? {
    switch fields["audience"].flatMap(AudienceKind.init(rawValue:)) {
    case nil:
      errors.append(FieldError("audience", "Choose whom the campaign asks."))
      return nil
    case .all: return Audience(kind: .all, ids: [])
    case .units:
      let chosen = Set(fields.all("units[]").map { $0.lowercased() })
      let units = try await Campaign.units(in: tx).map(\.id).filter { chosen.contains($0.uuidString.lowercased()) }
      if units.isEmpty { errors.append(FieldError("units", "Choose at least one org unit.")) }
      return Audience(kind: .units, ids: units)
    case .list:
      return try await list(fields["employees"] ?? "", &errors, in: tx)
    }
  }

  /// Reads numbers and e-mail addresses, one a line or with commas between them.
  private static func list(
    _ typed: String, _ errors: inout [FieldError], in tx: AuditedTransaction
  ) async throws -> Audience? {
    let names = typed.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
    guard !names.isEmpty, names.count <= listLimit else {
      errors.append(
        FieldError("employees", "Name 1 to \(grouped(listLimit)) employees by number or e-mail address."))
      return nil
    }
    let found = try await tx.query(
      """
      SELECT n.name, min(COALESCE(e.id, m.id)::text)::uuid AS id
      FROM unnest(\(names)) AS n (name)
      LEFT JOIN employee e ON e.number = n.name AND e.ended_at IS NULL
      LEFT JOIN employee m ON lower(m.email) = lower(n.name) AND m.ended_at IS NULL
      GROUP BY n.name
      ORDER BY n.name
      """, as: Named.self)
    let unknown = found.filter { $0.id == nil }.map(\.name)
    if !unknown.isEmpty {
      let shown = unknown.prefix(5).joined(separator: ", ")
      let rest = unknown.count > 5 ? " and \(grouped(unknown.count - 5)) more" : ""
      errors.append(FieldError("employees", "Nobody here has the number or address \(shown)\(rest)."))
      return nil
    }
    return Audience(kind: .list, ids: Set(found.compactMap(\.id)).sorted { $0.uuidString < $1.uuidString })
  }

  private struct Named: RowDecodable {
    let name: String
    let id: UUID?

    init(row: Row) throws {
      name = try row["name"]
      id = try row["id"]
    }
  }
}
