// Every act of a client's workspace, as somebody does it: where its form stands, and what they write into it.

import Foundation
import TestSupport

/// An act, done by the form that a page offers.
struct WorkspaceAct: Sendable {
  /// Below the access, as the table of routes has it.
  let route: String
  /// Where the form stands, below the access. `{stage=active}` is the first record of the list that the address is up
  /// to there, under that filter; `{cases?stage=active}` that of another list.
  let page: String
  /// The act that led to the record: the page is the one that it led to, with `page` behind it.
  var origin: String?
  /// What the page does not fill in by itself; a choice may be named as the page calls it.
  var fields: KeyValuePairs<String, String> = [:]
  var file: File?
  /// The events of the act: one, but where it is done to many records, each of which has its own.
  let events: [String]
  /// Why nobody does it who is acted as; `nil` for what some role of the client may do.
  var isEthicosBecause: String?

  struct File: Sendable {
    let name: String
    let bytes: [UInt8]
  }

  init(
    _ route: String, on page: String, _ fields: KeyValuePairs<String, String> = [:], file: File? = nil,
    says events: String...
  ) {
    self.route = route
    self.page = page
    self.fields = fields
    self.file = file
    self.events = events
  }

  init(
    _ route: String, after origin: String, at page: String = "", _ fields: KeyValuePairs<String, String> = [:],
    file: File? = nil, says event: String, isEthicosBecause reason: String? = nil
  ) {
    self.route = route
    self.page = page
    self.origin = origin
    self.fields = fields
    self.file = file
    events = [event]
    isEthicosBecause = reason
  }

  /// Whether an address is one of this route.
  func isAt(_ address: String, below access: String) -> Bool {
    let path = address.prefix { $0 != "?" }
    guard path.hasPrefix(access + "/") else { return false }
    let given = path.dropFirst(access.count + 1).split(separator: "/")
    let named = route.split(separator: "/")
    return given.count == named.count && zip(given, named).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
  }

  static let words = "A test asks."
  static let plan = File(name: "plan.pdf", bytes: Array("%PDF-1.7\n".utf8))
  /// The beginning of a picture of ten by ten.
  private static let logo = File(
    name: "logo.png",
    bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
      + [0, 0, 0, 10, 0, 0, 0, 10, 8, 2, 0, 0, 0])

  /// In an order in which each finds its record. A new route is added here; until then its test fails.
  static let all: [WorkspaceAct] =
    casework + policies + campaigns + disclosures + people + settings + debug
    + [WorkspaceAct("exit", on: "cases", says: "impersonation.end")]

  private static let casework: [WorkspaceAct] = [
    // Where many are assigned by one act is Acme's to have: a flag is off here against its tier.
    WorkspaceAct("debug/flags/{flag}/clear", on: "debug/flags/bulk_operations", says: "flag.clear"),
    WorkspaceAct("cases/assign", on: "cases", says: "case.assign", "case.assign_many"),
    WorkspaceAct("cases/export", on: "cases", says: "export.csv"),
    WorkspaceAct("cases/{case}/assign", on: "cases/{stage=new}", says: "case.assign"),
    WorkspaceAct(
      "cases/{case}/stage", on: "cases/{stage=active}", ["stage": "review", "outcome": ""], says: "case.stage"),
    WorkspaceAct("cases/{case}/outcome", on: "cases/{stage=remediation}", says: "case.outcome"),
    WorkspaceAct("cases/{case}/edit", on: "cases/{stage=active}/edit", ["title": words], says: "case.edit"),
    WorkspaceAct("cases/{case}/notes", on: "cases/{stage=active}", ["body": words], says: "note.add"),
    WorkspaceAct("cases/{case}/messages", on: "cases/{stage=active}", ["message": words], says: "case_message.add"),
    WorkspaceAct("cases/{case}/attachments", on: "cases/{stage=active}", file: plan, says: "attachment.add"),
    WorkspaceAct("cases/{case}/reports/{report}/reveal", on: "cases/{stage=active}", says: "reveal.reporter"),
    WorkspaceAct(
      "cases/{case}/reports", on: "cases/{stage=active}", ["report": "{reports?#reference}"], says: "case_report.link"),
    WorkspaceAct("cases/{case}/members", on: "cases/{stage=active}", says: "case_member.add"),
    WorkspaceAct("cases/{case}/members/{user}/remove", after: "case_member.add", says: "case_member.remove"),
    WorkspaceAct(
      "cases/{case}/investigations", on: "cases/{stage=active}/investigations/new",
      ["title": words, "investigator": ""], says: "investigation.open"),
    WorkspaceAct(
      "cases/{case}/investigations/{investigation}/assign", after: "investigation.open",
      says: "investigation.assign"),
    WorkspaceAct(
      "cases/{case}/investigations/{investigation}/state", after: "investigation.open", says: "investigation.state"),
    WorkspaceAct(
      "cases/{case}/investigations/{investigation}/edit", after: "investigation.open", at: "/edit", ["findings": words],
      says: "investigation.edit"),
    WorkspaceAct(
      "cases/{case}/merge", on: "cases/{stage=active}/merge?into={cases?stage=assigned}", says: "case.merge"),
    WorkspaceAct("reports/{report}/reveal", on: "reports/{}", says: "reveal.reporter"),
  ]

