// The JSON face of the trail.

import Access
import EthicoTypes
import FoundationEssentials

/// A page of the trail as programs are given it.
struct TrailBody: Encodable, Sendable {
  let items: [Item]
  let next: String?
  /// How many steps meet the question, where the trail is one that is searched.
  let count: Int?
  /// How far was looked; absent where there was no end.
  let from: Date?
  let until: Date?

  struct Item: Encodable, Sendable {
    let id: ID<AuditEvent>
    let at: Date
    let action: String
    let actor: TrailActor
    let subject: ID<ClientUser>?
    let subjectName: String?
    let tenant: TrailTenant?
    let impersonation: ID<Impersonation>?
    let object: Object?
    let outcome: Outcome
    let status: Int?
    let method: String?
    let route: String?
    let ip: String?
    let request: String?
    let session: String?
    let release: String?
    let seq: Int?
    let detail: String?
    let changes: [RecordedChange]
    let effects: [Effect]

    enum CodingKeys: String, CodingKey {
      case id, at, action, actor, subject, tenant, impersonation, object, outcome, status, method, route, ip, request
      case session, release, seq, detail, changes, effects
      case subjectName = "subject_name"
    }
  }

  struct Object: Encodable, Sendable {
    let type: String
    let id: String
  }

  init(_ file: TrailFile, at now: Date) {
    let span = file.query.settled(at: now).span
    items = file.page.steps.map(Item.init)
    next = file.page.nextText(file.query)
    count = file.page.count.map { min($0, TrailPage.countLimit) }
    from = span.from
    until = span.until
  }

  /// Of a question that was not understood; programs are told the problem instead.
  init() {
    items = []
    next = nil
    count = nil
    from = nil
    until = nil
  }
}

extension TrailBody.Item {
  fileprivate init(_ step: TrailStep) {
    id = step.id
    at = step.at
    action = step.action
    actor = step.actor
    subject = step.subject
    subjectName = step.subjectName
    tenant = step.tenant
    impersonation = step.impersonation
    object = step.object.map { TrailBody.Object(type: $0.type, id: $0.id) }
    outcome = step.outcome
    status = step.status
    method = step.method
    route = step.route
    ip = step.ip
    request = step.request
    session = step.session
    release = step.release
    seq = step.seq
    detail = step.detail
    changes = step.changes
    effects = step.effects
  }
}
