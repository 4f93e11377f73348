// The fields of every entity: the table that `mapping schema` prints, and that templates and validation follow.

/// Everything a source's columns can become.
package enum TargetSchema {
  /// The fields of an entity, in the order in which people read them.
  package static func fields(of entity: ImportEntity) -> [TargetField] {
    tables[entity] ?? []
  }

  /// The field of that name; a numbered one also by its number, `notes[2].body`.
  package static func field(named name: String, of entity: ImportEntity) -> TargetField? {
    index[entity]?[name] ?? index[entity]?[name.replacing(/\[[1-9]\]/, with: "[n]")]
  }

  /// What a mapping of this entity has to offer.
  package static func requirements(of entity: ImportEntity) -> [TargetRequirement] {
    var stems: [String] = []
    var groups: [String: [String]] = [:]
    for field in fields(of: entity) where field.isRequired {
      if groups[field.stem] == nil { stems.append(field.stem) }
      groups[field.stem, default: []].append(field.name)
    }
    let always = stems.map { TargetRequirement(anyOf: groups[$0] ?? [], condition: nil) }
    return always + alternatives(of: entity) + conditions(of: entity)
  }

  private static func alternatives(of entity: ImportEntity) -> [TargetRequirement] {
    switch entity {
    case .person:
      [
        TargetRequirement(anyOf: ["employee_id", "email"], condition: nil),
        TargetRequirement(anyOf: ["display_name", "first_name", "last_name", "email"], condition: nil),
      ]
    case .case: [TargetRequirement(anyOf: ["summary", "narrative"], condition: nil)]
    case .policy, .attestation, .disclosure, .attachment, .auditEvent: []
    }
  }

  private static func conditions(of entity: ImportEntity) -> [TargetRequirement] {
    switch entity {
    case .policy:
      [
        TargetRequirement(
          anyOf: ["effective_date"],
          condition: .init(field: "status", value: "published", code: "policy.published_without_date"))
      ]
    case .attestation:
      [
        TargetRequirement(
          anyOf: ["attested_at"],
          condition: .init(field: "status", value: "completed", code: "attestation.completed_without_date"))
      ]
    case .person, .case, .disclosure, .attachment, .auditEvent: []
    }
  }

  private static let tables: [ImportEntity: [TargetField]] = [
    .person: person + provenance, .policy: policy + provenance, .attestation: attestation + provenance,
    .case: record + provenance, .disclosure: disclosure + provenance, .attachment: attachment + provenance,
    .auditEvent: auditEvent + provenance,
  ]

  private static let index: [ImportEntity: [String: TargetField]] = tables.mapValues { fields in
    Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// What every record may say about where it stood in its source.
  private static let provenance: [TargetField] = [
    .text("source_url", "Link in the source", standard: .url),
    .at("source_created_at", "Created in the source"),
    .at("source_updated_at", "Last changed in the source"),
  ]
}
