// Who may open a route is a type: a handler that takes `StaffContext<ReadTenants>` cannot be reached without it.

package import Access
package import EthicoTypes

/// A capability as a type.
package protocol Requirement: Sendable {
  static var capability: Capability { get }
  /// What each request counts towards, in the round trip that finds out who asks; most count towards nothing.
  static var meter: Meter? { get }
  /// Whose requests these are: a person's, which make the sign-in last, or those of a page that is open.
  static var asker: Asker { get }
}

extension Requirement {
  package static var meter: Meter? { nil }
  package static var asker: Asker { .person }
}

/// The same capability, asked for by a page that is open: its streams do not make a sign-in last.
package enum Watch<Need: Requirement>: Requirement {
  package static var capability: Capability { Need.capability }
  package static var asker: Asker { .openPage }
}

/// Look up clients: everybody at Ethico.
package enum ReadTenants: Requirement {
  package static let capability = Capability.tenantRead
}

/// Search the directory of clients: everybody at Ethico, so often a minute.
package enum SearchDirectory: Requirement {
  package static let capability = Capability.tenantRead
  package static let meter: Meter? = .directorySearches
}

/// Add tickets and work on them.
package enum WriteTickets: Requirement {
  package static let capability = Capability.ticketWrite
}

/// Enter clients' workspaces, and everything in them.
package enum ActInWorkspace: Requirement {
  package static let capability = Capability.supportAct
}

/// Read the audit trail.
package enum ReadAudit: Requirement {
  package static let capability = Capability.auditRead
}

/// See a client's debug view.
package enum ReadDebug: Requirement {
  package static let capability = Capability.debugRead
}

/// Resolve and mute errors.
package enum WriteErrors: Requirement {
  package static let capability = Capability.errorsWrite
}

/// Retry and cancel jobs.
package enum WriteJobs: Requirement {
  package static let capability = Capability.jobsWrite
}

/// Check and rebuild the indices of a client's search.
package enum WriteIndex: Requirement {
  package static let capability = Capability.indexWrite
}

/// Flip feature flags of a client.
package enum WriteFlags: Requirement {
  package static let capability = Capability.flagsWrite
}

/// Change a client's effective configuration.
package enum WriteConfiguration: Requirement {
  package static let capability = Capability.configWrite
}

/// See how clients' data comes over.
package enum ReadMigration: Requirement {
  package static let capability = Capability.migrationRead
}

/// Bring clients' data over, from upload to undo.
package enum RunMigration: Requirement {
  package static let capability = Capability.migrationRun
}

/// Operate the platform: what holds for all clients.
package enum OperatePlatform: Requirement {
  package static let capability = Capability.fleetWrite
}

/// Bring in people at Ethico, and say what they may do.
package enum AdministerStaff: Requirement {
  package static let capability = Capability.staffAdmin
}
