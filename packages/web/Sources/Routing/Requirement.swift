// Who may open a route is a type: a handler that takes `StaffContext<ReadTenants>` cannot be reached without it.

public import EthicoTypes

/// A capability as a type.
public protocol Requirement: Sendable {
  static var capability: Capability { get }
}

/// Look up clients: everybody at Ethico.
public enum ReadTenants: Requirement {
  public static let capability = Capability.tenantRead
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

/// Retry and cancel jobs.
public enum WriteJobs: Requirement {
  public static let capability = Capability.jobsWrite
}

/// Flip feature flags of a client.
public enum WriteFlags: Requirement {
  public static let capability = Capability.flagsWrite
}

/// Change a client's effective configuration.
public enum WriteConfiguration: Requirement {
  public static let capability = Capability.configWrite
}

/// Operate the platform: what holds for all clients.
public enum OperatePlatform: Requirement {
  public static let capability = Capability.fleetWrite
}