  private static let policies: [WorkspaceAct] = [
    WorkspaceAct("policies", on: "policies/new", ["title": words, "body": words], says: "policy.add"),
    WorkspaceAct(
      "policies/{policy}/edit", after: "policy.add", at: "/edit", ["title": "Another title"], says: "policy.edit"),
    WorkspaceAct("policies/{policy}/attachments", after: "policy.add", file: plan, says: "attachment.add"),
    WorkspaceAct("policies/{policy}/move", after: "policy.add", says: "policy.move"),
    WorkspaceAct("policies/{policy}/revise", on: "policies/{status=published}", says: "policy.revise"),
    WorkspaceAct("policies/{policy}/discard", after: "policy.revise", says: "policy.discard"),
  ]

  private static let attestation = "campaigns/{campaign}/attestations/{attestation}/"
  private static let pending = "campaigns/{status=active}/attestations/{state=pending}"

  private static let campaigns: [WorkspaceAct] = [
    WorkspaceAct("campaigns", on: "campaigns/new", ["name": words, "due": "2027-06-01"], says: "campaign.add"),
    WorkspaceAct("campaigns/{campaign}/edit", after: "campaign.add", at: "/edit", says: "campaign.edit"),
    WorkspaceAct("campaigns/{campaign}/move", after: "campaign.add", ["to": "active"], says: "campaign.move"),
    WorkspaceAct("campaigns/{campaign}/remind", after: "campaign.add", says: "campaign.remind"),
    WorkspaceAct(
      "campaigns/{campaign}/attestations", after: "campaign.add", at: "/attestations", ["act": "remind"],
      says: "attestation.remind"),
    WorkspaceAct(attestation + "extend", on: pending, ["due": "2029-06-01"], says: "attestation.extend"),
    WorkspaceAct(attestation + "remind", on: pending, says: "attestation.remind"),
    WorkspaceAct(attestation + "refuse", on: pending, ["refusal": words], says: "attestation.refuse"),
    WorkspaceAct(attestation + "complete", on: pending, says: "attestation.complete"),
    WorkspaceAct(attestation + "skip", on: pending, ["reason": words], says: "attestation.skip"),
  ]

  private static let disclosures: [WorkspaceAct] = [
    WorkspaceAct(
      "disclosures", on: "disclosures/new", ["employee": "10045", "title": words, "body": words, "currency": ""],
      says: "disclosure.create"),
    WorkspaceAct(
      "disclosures/{disclosure}/attachments", after: "disclosure.create", file: plan, says: "attachment.add"),
    WorkspaceAct("disclosures/{disclosure}/review", after: "disclosure.create", says: "disclosure.review"),
    WorkspaceAct(
      "disclosures/{disclosure}/decide", after: "disclosure.create", ["verdict": "approved", "decision": words],
      says: "disclosure.decide"),
    WorkspaceAct("disclosures/{disclosure}/reopen", after: "disclosure.create", says: "disclosure.reopen"),
  ]

  private static let manager = "people/{role=manager&state=active}"

  private static let people: [WorkspaceAct] = [
    WorkspaceAct(
      "people", on: "people/new", ["name": "Ada", "email": "ada@acme-health.example", "role": "policy_author"],
      says: "client_user.invite"),
    WorkspaceAct("people/{user}/edit", on: manager + "/edit", ["name": "Ada"], says: "client_user.edit"),
    WorkspaceAct("people/{user}/role", on: manager, ["role": "policy_author"], says: "client_user.role"),
    WorkspaceAct("people/{user}/end-sessions", on: manager, says: "client_user.end_sessions"),
    WorkspaceAct("people/{user}/reset-second-factor", on: manager, says: "client_user.reset_second_factor"),
    WorkspaceAct("people/{user}/deactivate", on: manager, says: "client_user.deactivate"),
    WorkspaceAct("people/{user}/reactivate", after: "client_user.deactivate", says: "client_user.reactivate"),
    WorkspaceAct(
      "people/employees", on: "people/employees/new", ["number": "N-1", "name": "Ada", "unit": ""],
      says: "employee.add"),
    WorkspaceAct(
      "people/employees/{employee}/edit", after: "employee.add", at: "/edit", ["name": "Ada Night", "unit": ""],
      says: "employee.edit"),
    WorkspaceAct("people/employees/{employee}/end", after: "employee.add", says: "employee.end"),
    WorkspaceAct("people/employees/{employee}/reactivate", after: "employee.add", says: "employee.reactivate"),
    WorkspaceAct(
      "people/units", on: "people/units/new", ["name": "Night", "kind": "team", "parent": "Clinics"],
      says: "org_unit.add"),
    WorkspaceAct("people/units/{unit}/rename", after: "org_unit.add", ["name": "Late"], says: "org_unit.rename"),
    WorkspaceAct("people/units/{unit}/move", after: "org_unit.add", ["parent": "Corporate"], says: "org_unit.move"),
    WorkspaceAct("people/units/{unit}/retire", after: "org_unit.add", says: "org_unit.retire"),
  ]

