// Before the first request is served: is the database as closed as we rely on? Refuses to start otherwise, and says
// why.

import EthicoTypes
import FoundationEssentials
import Postgres

/// What kind of table each table is: the reviewed list. A table that is not on it stops the start.
enum TableClass {
  /// Rows of one client each, under row-level security.
  static let tenant = [
    "tenant", "domain", "hotline_line", "org_unit", "client_user", "employee", "category", "report", "case",
    "case_report",
    "case_assignment", "case_party", "note", "tenant_setting",
    "policy", "policy_version", "campaign", "attestation", "attestation_act",
    "flag_override",
    "disclosure", "investigation", "case_message", "attachment",
    "sso_setting", "branding", "retention_rule",
    "migration_project", "migration_scope_change", "migration_source_file", "migration_batch", "migration_mapping",
    "migration_value_mapping", "migration_conflict", "migration_undo", "migration_reconciliation",
    "migration_reckoning", "imported_history",
  ]
  /// A client's, but kept by the machine and not audited.
  static let tenantMachine = [
    "tenant_submission", "usage_event", "attachment_content",
    "job", "job_attempt", "job_schedule",
    "branding_logo",
    "search_document", "search_dirty", "search_index",
    "error_group", "error_hour", "error_sample",
    "migration_upload", "migration_blob", "migration_blob_chunk", "migration_column_profile", "migration_grid",
    "migration_hidden_table", "migration_staged_row", "migration_correction",
    "migration_row_issue", "migration_checkpoint", "migration_pending_ref", "migration_provenance",
    "migration_undo_item", "migration_undo_archive",
    "migration_replaced",
  ]
  /// Ours, audited.
  static let ops = [
    "staff", "capability_preset", "staff_grant", "ticket", "impersonation", "staff_pin",
    "flag", "setting_layer",
  ]
  /// Ours, kept by the machine and not audited.
  static let opsMachine = [
    "staff_session", "sign_in_attempt", "impersonation_presence", "tenant_directory",
    "schema_migration",
    "job_due", "tenant_pulse", "mapping_vote",
    "rate_count", "held_form",
  ]
  /// The same for everybody, changed by migrations alone.
  static let reference = [
    "case_stage_move", "policy_move", "campaign_move", "attestation_move",
    "job_state_move", "error_state_move",
    "disclosure_move", "investigation_move",
    "migration_project_move", "migration_batch_move",
  ]
  /// The trail itself, and what waits for its event.
  static let audit = ["audit_event", "audit_detail", "row_change", "audit_seal", "audit_pending"]
}

/// A way in which the database is less closed than it has to be.
public struct Weakness: Sendable, Hashable, CustomStringConvertible {
  /// A sentence that names the role, table or trigger.
  public let description: String
}

extension SelfCheck {
  static func weaknesses(in tx: Transaction) async throws -> [Weakness] {
    var found: [Weakness] = []
    for query in queries {
      found += try await tx.query(query, as: String.self).map(Weakness.init(description:))
    }
    return found
  }
}

extension Ledger {
  /// Every weakness found, in a fixed order; none when it is safe to serve.
  public func weaknesses() async throws -> [Weakness] {
    try await database.transaction(.audit) { tx in try await SelfCheck.weaknesses(in: tx) }
  }

  /// Which PostgreSQL answers; one that does not say counts as too old.
  public func serverVersion() async throws -> ServerVersion {
    let number = try await database.query(
      .audit, "SELECT current_setting('server_version_num')::int", as: Int.self
    ).first
    return ServerVersion(number: number ?? 0)
  }

  /// Makes sure that the months around now have their partitions.
  public func ensureAuditPartitions() async throws {
    _ = try await database.query(.audit, "SELECT audit_ensure_partitions(\(timepiece.now()), 4)", as: Int.self)
  }
}
