// What can be imported: the seven kinds of record, how a row of each is told apart, and the order they come in.

/// One kind of record that a source's rows can become.
package enum ImportEntity: String, CaseIterable, Codable, Hashable, Sendable {
  case person, policy, attestation, `case`, disclosure, attachment
  case auditEvent = "audit_event"

  /// What is referred to comes before what refers to it.
  package static let commitOrder: [ImportEntity] = [
    .person, .policy, .case, .disclosure, .attestation, .attachment, .auditEvent,
  ]

  /// One record, in sentence case: `Audit event`.
  package var label: String {
    switch self {
    case .person: "Person"
    case .policy: "Policy"
    case .attestation: "Attestation"
    case .case: "Case"
    case .disclosure: "Disclosure"
    case .attachment: "Attachment"
    case .auditEvent: "Audit event"
    }
  }

  /// Many records: `Audit events`.
  package var pluralLabel: String {
    switch self {
    case .person: "People"
    case .policy: "Policies"
    case .attestation: "Attestations"
    case .case: "Cases"
    case .disclosure: "Disclosures"
    case .attachment: "Attachments"
    case .auditEvent: "Audit events"
    }
  }

  /// The fields whose values together are a record's key in its source, best first; the first mapped set counts.
  /// Empty for attestations, which have no number of their own.
  package var keys: [[String]] {
    switch self {
    case .person: [["employee_id"], ["email"]]
    case .policy: [["policy_number", "version_label"]]
    case .attestation: []
    case .case: [["case_number"]]
    case .disclosure: [["disclosure_number"]]
    case .attachment: [["attachment_key"], ["path"]]
    case .auditEvent: [["event_key"]]
    }
  }

  /// The fields a key is made of where no key is mapped, each as alternatives of which the first mapped counts.
  /// Empty where the whole row is hashed instead.
  package var naturalKey: [[String]] {
    switch self {
    case .person: [["employee_id", "email"]]
    case .policy: [["policy_number", "title"], ["version_label"]]
    case .attestation:
      [
        ["policy.number", "policy.title"], ["policy_version"], ["person.employee_id", "person.email", "person.name"],
        ["campaign_name"],
      ]
    case .case: [["case_number"]]
    case .disclosure: [["disclosure_number"]]
    case .attachment: [["parent_entity"], ["parent_key"], ["path", "file_name"]]
    case .auditEvent: []
    }
  }

  /// Reads what a person types for an entity: its name, its plural, and the words people use for it.
  package init?(argument: String) {
    let word = argument.lowercased().split { $0 == "-" || $0 == " " || $0 == "_" }.joined(separator: "_")
    switch word {
    case "person", "persons", "people", "user", "users", "employee", "employees": self = .person
    case "policy", "policies": self = .policy
    case "attestation", "attestations": self = .attestation
    case "case", "cases", "investigation", "investigations": self = .case
    case "disclosure", "disclosures": self = .disclosure
    case "attachment", "attachments": self = .attachment
    case "audit_event", "audit_events", "audit", "audit_trail": self = .auditEvent
    default: return nil
    }
  }
}