  private static let settings: [WorkspaceAct] = [
    WorkspaceAct(
      "settings/categories", on: "settings/categories/new",
      ["name": "Sanctions", "code": "SAN", "lead": "", "parent": ""], says: "category.add"),
    WorkspaceAct(
      "settings/categories/{category}/edit", after: "category.add", ["name": "Sanction", "lead": "", "parent": ""],
      says: "category.edit"),
    WorkspaceAct("settings/categories/{category}/retire", after: "category.add", says: "category.retire"),
    WorkspaceAct(
      "settings/categories/{category}/move", on: "settings/categories", ["direction": "down"], says: "category.move"),
    WorkspaceAct("settings/domains", on: "settings/domains", ["name": "clinic.example"], says: "domain.add"),
    WorkspaceAct("settings/domains/{domain}/edit", after: "domain.add", ["name": "care.example"], says: "domain.edit"),
    WorkspaceAct(
      "settings/domains/{domain}/verify", after: "domain.add", ["proof": words], says: "domain.verify",
      isEthicosBecause: "A client says of no domain that it is theirs: who has seen the proof does."),
    WorkspaceAct(
      "settings/domains/{domain}/unverify", after: "domain.add", says: "domain.unverify",
      isEthicosBecause: "Nor does it take that back."),
    WorkspaceAct("settings/domains/{domain}/retire", after: "domain.add", says: "domain.retire"),
    WorkspaceAct("settings/sign-in", on: "settings/sign-in", says: "sso_setting.edit"),
    WorkspaceAct("settings/sign-in/reveal", on: "settings/sign-in", says: "reveal.secret"),
    WorkspaceAct("settings/sign-in/retire", on: "settings/sign-in", says: "sso_setting.retire"),
    WorkspaceAct("settings/branding", on: "settings/branding", ["name": "Acme"], says: "branding.edit"),
    WorkspaceAct("settings/branding/logo", on: "settings/branding", file: logo, says: "branding.logo"),
    WorkspaceAct(
      "settings/retention/{kind}", on: "settings/retention", ["report": "400"], says: "retention_rule.set"),
    WorkspaceAct(
      "settings/{key}", on: "settings", ["intake.web_form_enabled": "false"], says: "tenant_setting.set"),
  ]

  private static let debug: [WorkspaceAct] = [
    WorkspaceAct("debug/flags/{flag}", on: "debug/flags/ai_case_summary", says: "flag.set"),
    WorkspaceAct(
      "debug/configuration/{key}", on: "debug/configuration/cases.default_sla_days",
      ["cases.default_sla_days": "23"], says: "tenant_setting.set"),
    WorkspaceAct(
      "debug/configuration/{key}/clear", on: "debug/configuration/cases.default_sla_days",
      says: "tenant_setting.clear"),
    WorkspaceAct(
      "debug/errors/{error}/mute", on: "debug/errors/{}", ["until": "2027-01-20"], says: "error.mute"),
    WorkspaceAct("debug/errors/{error}/resolve", after: "error.mute", says: "error.resolve"),
    WorkspaceAct("debug/errors/{error}/reopen", after: "error.resolve", says: "error.reopen"),
    WorkspaceAct("debug/jobs/{job}/reveal", on: "debug/jobs/{state=dead}", says: "reveal.job_arguments"),
    WorkspaceAct("debug/jobs/{job}/retry", on: "debug/jobs/{state=dead}", says: "job.retry"),
    WorkspaceAct("debug/jobs/{job}/run-now", after: "job.retry", says: "job.run_now"),
    WorkspaceAct("debug/jobs/bulk", on: "debug/jobs/bulk?act=cancel&state=queued&kind=mail.deliver", says: "job.bulk"),
    WorkspaceAct("debug/jobs/{job}/cancel", on: "debug/jobs/{only=stuck}", says: "job.cancel"),
    WorkspaceAct("debug/search/{entity}/check", on: "debug/search/case", says: "index.check"),
    WorkspaceAct("debug/search/{entity}/reindex", on: "debug/search/case", says: "index.reindex"),
    WorkspaceAct("debug/search/{entity}/rebuild", on: "debug/search/case", says: "index.rebuild"),
  ]

  /// What a rule of the product refuses somebody who is acted as, though another of the same route is theirs, with the
  /// words that say why.
  static let refusedAsSomebody: [(act: WorkspaceAct, says: String)] = [
    (
      act: WorkspaceAct(
        "cases/{case}/notes", on: "cases/{stage=active}", ["body": words, "visibility": "private"], says: "note.add"),
      says: "A private note would be nobody"
    )
  ]
}
