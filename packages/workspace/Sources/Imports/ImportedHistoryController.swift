// The addresses of what a former system wrote down about a record, page by page.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum ImportedHistoryController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("cases/{case}/imported-history", name: "case.imported_history", use: ofCase)
    group.get("policies/{policy}/imported-history", name: "policy.imported_history", use: ofPolicy)
    group.get("disclosures/{disclosure}/imported-history", name: "disclosure.imported_history", use: ofDisclosure)
    group.get(
      "campaigns/{campaign}/attestations/{attestation}/imported-history", name: "attestation.imported_history",
      use: ofAttestation)
    group.get("people/employees/{employee}/imported-history", name: "employee.imported_history", use: ofEmployee)
  }

  private static func ofCase(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCases)
    let id = try context.id("case", of: Case.self)
    return try await show(Case.object(id), context) { tx in
      guard let found = try await Case.find(id, in: tx) else { throw RecordMissing() }
      let cases = context.acting.path("cases")
      return ImportedHistorySubject(
        title: found.title, reference: found.reference, records: found.itself, page: cases.appending(id),
        within: [Crumb("Cases", cases)])
    }
  }

  private static func ofPolicy(_ context: Inside) async throws -> Answer {
    try await context.demand(.readDrafts)
    let id = try context.id("policy", of: Policy.self)
    return try await show(Policy.object(id), context) { tx in
      guard let found = try await Policy.find(id, .everything, in: tx) else { throw RecordMissing() }
      let policies = context.acting.path("policies")
      return ImportedHistorySubject(
        title: found.title, records: [id.uuid], page: policies.appending(id), within: [Crumb("Policies", policies)])
    }
  }

  private static func ofDisclosure(_ context: Inside) async throws -> Answer {
    try await context.demand(.readDisclosures)
    let id = try context.id("disclosure", of: Disclosure.self)
    return try await show(Disclosure.object(id), context) { tx in
      guard let found = try await Disclosure.find(id, in: tx) else { throw RecordMissing() }
      let disclosures = context.acting.path("disclosures")
      return ImportedHistorySubject(
        title: found.row.title, reference: found.reference, records: [id.uuid], page: disclosures.appending(id),
        within: [Crumb("Disclosures", disclosures)])
    }
  }

  private static func ofAttestation(_ context: Inside) async throws -> Answer {
    try await context.demand(.readCampaigns)
    let id = try context.id("attestation", of: Attestation.self)
    let campaignID = try context.id("campaign", of: Campaign.self)
    return try await show(Attestation.object(id), context) { tx in
      guard let campaign = try await Campaign.find(campaignID, in: tx),
        let found = try await Attestation.find(id, of: campaignID, in: tx)
      else { throw RecordMissing() }
      let campaigns = context.acting.path("campaigns")
      let all = campaigns.appending(campaignID).appending("attestations")
      return ImportedHistorySubject(
        title: "Attestation of \(found.employee.name)", records: [id.uuid], page: all.appending(id),
        within: [
          Crumb("Campaigns", campaigns), Crumb(campaign.name, campaigns.appending(campaignID)),
          Crumb("Attestations", all),
        ])
    }
  }

  private static func ofEmployee(_ context: Inside) async throws -> Answer {
    try await context.demand(.readUsers)
    let id = try context.id("employee", of: Employee.self)
    return try await show(EmployeeRecord.object(id), context) { tx in
      guard let found = try await EmployeeRecord.find(id, in: tx) else { throw RecordMissing() }
      let people = context.acting.path("people")
      let employees = PeopleTab.employees.path(context.acting)
      return ImportedHistorySubject(
        title: found.name, records: [id.uuid], page: employees.appending(id),
        within: [Crumb("People", people), Crumb("Employees", employees)])
    }
  }

  private static func show(
    _ object: AuditObject, _ context: Inside,
    of find: @Sendable (AuditedTransaction) async throws -> ImportedHistorySubject
  ) async throws -> Answer {
    let position = try context.query("after").map(ImportedHistory.Position.init)
    return try await context.look(at: object) { tx in
      let subject = try await find(tx)
      let events = try await tx.all(
        ImportedEvent.about(subject.records, behind: position, length: ImportedHistory.pageLength))
      let history = ImportedHistory(events, length: ImportedHistory.pageLength)
      return ImportedHistoryView.page(history, about: subject, isFirst: position == nil)
    }
  }
}
