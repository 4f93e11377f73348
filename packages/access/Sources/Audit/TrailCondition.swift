// What the trail can be narrowed by: the members of an event's body, each with what it has to be.

public import EthicoTypes

/// A member of an event's body, and what it has to be.
public enum TrailCondition: Sendable, Hashable {
  case event(ID<AuditEvent>)
  /// Who acted: a person by their id, a part of the program by its name.
  case actor(String)
  case actorKind(String)
  case subject(ID<ClientUser>)
  /// A client's own chain; `nil` for the platform's.
  case tenant(ID<Tenant>?)
  case access(ID<Impersonation>)
  case session(ID<StaffSession>)
  case request(ID<Request>)
  case ip(String)
  case action(String)
  /// Every action that begins so, as `case.`.
  case actions(prefix: String)
  case objectType(String)
  case object(String)
  case outcome(Outcome)
  case method(String)
  case route(String)
  case status(Int)
  case release(String)
  /// What followed from the act was about the thing of that id.
  case effect(String)
}
