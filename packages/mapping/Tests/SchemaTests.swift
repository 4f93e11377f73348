// The target schema is the specification's table.

import Mapping
import Testing

@Suite("Target schema")
struct SchemaTests {
  @Test(
    "reads what a person types for an entity",
    arguments: [
      ("people", ImportEntity.person), ("users", .person), ("employees", .person), ("investigations", .case),
      ("audit", .auditEvent), ("audit_trail", .auditEvent), ("Policies", .policy), ("disclosure", .disclosure),
    ])
  func arguments(word: String, entity: ImportEntity) {
    #expect(ImportEntity(argument: word) == entity)
    #expect(ImportEntity(argument: "auto") == nil)
  }

  @Test("commits what is referred to before what refers to it")
  func order() {
    #expect(Set(ImportEntity.commitOrder) == Set(ImportEntity.allCases))
    #expect(ImportEntity.commitOrder.first == .person && ImportEntity.commitOrder.last == .auditEvent)
  }

  @Test("spreads references to facets and finds numbered fields by number")
  func facets() throws {
    let owner = try #require(TargetSchema.field(named: "owner.email", of: .policy))
    #expect(owner.stem == "owner" && owner.reference == .person(.email))
    #expect(TargetSchema.field(named: "notes[3].body", of: .case)?.name == "notes[n].body")
    #expect(TargetSchema.field(named: "notes[0].body", of: .case) == nil)
    #expect(TargetSchema.field(named: "policy.number", of: .attestation)?.isRequired == true)
    #expect(TargetSchema.field(named: "locations", of: .policy)?.isTypedInImportedFields == true)
    #expect(TargetSchema.field(named: "version_label", of: .policy)?.defaultValue == "1")
  }

  @Test("says what is required, alone, one of several, or by another value")
  func requirements() {
    let cases = TargetSchema.requirements(of: .case).map(\.anyOf)
    #expect(cases.contains(["summary", "narrative"]) && cases.contains(["reporter_type"]))
    let policies = TargetSchema.requirements(of: .policy)
    #expect(policies.contains { $0.anyOf == ["owner.employee_id", "owner.email", "owner.name"] })
    #expect(policies.first { $0.condition != nil }?.condition?.code == "policy.published_without_date")
  }

  @Test("names every field once", arguments: ImportEntity.allCases)
  func unique(entity: ImportEntity) {
    let names = TargetSchema.fields(of: entity).map(\.name)
    #expect(Set(names).count == names.count && names.contains("source_url"))
    for key in (entity.keys + entity.naturalKey).flatMap({ $0 }) { #expect(names.contains(key), "\(key)") }
  }
}
