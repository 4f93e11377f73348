// What refers to what an import can write: the reviewed list of every foreign key. A test holds it against the
// database.

import Postgres

/// A column, or columns, by which rows of one table refer to rows of another.
struct Dependant: Sendable, Hashable {
  let child: TargetTable
  /// As the foreign key names them, without the client.
  let columns: String
  let parent: TargetTable
  /// What an undo makes of a row of a client's own that refers to one that is to go.
  let kind: Kind

  enum Kind: Sendable, Hashable {
    /// It is a part of it, and can go with it where somebody says so and why.
    case part
    /// It stands on its own and only names it: it is never taken along.
    case mention
    /// It is what the other belongs to, and points to one of its parts: taking the part back sets the pointer back.
    case pointer
  }

  private init(_ child: TargetTable, _ columns: String, _ parent: TargetTable, _ kind: Kind = .part) {
    self.child = child
    self.columns = columns
    self.parent = parent
    self.kind = kind
  }

  /// Every foreign key to a table that can be imported.
  static let foreignKeys = [
    Dependant(.orgUnit, "parent_id", .orgUnit, .mention), Dependant(.employee, "org_unit_id", .orgUnit, .mention),
    Dependant(.attestation, "employee_id", .employee), Dependant(.disclosure, "employee_id", .employee),
    Dependant(.category, "parent_id", .category, .mention), Dependant(.report, "category_id", .category, .mention),
    Dependant(.case, "category_id", .category, .mention),
    Dependant(.caseReport, "report_id", .report), Dependant(.caseReport, "case_id", .case),
    Dependant(.case, "merged_into", .case, .mention),
    Dependant(.caseAssignment, "case_id", .case), Dependant(.caseParty, "case_id", .case),
    Dependant(.note, "case_id", .case), Dependant(.investigation, "case_id", .case),
    Dependant(.caseMessage, "case_id", .case), Dependant(.attachment, "case_id", .case),
    Dependant(.policyVersion, "policy_id", .policy),
    Dependant(.policy, "id,current_version", .policyVersion, .pointer),
    Dependant(.campaign, "policy_id,policy_version", .policyVersion),
    Dependant(.attestation, "campaign_id", .campaign), Dependant(.attestationAct, "attestation_id", .attestation),
    Dependant(.attachment, "disclosure_id", .disclosure), Dependant(.attachment, "policy_id", .policy),
    Dependant(.attachmentContent, "attachment_id", .attachment),
  ]

  /// What refers without a foreign key: the people and units whom a campaign asks.
  static let listed = [
    Dependant(.campaign, "audience_ids", .employee, .mention), Dependant(.campaign, "audience_ids", .orgUnit, .mention),
  ]

  static let all = foreignKeys + listed

  /// Whether a row `t` of the child refers to the row that `l` names by `target_id` and `target_part`.
  var refers: SQL {
    switch (child, columns) {
    case (.orgUnit, _), (.category, _): "t.parent_id = l.target_id"
    case (.employee, _): "t.org_unit_id = l.target_id"
    case (.attestation, "employee_id"), (.disclosure, _): "t.employee_id = l.target_id"
    case (.report, _), (.case, "category_id"): "t.category_id = l.target_id"
    case (.caseReport, "report_id"): "t.report_id = l.target_id"
    case (.case, _): "t.merged_into = l.target_id"
    case (.policyVersion, _): "t.policy_id = l.target_id"
    case (.policy, _): "t.id = l.target_id AND t.current_version::text = l.target_part"
    case (.campaign, "audience_ids"): "t.audience_ids @> ARRAY[l.target_id]"
    case (.campaign, _): "t.policy_id = l.target_id AND t.policy_version::text = l.target_part"
    case (.attestation, _): "t.campaign_id = l.target_id"
    case (.attestationAct, _): "t.attestation_id = l.target_id"
    case (.attachment, "disclosure_id"): "t.disclosure_id = l.target_id"
    case (.attachment, "policy_id"): "t.policy_id = l.target_id"
    case (.attachmentContent, _): "t.attachment_id = l.target_id"
    default: "t.case_id = l.target_id"
    }
  }
}

extension Dependant {
  /// The column that holds the parent's id; `nil` where it is a list.
  var idColumn: String? {
    switch columns {
    case "audience_ids": nil
    case "policy_id,policy_version": "policy_id"
    case "id,current_version": "id"
    default: columns
    }
  }
}
