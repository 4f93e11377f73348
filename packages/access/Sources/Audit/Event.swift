// What an event says: its body in canonical JSON, inserted as the last statement of its transaction.

import EthicoTypes
public import FoundationEssentials
import Postgres

/// What was acted upon.
public struct AuditObject: Sendable, Hashable {
  /// The table that it is a row of, as `case`.
  public let type: String
  /// Its key in text: a UUID in lower case, or the words that it is known by.
  public let id: String

  /// Takes the id as it describes itself; neither part is checked.
  public init(_ type: String, _ id: some CustomStringConvertible) {
    self.type = type
    self.id = id.description
  }
}

/// How an act ended.
public enum Outcome: String, Sendable, Codable, CaseIterable {
  case ok, denied, failed, conflict
}

/// Something that follows from an act outside its rows, as a mail that it sends.
public struct Effect: Sendable, Hashable, Codable {
  /// The table of what it is about, as in `AuditObject`.
  public let type: String
  /// The key of that row, by which the trail can be asked for it.
  public let id: String
  /// What became of it, as `ended`. It stands in the event's body, so it cannot be erased.
  public let text: String

  /// An effect for the event of the act that it follows from.
  public init(type: String, id: String, text: String) {
    self.type = type
    self.id = id
    self.text = text
  }
}

extension AuditedTransaction {
  /// Writes the event of this transaction: who did what, as whom, to what. It comes last; a later write would need an
  /// event of its own and is refused at commit. It travels with the next statement or the commit, and what the database
  /// refuses of it is thrown there.
  /// - Parameters:
  ///   - action: one verb, `<table word>.<act>` or `view.<route name>`.
  ///   - detail: personal or erasable text; only its digest joins the chain.
  public func record(
    _ action: String, object: AuditObject? = nil, outcome: Outcome = .ok, status: Int = 200, effects: [Effect] = [],
    detail: String? = nil
  ) async throws {
    let body = body(action, object, outcome, status, effects).text
    let written: SQL = """
      INSERT INTO audit_event (at, id, chain, body)
      VALUES (\(at), \(event), \(author.tenant?.uuid ?? Chain.platform), \(body))
      """
    guard let detail else {
      try await sql.execute(withNext: [written])
      return
    }
    try await sql.execute(withNext: [
      """
      INSERT INTO audit_detail (event, salt, text)
      VALUES (\(event), uuid_send(gen_random_uuid()), \(detail))
      """, written,
    ])
  }

  private func body(
    _ action: String, _ object: AuditObject?, _ outcome: Outcome, _ status: Int, _ effects: [Effect]
  ) -> CanonicalJSON {
    var members: [String: CanonicalJSON] = [
      "v": .integer(1),
      "id": .string(event.description),
      "chain": .string(ID<Chain>(author.tenant?.uuid ?? Chain.platform).description),
      "at": .string(at.microsecondText),
      "action": .string(action),
      "actor": .object(["kind": .string(author.actor.kind), "id": .string(author.actor.id)]),
      "request": .string(author.request.id.description),
      "method": .string(author.request.method),
      "route": .string(author.request.route),
      "outcome": .string(outcome.rawValue),
      "status": .integer(status),
      "release": .string(release),
    ]
    members["tenant"] = author.tenant.map { .string($0.description) }
    members["subject"] = author.subject.map { .string($0.description) }
    members["impersonation"] = author.impersonation.map { .string($0.description) }
    members["session"] = author.session.map { .string($0.description) }
    members["ip"] = author.request.ip.map { .string($0) }
    members["object"] = object.map { .object(["type": .string($0.type), "id": .string($0.id)]) }
    if !effects.isEmpty {
      members["effects"] = .array(
        effects.map { .object(["type": .string($0.type), "id": .string($0.id), "text": .string($0.text)]) })
    }
    return .object(members)
  }
}

/// A chain of events: a client's, or the platform's.
public enum Chain {
  /// The zero UUID: the chain of what belongs to no client.
  public static let platform = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
