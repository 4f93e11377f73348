// Finds the events that meet a condition: by their columns, or by what stands in their text.

import EthicoTypes
import FoundationEssentials
import Postgres

extension TrailCondition {
  /// The events `e` that meet it.
  var sql: SQL {
    switch self {
    case .event(let id): "e.id = \(id)"
    case .actor(let id): "e.actor_id = \(id)"
    case .actorKind(let kind): "e.actor_kind = \(kind)"
    case .subject(let id): "e.subject_id = \(id)"
    case .tenant(let id): "e.chain = \(id?.uuid ?? Chain.platform)"
    case .access(let id): "e.impersonation_id = \(id)"
    case .session(let id): Self.says("session", .string(id.description))
    case .request(let id): "e.request_id = \(id)"
    case .ip(let address): Self.says("ip", .string(address))
    case .action(let action): Self.amongReveals(action, "e.action = \(action)")
    case .actions(let prefix): Self.amongReveals(prefix, "starts_with(e.action, \(prefix))")
    case .objectType(let type): "e.object_type = \(type)"
    case .object(let id): "e.object_id = \(id)"
    case .outcome(let outcome): "e.outcome = \(outcome.rawValue)"
    case .method(let method): Self.says("method", .string(method))
    case .route(let route): Self.says("route", .string(route))
    case .status(let status): Self.says("status", .integer(status))
    case .release(let release): Self.says("release", .string(release))
    case .effect(let id): Self.followed(by: id)
    }
  }

  /// Reveals have an index of their own, which is known by these words alone.
  private static func amongReveals(_ action: String, _ condition: SQL) -> SQL {
    action.hasPrefix("reveal.") ? "\(fragment: condition) AND e.action LIKE 'reveal.%'" : condition
  }

  /// A body is canonical, so that a member has one spelling, which no text within it can have: its quotes are escaped.
  /// `v` comes last, so that a comma ends every other member. To look for that is much faster than to read the JSON.
  private static func says(_ name: String, _ value: CanonicalJSON) -> SQL {
    "strpos(e.body, \(JSONString.quoted(name) + ":" + value.text + ",")) > 0"
  }

  /// The id of an effect comes before its text, which nothing else in a body has.
  static func followed(by id: String) -> SQL {
    "strpos(e.body, \("{\"id\":" + JSONString.quoted(id) + ",\"text\":")) > 0"
  }
}
