// What a staff person may do. Checked from the type of a route's context; given and taken as rows, not as code.

/// One thing that a staff person may do, written `area.verb`. Everybody has `tenant.read`.
public enum Capability: String, Codable, CaseIterable, Hashable, Sendable {
  case tenantRead = "tenant.read"
  case supportAct = "support.act"
  case ticketWrite = "ticket.write"
  case debugRead = "debug.read"
  case errorsWrite = "errors.write"
  case jobsWrite = "jobs.write"
  case indexWrite = "index.write"
  case flagsWrite = "flags.write"
  case configWrite = "config.write"
  case migrationRead = "migration.read"
  case migrationRun = "migration.run"
  case auditRead = "audit.read"
  case auditReview = "audit.review"
  case staffAdmin = "staff.admin"
  case fleetWrite = "fleet.write"

  /// What it lets a person do, as said to someone who lacks it.
  public var label: String {
    switch self {
    case .tenantRead: "look up clients"
    case .supportAct: "enter clients' workspaces"
    case .ticketWrite: "work on tickets"
    case .debugRead: "see a client's debug view"
    case .errorsWrite: "resolve and mute errors"
    case .jobsWrite: "retry and cancel jobs"
    case .indexWrite: "rebuild search indices"
    case .flagsWrite: "flip feature flags"
    case .configWrite: "change effective configuration"
    case .migrationRead: "see data migrations"
    case .migrationRun: "bring clients' data over"
    case .auditRead: "read the audit trail"
    case .auditReview: "review accesses"
    case .staffAdmin: "administer staff"
    case .fleetWrite: "operate the platform"
    }
  }
}
