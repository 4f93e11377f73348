// What a re-import may set anew in a record that is here, as a person decides about it.

package import Mapping

/// A column of a record that a source may change later, or several that say one thing between them: a case is closed
/// with its outcome and its day, or not at all. Those have one rule, and where a person has to decide about one, so
/// about all of them. What stands in rows of other tables beside a case's own is a column of it here.
package struct ReimportField: Sendable, Hashable {
  /// The first of its columns.
  package let name: String
  package let columns: [String]
  /// The fields of the source that it is made of, references without their facets.
  let sources: Set<String>

  private init(_ name: String, with others: [String] = [], of sources: String...) {
    self.name = name
    columns = [name] + others
    self.sources = Set(sources)
  }
}

extension ReimportField {
  /// Those of an entity that the columns and constants of a mapping say something of.
  package static func mapped(by mapping: BatchMapping, as entity: ImportEntity) -> [ReimportField] {
    let targets = mapping.matched.compactMap(\.target) + mapping.constants.keys
    let given = Set(targets.map { TargetSchema.field(named: $0, of: entity)?.stem ?? $0 })
    return all(of: entity).filter { !$0.sources.isDisjoint(with: given) }
  }

  /// All that a re-import may set of an entity; none of what is written once. Who reported a case is in none of them.
  static func all(of entity: ImportEntity) -> [ReimportField] {
    switch entity {
    case .person: person
    case .policy: policy
    case .attestation: attestation
    case .case: cases
    case .disclosure: disclosure
    case .attachment, .auditEvent: []
    }
  }

  private static let person = [
    ReimportField("name", of: "display_name", "first_name", "last_name"),
    ReimportField("number", of: "employee_id"),
    ReimportField("email", of: "email"),
    ReimportField("title", of: "job_title"),
    ReimportField("org_unit_id", of: "division", "business_unit", "department", "team", "location"),
    ReimportField("ended_at", of: "active"),
  ]

  private static let policy = [
    ReimportField("title", of: "title"),
    ReimportField("type", of: "policy_type"),
    ReimportField("language", of: "language"),
    ReimportField("status", with: ["working_status", "current_version"], of: "status"),
    ReimportField("working_title", of: "title"),
    ReimportField("working_body", of: "body", "body_file"),
  ]

  private static let attestation = [
    ReimportField("state", with: ["completed_at"], of: "status", "attested_at"),
    ReimportField("due_at", of: "due_at"),
    ReimportField("refused_at", with: ["refusal_reason"], of: "refused_at", "refusal_reason"),
  ]

  private static let cases = [
    ReimportField("title", of: "title"),
    ReimportField("summary", of: "summary", "narrative"),
    ReimportField("category_id", of: "category", "subcategory"),
    ReimportField("stage", with: ["outcome", "closed_at"], of: "status", "stage", "outcome", "closed_at"),
    ReimportField("severity", of: "severity"),
    ReimportField("opened_at", of: "opened_at", "received_at"),
    ReimportField("due_at", of: "due_at"),
    ReimportField(CaseParts.lead, with: ["investigation_investigator_id"], of: "assignee"),
    ReimportField(CaseParts.members, of: "investigators"),
    ReimportField("investigation_state", with: ["investigation_closed_at"], of: "investigation_status"),
    ReimportField("investigation_findings", of: "resolution"),
  ]

  private static let disclosure = [
    ReimportField("employee_id", of: "discloser"),
    ReimportField("kind", of: "disclosure_type"),
    ReimportField(
      "title", of: "subtype", "counterparty_organisation", "counterparty_name", "organisation", "description",
      "disclosure_number"),
    ReimportField("body", of: "description", "business_purpose", "disclosure_number"),
    ReimportField("amount_minor", with: ["currency"], of: "value", "value_currency"),
    ReimportField(
      "state", with: ["decision", "decided_at"], of: "status", "decision_comment", "conditions", "decided_at"),
    ReimportField("submitted_at", of: "submitted_at"),
    ReimportField("expires_at", of: "effective_to"),
  ]
}
