// The JSON face of a client's status.

import Access
import EthicoTypes
import FoundationEssentials

/// A client's status with what it can become, as programs are given it.
struct TenantStatusBody: Encodable, Sendable {
  let id: ID<Tenant>
  let slug: String
  let name: String
  let status: TenantStatus
  let since: Date
  /// Who set it, by name; absent where nobody has since the client came.
  let by: String?
  let next: [TenantStatus]
  let openAccesses: Int
  let version: Int
  /// Newest first.
  let history: [Step]

  struct Step: Encodable, Sendable {
    let at: Date
    let by: String
    let before: String?
    let after: String?
    /// The client's name and the reason, unless they have been erased.
    let words: String?
  }

  enum CodingKeys: String, CodingKey {
    case id, slug, name, status, since, by, next, version, history
    case openAccesses = "open_accesses"
  }

  init(_ standing: TenantStanding, _ steps: [TrailStep]) {
    id = standing.tenant.id
    slug = standing.tenant.slug
    name = standing.tenant.name
    status = standing.tenant.status
    since = steps.first?.at ?? standing.createdAt
    by = steps.first?.actor.name
    next = standing.tenant.status.nextStatuses
    openAccesses = standing.openAccesses
    version = standing.version
    history = steps.map { step in
      let field = step.changes.flatMap(\.fields).first { $0.name == "status" }
      return Step(
        at: step.at, by: step.actor.name, before: field?.before, after: field?.after, words: step.detail)
    }
  }
}
