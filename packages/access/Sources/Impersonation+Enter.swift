// Stepping into a client's workspace and out again. No approval: who has the capability enters at once.

public import EthicoTypes
import FoundationEssentials
import Postgres

/// What somebody says when they enter; all of it but the client is optional.
public struct Entry: Sendable, Hashable {
  /// Whether a ticket link or a search led them here.
  public var kind: EntryKind
  /// The client user as whom they will act; `nil` for nobody.
  public var subject: ID<ClientUser>?
  /// One of the list; `nil` where they chose none.
  public var reason: EntryReason?
  /// Their own words, at most `noteLimit` characters; `nil` for none.
  public var note: String?
  /// `nil` where no ticket led them in.
  public var ticket: EntryTicket?

  /// Only how somebody came has to be said. Lengths are the form's to check.
  public init(
    kind: EntryKind, subject: ID<ClientUser>? = nil, reason: EntryReason? = nil, note: String? = nil,
    ticket: EntryTicket? = nil
  ) {
    self.kind = kind
    self.subject = subject
    self.reason = reason
    self.note = note
    self.ticket = ticket
  }

  /// The longest note, in characters.
  public static let noteLimit = 500
  /// The longest words of a ticket, in characters: what an address can hold. All of them are kept.
  public static let ticketLimit = 16_384
}

/// The ticket that led somebody in.
public enum EntryTicket: Sendable, Hashable {
  /// From a link whose signature holds: kept as a ticket.
  case verified(source: String, externalID: String, requester: String?)
  /// One of our own list.
  case kept(ID<Ticket>, number: String)
  /// From a link that could not be verified: kept as the words it said.
  case unverified(String)
}

/// Why somebody cannot enter.
public enum EntryRefusal: Error, Sendable, Hashable {
  /// The client has left us; its workspace is shut.
  case tenantClosed
  /// The capability was taken while the person was on the way in.
  case capabilityTaken
}

extension Ledger {
  /// Enters a client's workspace, or leads into the access that is already open there as the same subject.
  /// - Parameter startsPerMinute: so many accesses a person may begin; none for parts of the program.
  public func enter(
    _ tenant: Tenant, _ entry: Entry, startsPerMinute: Int? = nil, by signedIn: SignedIn, request: RequestFacts
  ) async throws -> ID<Impersonation> {
    guard tenant.status != .closed else { throw EntryRefusal.tenantClosed }
    if let open = try await openAccess(of: signedIn.staff.id, in: tenant.id, as: entry.subject) {
      try await reenter(open, tenant, entry, by: signedIn, request: request)
      return open
    }
    if let startsPerMinute { try await spend(.accessStarts, by: signedIn.staff.id, limit: startsPerMinute) }
    do {
      return try await start(tenant, entry, by: signedIn, request: request)
    } catch let error as PostgresError where error.constraint == "impersonation_open" {
      // Another click of the same person was faster: its access is the one.
      guard let open = try await openAccess(of: signedIn.staff.id, in: tenant.id, as: entry.subject) else {
        throw error
      }
      try await reenter(open, tenant, entry, by: signedIn, request: request)
      return open
    }
  }

  /// Whether an access stands under that ticket. What led in first is never written over: whoever is led into an open
  /// access by another ticket stays under the first, and the trail keeps both.
  public func isAccess(_ id: ID<Impersonation>, under ticket: EntryTicket) async throws -> Bool {
    let condition: SQL =
      switch ticket {
      case .verified(let source, let externalID, _):
        """
        (k.source = \(source) AND k.external_id = \(externalID)) OR i.ticket_text = \(source + " " + externalID)
        """
      case .kept(let kept, let number): "i.ticket_id = \(kept) OR i.ticket_text = \(number)"
      case .unverified(let words): "i.ticket_text = \(words)"
      }
    return try await database.query(
      .fleet,
      """
      SELECT EXISTS (
        SELECT FROM impersonation i LEFT JOIN ticket k ON k.id = i.ticket_id
        WHERE i.id = \(id) AND (\(fragment: condition))
      )
      """, as: Bool.self
    ).first ?? false
  }

  private func openAccess(
    of staff: ID<Staff>, in tenant: ID<Tenant>, as subject: ID<ClientUser>?
  ) async throws -> ID<Impersonation>? {
    try await database.query(
      .fleet,
      """
      SELECT id FROM impersonation
      WHERE staff_id = \(staff) AND tenant_id = \(tenant) AND subject_id IS NOT DISTINCT FROM \(subject)
        AND ended_at IS NULL
      """, as: ID<Impersonation>.self
    ).first
  }

