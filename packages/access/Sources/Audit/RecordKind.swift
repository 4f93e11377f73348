// Records whose histories are read together: one that is cleared or retired is gone, and its page with it.

import Postgres

/// A kind of record that a client has few of, on one page.
public enum RecordKind: Sendable, Hashable, CaseIterable {
  case domain, retentionRule, tenantSetting

  /// Spelt out, and not a parameter: `audit_event_kind` holds these kinds alone, and a plan may be made before it knows
  /// what it is asked for.
  var isObject: SQL {
    switch self {
    case .domain: "e.object_type = 'domain'"
    case .retentionRule: "e.object_type = 'retention_rule'"
    case .tenantSetting: "e.object_type = 'tenant_setting'"
    }
  }
}
