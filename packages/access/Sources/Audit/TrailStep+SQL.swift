// Makes a step of an event's row: what its columns say, and what stands in its body alone.

import EthicoTypes
import FoundationEssentials
import Postgres

/// One event as it is read for a step.
struct StepRow: RowDecodable {
  let id: ID<AuditEvent>
  let at: Date
  let body: String
  let action: String
  let actorKind: String
  let actorID: String
  let actorName: String?
  let subject: ID<ClientUser>?
  let subjectName: String?
  let tenant: TrailTenant?
  let impersonation: ID<Impersonation>?
  let objectType: String?
  let objectID: String?
  let outcome: String
  let changeCount: Int
  let detail: String?
  let seq: Int?
  /// The rows that it changed, as far as they are shown.
  let payloads: [String]

  init(row: Row) throws {
    id = try row["id"]
    at = try row["at"]
    body = try row["body"]
    action = try row["action"]
    actorKind = try row["actor_kind"]
    actorID = try row["actor_id"]
    actorName = try row["actor_name"]
    subject = try row["subject_id"]
    subjectName = try row["subject_name"]
    let slug: String? = try row["tenant_slug"]
    tenant = try slug.map { TrailTenant(slug: $0, name: try row["tenant_name"]) }
    impersonation = try row["impersonation_id"]
    objectType = try row["object_type"]
    objectID = try row["object_id"]
    outcome = try row["outcome"]
    changeCount = try row["change_count"]
    detail = try row["detail"]
    seq = try row["seq"]
    payloads = try row["payloads"]
  }

  func step(changes: [RecordedChange]) -> TrailStep {
    let facts = try? JSONDecoder().decode(BodyFacts.self, from: Data(body.utf8))
    var object: AuditObject?
    if let objectType, let objectID { object = AuditObject(objectType, objectID) }
    let name: String
    switch actorKind {
    case "staff": name = actorName ?? "Ethico Support"
    case "anonymous": name = "Somebody not signed in"
    default: name = actorID
    }
    return TrailStep(
      id: id, at: at, action: action, actor: TrailActor(kind: actorKind, id: actorID, name: name), subject: subject,
      subjectName: subjectName, tenant: tenant, impersonation: impersonation, object: object,
      outcome: Outcome(rawValue: outcome) ?? .ok, status: facts?.status, method: facts?.method, route: facts?.route,
      ip: facts?.ip, request: facts?.request, session: facts?.session, release: facts?.release,
      effects: facts?.effects ?? [], detail: detail, seq: seq, changeCount: changeCount, changes: changes)
  }
}

/// The members of a body that have no column.
private struct BodyFacts: Decodable {
  let status: Int?
  let method: String?
  let route: String?
  let ip: String?
  let request: String?
  let session: String?
  let release: String?
  let effects: [Effect]?
}

extension RecordedChange {
  /// The change as fields; `nil` for a payload that has been erased.
  init?(payload: String) {
    guard let payload = try? JSONDecoder().decode(Payload.self, from: Data(payload.utf8)) else { return nil }
    let before = payload.before ?? [:]
    let after = payload.after ?? [:]
    let names = Set(before.keys).union(after.keys).subtracting(RecordedChange.bookkeeping).sorted()
    let fields = names.map {
      RecordedChange.Field(name: $0, before: before[$0]?.text, after: after[$0]?.text)
    }.filter { $0.before != $0.after }
    let key = payload.pk.sorted { $0.key < $1.key }.compactMap(\.value.text).joined(separator: " ")
    self.init(table: payload.table, verb: payload.op, key: key, fields: fields)
  }

  private struct Payload: Decodable {
    let table: String
    let op: String
    let pk: [String: Scalar]
    let before: [String: Scalar]?
    let after: [String: Scalar]?
  }
}

extension RecordedChange {
  /// Columns that say when and by whom, which the event says already, or a name again, folded to be found by.
  static let bookkeeping: Set<String> = ["version", "changed_at", "changed_by", "via_impersonation", "name_folded"]
}

/// A JSON value as the text a person reads.
private struct Scalar: Decodable {
  let text: String?

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      text = nil
    } else if let string = try? container.decode(String.self) {
      text = string
    } else if let integer = try? container.decode(Int.self) {
      text = String(integer)
    } else if let flag = try? container.decode(Bool.self) {
      text = flag ? "yes" : "no"
    } else if let number = try? container.decode(Double.self) {
      text = String(number)
    } else if let list = try? container.decode([Scalar].self) {
      text = list.compactMap(\.text).joined(separator: ", ")
    } else {
      text = "…"
    }
  }
}
