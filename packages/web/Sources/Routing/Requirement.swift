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
  public static var meter: Meter? { nil }
  public static var asker: Asker { .person }
}

/// The same capability, asked for by a page that is open: its streams do not make a sign-in last.
public enum Watch<Need: Requirement>: Requirement {
  public static var capability: Capability { Need.capability }
  public static var asker: Asker { .openPage }
}

/// Look up clients: everybody at Ethico.
public enum ReadTenants: Requirement {
  public static let capability = Capability.tenantRead
}

/// Search the directory of clients: everybody at Ethico, so often a minute.
public enum SearchDirectory: Requirement {
  public static let capability = Capability.tenantRead
  public static let meter: Meter? = .directorySearches
}

/// Add tickets and work on them.
public enum WriteTickets: Requirement {
  public static let capability = Capability.ticketWrite
}

/// Enter clients' workspaces, and everything in them.
public enum ActInWorkspace: Requirement {
  public static let capability = Capability.supportAct
}

/// Read the audit trail.
public enum ReadAudit: Requirement {
  public static let capability = Capability.auditRead
}

/// See a client's debug view.
public enum ReadDebug: Requirement {
  public static let capability = Capability.debugRead
}

/// Resolve and mute errors.
public enum WriteErrors: Requirement {
  public static let capability = Capability.errorsWrite
}

/// Retry and cancel jobs.
public enum WriteJobs: Requirement {
  public static let capability = Capability.jobsWrite
}

/// Check and rebuild the indices of a client's search.
public enum WriteIndex: Requirement {
  public static let capability = Capability.indexWrite
}

/// Flip feature flags of a client.
public enum WriteFlags: Requirement {
  public static let capability = Capability.flagsWrite
}

/// Change a client's effective configuration.
public enum WriteConfiguration: Requirement {
  public static let capability = Capability.configWrite
}

/// See how clients' data comes over.
public enum ReadMigration: Requirement {
  public static let capability = Capability.migrationRead
}

/// Bring clients' data over, from upload to undo.
public enum RunMigration: Requirement {
  public static let capability = Capability.migrationRun
}

/// Operate the platform: what holds for all clients.
public enum OperatePlatform: Requirement {
  public static let capability = Capability.fleetWrite
}

/// Bring in people at Ethico, and say what they may do.
public enum AdministerStaff: Requirement {
  public static let capability = Capability.staffAdmin
}
