// Who may open a route is a type: a handler that takes `StaffContext<ReadTenants>` cannot be reached without it.

public import Access
public import EthicoTypes

/// A capability as a type.
public protocol Requirement: Sendable {
  static var capability: Capability { get }
  /// What each request counts towards, in the round trip that finds out who asks; most count towards nothing.
  static var meter: Meter? { get }
  /// Whose requests these are: a person's, which make the sign-in last, or those of a page that is open.
  static var asker: Asker { get }
}

extension Requirement {
  /// Most requests count towards nothing.
  public static var meter: Meter? { nil }
  /// A request is a person's unless its requirement says otherwise.
  public static var asker: Asker { .person }
}

/// The same capability, asked for by a page that is open: its streams do not make a sign-in last.
public enum Watch<Need: Requirement>: Requirement {
  /// That of `Need`: a stream asks for no less than its page.
  public static var capability: Capability { Need.capability }
  /// The page's own, whatever `Need` says.
  public static var asker: Asker { .openPage }
}

/// Look up clients: everybody at Ethico.
public enum ReadTenants: Requirement {
  /// `tenant.read`, which everybody has.
  public static let capability = Capability.tenantRead
}

/// Search the directory of clients: everybody at Ethico, so often a minute.
public enum SearchDirectory: Requirement {
  /// `tenant.read`, which everybody has: only how often is limited.
  public static let capability = Capability.tenantRead
  /// By person: 600 a minute where `OPS_RATE_SEARCHES` does not say otherwise.
  public static let meter: Meter? = .directorySearches
}

/// Add tickets and work on them.
public enum WriteTickets: Requirement {
  /// `ticket.write`; to see tickets nobody needs it.
  public static let capability = Capability.ticketWrite
}

/// Enter clients' workspaces, and everything in them.
public enum ActInWorkspace: Requirement {
  /// `support.act`, without which no workspace opens.
  public static let capability = Capability.supportAct
}

/// Read the audit trail.
public enum ReadAudit: Requirement {
  /// `audit.read`, for everybody's trail; one's own accesses are seen with `support.act` too.
  public static let capability = Capability.auditRead
}

/// See a client's debug view.
public enum ReadDebug: Requirement {
  /// `debug.read`, on top of an open access: the debug view lies within the workspace.
  public static let capability = Capability.debugRead
}

/// Resolve and mute errors.
public enum WriteErrors: Requirement {
  /// `errors.write`, at one client; the platform's own errors take `fleet.write`.
  public static let capability = Capability.errorsWrite
}

/// Retry and cancel jobs.
public enum WriteJobs: Requirement {
  /// `jobs.write`, at one client; the platform's own jobs take `fleet.write`.
  public static let capability = Capability.jobsWrite
}

/// Check and rebuild the indices of a client's search.
public enum WriteIndex: Requirement {
  /// `index.write`, on top of an open access.
  public static let capability = Capability.indexWrite
}

/// Flip feature flags of a client.
public enum WriteFlags: Requirement {
  /// `flags.write`, at one client; what holds for all takes `fleet.write`.
  public static let capability = Capability.flagsWrite
}

/// Change a client's effective configuration.
public enum WriteConfiguration: Requirement {
  /// `config.write`, on top of an open access.
  public static let capability = Capability.configWrite
}

/// See how clients' data comes over.
public enum ReadMigration: Requirement {
  /// `migration.read`, without any access: staff look as themselves.
  public static let capability = Capability.migrationRead
}

/// Bring clients' data over, from upload to undo.
public enum RunMigration: Requirement {
  /// `migration.run`, without any access: staff work as themselves.
  public static let capability = Capability.migrationRun
}

/// Operate the platform: what holds for all clients.
public enum OperatePlatform: Requirement {
  /// `fleet.write`; a client's status is changed with it too.
  public static let capability = Capability.fleetWrite
}

/// Bring in people at Ethico, and say what they may do.
public enum AdministerStaff: Requirement {
  /// `staff.admin`, for all of `/staff`.
  public static let capability = Capability.staffAdmin
}
