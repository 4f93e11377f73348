// The tables that an import writes and an undo takes rows from: how a row of each is told apart, and which go first.

import EthicoTypes
import Postgres

/// A table of a client's records that an import can write, in the order in which an undo deletes from it: what refers
/// to something goes before it.
enum TargetTable: String, Term {
  case caseReport = "case_report"
  case caseAssignment = "case_assignment"
  case caseParty = "case_party"
  case note
  case caseMessage = "case_message"
  case investigation
  case attachmentContent = "attachment_content"
  case attachment
  case attestationAct = "attestation_act"
  case attestation, campaign
  case policyVersion = "policy_version"
  case policy
  case `case` = "case"
  case report, disclosure, employee
  case orgUnit = "org_unit"
  case category
  case importedHistory = "imported_history"

  /// The order in which rows come back: what is referred to comes first.
  static let restoring: [TargetTable] = allCases.reversed()

  /// The tables whose rows an import makes on the way, and which go with the last row that refers to them.
  static let implied: [TargetTable] = [.campaign, .employee, .orgUnit, .category]

  /// As it stands in a statement.
  var name: SQL {
    switch self {
    case .caseReport: "case_report"
    case .caseAssignment: "case_assignment"
    case .caseParty: "case_party"
    case .note: "note"
    case .caseMessage: "case_message"
    case .investigation: "investigation"
    case .attachmentContent: "attachment_content"
    case .attachment: "attachment"
    case .attestationAct: "attestation_act"
    case .attestation: "attestation"
    case .campaign: "campaign"
    case .policyVersion: "policy_version"
    case .policy: "policy"
    case .case: "\"case\""
    case .report: "report"
    case .disclosure: "disclosure"
    case .employee: "employee"
    case .orgUnit: "org_unit"
    case .category: "category"
    case .importedHistory: "imported_history"
    }
  }

  /// The id of a row `t`, as provenance names it.
  var id: SQL {
    switch self {
    case .caseReport: "t.case_id"
    case .policyVersion: "t.policy_id"
    case .attachmentContent: "t.attachment_id"
    default: "t.id"
    }
  }

  /// What tells rows of the same id apart.
  var part: SQL {
    switch self {
    case .caseReport: "t.report_id::text"
    case .policyVersion: "t.number::text"
    default: "''::text"
    }
  }

  /// Whether a row `t` is the one that a row `l` with `target_id` and `target_part` names.
  var isNamed: SQL {
    switch self {
    case .caseReport: "t.case_id = l.target_id AND t.report_id::text = l.target_part"
    case .policyVersion: "t.policy_id = l.target_id AND t.number::text = l.target_part"
    default: "\(fragment: id) = l.target_id"
    }
  }

  /// Whether its rows can be saved again, and count how often they were.
  var countsVersions: Bool {
    switch self {
    case .caseReport, .caseMessage, .attachmentContent, .attachment, .attestationAct, .policyVersion, .report,
      .importedHistory:
      false
    case .caseAssignment, .caseParty, .note, .investigation, .attestation, .campaign, .policy, .case, .disclosure,
      .employee, .orgUnit, .category:
      true
    }
  }

  /// What stands in `target_row_version` for a row `t`.
  var version: SQL { countsVersions ? "t.version" : "NULL" }

  /// The row `t` as an image holds it. What is written once has none: nobody can have changed it, and an undo keeps the
  /// row itself.
  var image: SQL { countsVersions ? "import_image(to_jsonb(t))" : "'{}'::jsonb" }

  /// Columns that the database makes of others: a layer of these does not say what becomes of them.
  var derived: [String] { self == .case ? ["status"] : [] }

  /// Whether its rows can be held against others while an undo looks at them; those written once change for nobody.
  var canBeHeld: Bool { countsVersions }
}

extension TargetTable {
  /// The columns that an import may set anew in a row that is there.
  var settable: SQL {
    switch self {
    case .case: "title, summary, category_id, stage, severity, outcome, opened_at, due_at, closed_at"
    case .employee: "number, name, email, title, org_unit_id, ended_at"
    case .policy: "title, type, language, status, current_version, working_status, working_title, working_body"
    case .disclosure:
      "employee_id, kind, title, body, amount_minor, currency, state, submitted_at, decision, decided_at, expires_at"
    case .attestation: "state, due_at, completed_at, refused_at, refusal_reason"
    case .caseAssignment: "part, assigned_at, ended_at"
    case .caseParty: "part, name"
    case .note: "visibility, body, created_at"
    case .investigation: "title, investigator_id, state, findings, opened_at, closed_at"
    case .campaign: "name, due_at"
    case .orgUnit, .category: "name"
    case .caseReport, .caseMessage, .attachmentContent, .attachment, .attestationAct, .policyVersion, .report,
      .importedHistory:
      ""
    }
  }
}

extension TargetTable {
  /// By what alone no two rows of a client's are the same: the table, the column, and the column of a row `t`.
  static let numbers: [(table: TargetTable, name: String, column: SQL)] = [
    (.case, "reference", "t.reference"), (.report, "reference", "t.reference"),
    (.disclosure, "reference", "t.reference"), (.employee, "number", "t.number"), (.employee, "email", "t.email"),
    (.category, "code", "t.code"),
  ]
}