  private func start(
    _ tenant: Tenant, _ entry: Entry, by signedIn: SignedIn, request: RequestFacts
  ) async throws -> ID<Impersonation> {
    let id: ID<Impersonation> = ids.next(at: timepiece.now())
    let author = Author(
      .staff(signedIn.staff.id), session: signedIn.session.id, tenant: tenant.id, impersonation: id,
      subject: entry.subject, request: request)
    try await fleet(author) { tx in
      let ticket = try await tx.keepTicket(entry.ticket, of: tenant.id)
      // The client is held against its closing: one that was faster leaves no row here, a slower one ends this access.
      let entered = try await tx.execute(
        """
        INSERT INTO impersonation (id, staff_id, tenant_id, subject_id, entry, ticket_id, ticket_text, reason, note,
          started_at)
        SELECT \(id), \(signedIn.staff.id), t.id, \(entry.subject), \(entry.kind), \(ticket.id),
          \(ticket.text), \(entry.reason), \(entry.note), \(tx.at)
        FROM tenant t
        WHERE t.id = \(tenant.id) AND t.status <> \(TenantStatus.closed)
        FOR SHARE
        """)
      guard entered == 1 else { throw EntryRefusal.tenantClosed }
      // The new row holds its person: what a taking that was faster took shows here, and one that is slower waits.
      guard try await tx.holds(.supportAct, signedIn.staff.id) else { throw EntryRefusal.capabilityTaken }
      try await tx.keepPresence(of: id, session: signedIn.session.id)
      try await tx.record(
        "impersonation.start", object: AuditObject("impersonation", id), status: 303, detail: entry.detail)
    }
    return id
  }

  private func reenter(
    _ id: ID<Impersonation>, _ tenant: Tenant, _ entry: Entry, by signedIn: SignedIn, request: RequestFacts
  ) async throws {
    let author = Author(
      .staff(signedIn.staff.id), session: signedIn.session.id, tenant: tenant.id, impersonation: id,
      subject: entry.subject, request: request)
    try await fleet(author) { tx in
      try await tx.keepTicket(entry.ticket, of: tenant.id)
      try await tx.record(
        "impersonation.reenter", object: AuditObject("impersonation", id), status: 303, detail: entry.detail)
    }
  }

  /// Leaves a client's workspace. Leaving twice is leaving once.
  public func exit(_ impersonation: Impersonation, by signedIn: SignedIn, request: RequestFacts) async throws {
    let author = Author(
      .staff(signedIn.staff.id), session: signedIn.session.id, tenant: impersonation.tenant.id,
      impersonation: impersonation.id, subject: impersonation.subject?.id, request: request)
    try await fleet(author) { tx in
      let open = try await tx.first(
        "SELECT id FROM impersonation WHERE id = \(impersonation.id) AND ended_at IS NULL FOR UPDATE",
        as: ID<Impersonation>.self)
      guard open != nil else { return }
      try await tx.execute(
        """
        UPDATE impersonation
        SET ended_at = \(tx.at), ended_kind = 'manual', ended_by = \(signedIn.staff.name), ended_event = \(tx.event)
        WHERE id = \(impersonation.id)
        """)
      try await tx.record("impersonation.end", object: AuditObject("impersonation", impersonation.id), status: 303)
    }
  }

  /// The active client user of exactly that address, as whom somebody may act.
  public func subject(of tenant: ID<Tenant>, email: String) async throws -> ID<ClientUser>? {
    try await database.query(
      .fleet, "SELECT impersonation_candidate(\(tenant), \(email))", as: Optional<ID<ClientUser>>.self
    ).first ?? nil
  }
}

extension Entry {
  /// What the trail keeps of why: erasable.
  fileprivate var detail: String? {
    var said: String?
    switch ticket {
    case nil: break
    case .verified(let source, let externalID, _): said = source + " " + externalID
    case .kept(_, let number): said = number
    case .unverified(let text): said = text
    }
    let words = [reason?.label, note, said].compactMap(\.self).joined(separator: ": ")
    return words.isEmpty ? nil : words
  }
}

extension AuditedTransaction {
  /// Stores the ticket of a verified link once; the words of an unverified one stay words.
  @discardableResult
  fileprivate func keepTicket(
    _ ticket: EntryTicket?, of tenant: ID<Tenant>
  ) async throws -> (id: ID<Ticket>?, text: String?) {
    switch ticket {
    case nil:
      return (nil, nil)
    case .unverified(let words):
      return (nil, words)
    case .kept(let id, let number):
      let kept = try await first(
        "SELECT id FROM ticket WHERE id = \(id) AND tenant_id = \(tenant)", as: ID<Ticket>.self)
      return kept.map { ($0, nil) } ?? (nil, number)
    case .verified(let source, let externalID, let requester):
      let id: ID<Ticket> = newID()
      try await execute(
        """
        INSERT INTO ticket (id, source, external_id, tenant_id, requester_email, subject)
        VALUES (\(id), \(source), \(externalID), \(tenant), \(requester), \("Ticket " + externalID))
        ON CONFLICT (source, external_id) DO NOTHING
        """)
      let kept = try await first(
        """
        SELECT id FROM ticket
        WHERE source = \(source) AND external_id = \(externalID) AND tenant_id = \(tenant)
        """, as: ID<Ticket>.self)
      return kept.map { ($0, nil) } ?? (nil, source + " " + externalID)
    }
  }
}

/// A request for help, in our list or in another system's.
public enum Ticket {}
