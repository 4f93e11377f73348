// The JSON face of the directory.

import Access
import EthicoTypes
import Web

/// One client as the directory lists it.
struct TenantItemBody: Encodable, Sendable {
  let id: ID<Tenant>
  let slug: String
  let name: String
  let status: TenantStatus
  let tier: Tier
  let industry: Industry
  let match: String
  let openTickets: Int
  let pulse: PulseBody
  let access: ID<Impersonation>?

  enum CodingKeys: String, CodingKey {
    case id, slug, name, status, tier, industry, match, pulse, access
    case openTickets = "open_tickets"
  }

  init(_ entry: DirectoryEntry) {
    id = entry.tenant.id
    slug = entry.tenant.slug
    name = entry.tenant.name
    status = entry.tenant.status
    tier = entry.tier
    industry = entry.industry
    match = entry.match.name
    openTickets = entry.openTickets
    pulse = PulseBody(entry.pulse)
    access = entry.access
  }
}

/// How a client is doing, as it was last counted.
struct PulseBody: Encodable, Sendable {
  let errorsLastDay: Int
  let deadJobs: Int
  let index: String

  enum CodingKeys: String, CodingKey {
    case index
    case errorsLastDay = "errors_24h"
    case deadJobs = "jobs_dead"
  }

  init(_ pulse: TenantPulse) {
    errorsLastDay = pulse.errorsLastDay
    deadJobs = pulse.deadJobs
    index = pulse.index
  }
}

/// A page of the directory.
struct DirectoryBody: Encodable, Sendable {
  let query: String
  let items: [TenantItemBody]
  let count: Int
  let next: String?
}

/// The card of a client.
struct TenantCardBody: Encodable, Sendable {
  let id: ID<Tenant>
  let slug: String
  let name: String
  let status: TenantStatus
  let tier: Tier
  let industry: Industry
  let employeeCount: Int
  let timezone: String
  let domains: [String]
  let lines: [String]
  let tickets: [String]
  let openTickets: Int
  let pulse: PulseBody
  let pinned: TenantCard.Pinned

  enum CodingKeys: String, CodingKey {
    case id, slug, name, status, tier, industry, timezone, domains, lines, tickets, pulse, pinned
    case openTickets = "open_tickets"
    case employeeCount = "employee_count"
  }

  init(_ card: TenantCard) {
    id = card.tenant.id
    slug = card.tenant.slug
    name = card.tenant.name
    status = card.tenant.status
    tier = card.tier
    industry = card.industry
    employeeCount = card.employeeCount
    timezone = card.timezone
    domains = card.domains
    lines = card.lines
    tickets = card.tickets
    openTickets = card.openTickets
    pulse = PulseBody(card.pulse)
    pinned = card.isPinned
  }
}
