// What a step of the trail says to a person. The action's code stands beside it, so nothing is lost in the telling.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

/// One act in words: what was done, and what was tried when it was refused.
private struct Deed {
  let done: String
  let tried: String

  init(_ done: String, _ tried: String) {
    self.done = done
    self.tried = tried
  }
}

private let deeds: [String: Deed] = [
  "migration.scope": Deed("said what comes over:", "say what comes over"),
  "migration.upload": Deed("uploaded a file", "upload a file"),
  "migration.upload_begin": Deed("began to upload a file", "begin to upload a file"),
  "migration.upload_piece": Deed("went on uploading a file", "go on uploading a file"),
  "migration.upload_finish": Deed("finished the upload of a file", "finish the upload of a file"),
  "migration.delete_upload": Deed("removed a file that did not come whole", "remove a file that did not come whole"),
  "migration.delete_file": Deed("deleted a file", "delete a file"),
  "migration.read": Deed("read a file", "read a file"),
  "migration.read_file": Deed("made new batches of", "make new batches of"),
  "migration.read_table": Deed("read a hidden table of", "read a hidden table of"),
  "migration.source": Deed("said where data comes from:", "say where data comes from"),
  "migration.batch_source": Deed("said where data comes from:", "say where data comes from"),
  "migration.field_rules": Deed("said what becomes of fields that are there in", "say what becomes of fields"),
  "migration.map": Deed("mapped the columns of", "map the columns of"),
  "migration.map_values": Deed("mapped the values of", "map the values of"),
  "migration.stage": Deed("had the rows checked of", "have the rows checked of"),
  "migration.validate": Deed("checked the rows of", "check the rows of"),
  "migration.acknowledge": Deed("took note of warnings of", "take note of warnings of"),
  "migration.correct": Deed("corrected rows of", "correct rows of"),
  "migration.blank": Deed("blanked who reported in rows of", "blank who reported in rows of"),
  "migration.cancel": Deed("cancelled", "cancel"),
  "migration.commit_start": Deed("began to import", "begin to import"),
  "migration.commit_chunk": Deed("imported", "import rows"),
  "migration.commit_pause": Deed("paused the import of", "pause the import of"),
  "migration.commit_resume": Deed("went on with the import of", "go on with the import of"),
  "migration.commit_finish": Deed("finished an import:", "finish an import"),
  "migration.commit_fail": Deed("imported", "import"),
  "migration.commit": Deed("began to import", "begin to import"),
  "migration.commit_stop": Deed("stopped the import of", "stop the import of"),
  "migration.resolve": Deed("decided conflicts of", "decide conflicts of"),
  "migration.reconcile": Deed("reconciled the data migration:", "reconcile the data migration"),
  "migration.reconcile_start": Deed("began to reconcile the data migration", "begin to reconcile the data migration"),
  "migration.reconcile_stop": Deed("stopped reconciling the data migration", "stop reconciling the data migration"),
  "migration.sign_off": Deed("noted the client’s signature of the data migration,", "sign the data migration off"),
  "migration.close": Deed("closed the data migration", "close the data migration"),
  "migration.export": Deed("downloaded a file", "download a file"),
  "migration.purge": Deed("removed what came in:", "remove what came in a file"),
  "view.migration.reconciliation": Deed("looked at the reconciliation", "look at the reconciliation"),
  "view.migration.reconciliation_signed": Deed("looked at a signed reconciliation", "look at a signed reconciliation"),
  "view.migration.conflicts": Deed("looked at the conflicts of", "look at the conflicts of"),
  "undo.record": Deed("took records of a batch back:", "take records of a batch back"),
  "undo.start": Deed("began to take back", "begin to take back"),
  "undo.chunk": Deed("took records of a batch back:", "take records of a batch back"),
  "undo.finish": Deed("finished taking a batch back:", "finish taking a batch back"),
  "undo.reverse": Deed("took an undo back of", "take an undo back of"),
  "view.migration.records": Deed("looked at what came over of", "look at what came over of"),
  "view.migration.undo_form": Deed("looked at what an undo would do to", "look at what an undo would do to"),
  "view.migration.reverse_form": Deed("looked at what taking an undo back would do", "look at taking an undo back"),
  "view.migration.project": Deed("looked at the data migration", "look at the data migration"),
  "view.migration.scope_form": Deed("looked at what comes over", "look at what comes over"),
  "view.migration.batch": Deed("looked at", "look at"),
  "view.migration.mapper": Deed("looked at the columns of", "look at the columns of"),
  "view.migration.values": Deed("looked at the values of", "look at the values of"),
  "view.migration.issue": Deed("looked at what was found in", "look at what was found in"),
  "view.migration.row": Deed("looked at a row of", "look at a row of"),
  "impersonation.start": Deed("entered the workspace", "enter the workspace"),
  "impersonation.reenter": Deed("entered again", "enter again"),
  "impersonation.resume": Deed("came back after signing in", "come back"),
  "impersonation.end": Deed("left the workspace", "leave the workspace"),
  "auth.sign_in": Deed("signed in", "sign in"),
  "auth.sign_in_failed": Deed("signed in", "sign in"),
  "auth.sign_out": Deed("signed out", "sign out"),
  "access.denied": Deed("opened a page", "open a page"),
  "access.network_denied": Deed("reached the console", "reach the console"),
  "case.assign": Deed("assigned", "assign"),
  "case.stage": Deed("moved", "move"),
  "case.merge": Deed("merged", "merge"),
  "view.case.merge_form": Deed("looked for a case to merge with", "look for a case to merge with"),
  "case.edit": Deed("edited", "edit"),
  "note.add": Deed("wrote on", "write a note on"),
  "case_message.add": Deed("wrote down a message on", "write a message on"),
  "case_report.link": Deed("linked a report to", "link a report to"),
  "attachment.add": Deed("attached a file to", "attach a file to"),
  "investigation.open": Deed("opened an investigation of", "open an investigation of"),
  "investigation.assign": Deed("gave an investigator to", "give an investigator to"),
  "investigation.state": Deed("moved the investigation of", "move the investigation of"),
  "investigation.edit": Deed("edited the investigation of", "edit the investigation of"),
  "disclosure.create": Deed("added", "add a disclosure"),
  "disclosure.review": Deed("took up", "take up"),
  "disclosure.decide": Deed("decided", "decide"),
  "disclosure.reopen": Deed("reopened", "reopen"),
  "disclosure.expire": Deed("let expire", "let expire"),
  "reveal.reporter": Deed("revealed the reporter of", "reveal the reporter of"),
  "export.csv": Deed("exported", "export"),
  "demo.disclosures": Deed("filled in the demo’s disclosures", "fill in the demo’s disclosures"),
  "demo.casework": Deed("filled in the work on the demo’s cases", "fill in the work on the demo’s cases"),
  "view.attachment.download": Deed("downloaded a file of", "download a file of"),
  "view.investigation.create_form": Deed("began an investigation of", "begin an investigation of"),
  "view.investigation.show": Deed("viewed the investigation of", "view the investigation of"),
  "view.investigation.edit_form": Deed("began to edit the investigation of", "edit the investigation of"),
  "view.report.list": Deed("viewed the list of reports", "view the list of reports"),
  "view.report.show": Deed("viewed", "view"),
  "view.disclosure.list": Deed("viewed the list of disclosures", "view the list of disclosures"),
  "view.disclosure.show": Deed("viewed", "view"),
  "view.disclosure.imported_history": Deed("looked at the imported history of", "look at the imported history of"),
  "view.disclosure.create_form": Deed("began to add a disclosure", "add a disclosure"),
  "client_user.invite": Deed("invited", "invite a person"),
  "client_user.edit": Deed("edited", "edit"),
  "client_user.role": Deed("changed the role of", "change the role of"),
  "client_user.deactivate": Deed("deactivated", "deactivate"),
  "client_user.reactivate": Deed("reactivated", "reactivate"),
  "client_user.end_sessions": Deed("ended the sessions of", "end the sessions of"),
  "client_user.reset_second_factor": Deed("reset the second factor of", "reset the second factor of"),
  "ticket.add": Deed("added", "add a ticket"),
  "ticket.set": Deed("changed", "change"),
  "tenant_setting.set": Deed("set", "set"),
  "tenant.create": Deed("created the client", "create the client"),
  "tenant.status": Deed("set the status of", "set the status of"),
  "view.platform.tenant": Deed("looked at the status of", "look at the status of"),
  "staff.invite": Deed("invited", "invite"),
  "staff.grant": Deed("granted to", "grant to"),
  "staff.take": Deed("took from", "take from"),
  "staff.lock": Deed("locked", "lock"),
  "staff.unlock": Deed("unlocked", "unlock"),
  "staff.deactivate": Deed("deactivated", "deactivate"),
  "staff.reactivate": Deed("reactivated", "reactivate"),
  "staff.end_sign_ins": Deed("ended sign-ins of", "end sign-ins of"),
  "staff.end_access": Deed("ended an access of", "end an access of"),
  "staff.preset": Deed("changed the preset", "change a preset"),
  "view.staff.show": Deed("viewed the staff page of", "view the staff page of"),
  "access.rate_limited": Deed("asked often", "ask more often than a minute allows:"),
  "staff.bind": Deed("bound the sign-in of", "bind the sign-in of"),
  "staff.single_keys": Deed("switched one-letter keys", "switch one-letter keys"),
  "staff_pin.set": Deed("pinned or unpinned", "pin or unpin"),
  "demo.cases": Deed("filled in the demo’s cases", "fill in the demo’s cases"),
  "demo.policies": Deed("filled in the demo’s policies", "fill in the demo’s policies"),
  "demo.campaigns": Deed("filled in the demo’s campaign", "fill in the demo’s campaign"),
  "demo.people": Deed("filled in the demo’s people", "fill in the demo’s people"),
  "view.workspace.overview": Deed("viewed the overview", "view the overview"),
  "view.case.list": Deed("viewed the case list", "view the case list"),
  "view.case.show": Deed("viewed", "view"),
  "view.case.imported_history": Deed("looked at the imported history of", "look at the imported history of"),
  "view.case.edit_form": Deed("began to edit", "edit"),
  "view.client_user.list": Deed("viewed the list of people", "view the list of people"),
  "view.client_user.show": Deed("viewed", "view"),
  "view.client_user.edit_form": Deed("began to edit", "edit"),
  "view.client_user.invite_form": Deed("began to invite a person", "invite a person"),
  "view.tenant_setting.list": Deed("viewed the settings", "view the settings"),
  "policy.add": Deed("added the policy", "add a policy"),
  "policy.edit": Deed("edited the policy", "edit a policy"),
  "policy.move": Deed("moved the policy", "move a policy"),
  "policy.revise": Deed("began to revise", "begin to revise"),
  "policy.discard": Deed("threw away a draft of", "throw away a draft of"),
  "campaign.add": Deed("planned the campaign", "plan a campaign"),
  "campaign.edit": Deed("edited the campaign", "edit a campaign"),
  "campaign.move": Deed("moved the campaign", "move a campaign"),
  "campaign.start": Deed("started the campaign", "start a campaign:"),
  "attestation.overdue": Deed("noted what is overdue of", "note what is overdue of"),
  "campaign.remind": Deed("noted reminders for", "note reminders for"),
  "attestation.complete": Deed("completed the attestation of", "complete the attestation of"),
  "attestation.refuse": Deed("noted the refusal of", "note the refusal of"),
  "attestation.skip": Deed("skipped", "skip"),
  "attestation.extend": Deed("gave more time to", "give more time to"),
  "attestation.remind": Deed("noted a reminder for", "note a reminder for"),
  "attestation.many": Deed("worked on attestations of", "work on attestations of"),
  "view.campaign.list": Deed("viewed the list of campaigns", "view the list of campaigns"),
  "view.campaign.show": Deed("viewed", "view"),
  "view.campaign.add_form": Deed("began to plan a campaign", "plan a campaign"),
  "view.campaign.edit_form": Deed("began to edit", "edit"),
  "view.attestation.list": Deed("viewed the attestations of", "view the attestations of"),
  "view.attestation.show": Deed("viewed the attestation of", "view the attestation of"),
  "view.attestation.imported_history": Deed("looked at the imported history of", "look at the imported history of"),
  "view.policy.list": Deed("viewed the list of policies", "view the list of policies"),
  "view.policy.show": Deed("viewed", "view"),
  "view.policy.imported_history": Deed("looked at the imported history of", "look at the imported history of"),
  "view.policy.version": Deed("viewed", "view"),
  "view.policy.add_form": Deed("began to write a policy", "write a policy"),
  "view.policy.edit_form": Deed("began to edit", "edit"),
  "search.run": Deed("searched for", "search for"),
  "index.check": Deed("checked the index of", "check the index of"),
  "index.reindex": Deed("indexed again", "index again"),
  "index.rebuild": Deed("had the index rebuilt of", "have the index rebuilt of"),
  "view.search": Deed("opened search", "open search"),
  "view.index.list": Deed("viewed the index of search", "view the index of search"),
  "view.index.show": Deed("viewed the index of", "view the index of"),
  "job.retry": Deed("retried", "retry"),
  "job.run_now": Deed("ran at once", "run at once"),
  "job.cancel": Deed("cancelled", "cancel"),
  "job.bulk": Deed("acted on several jobs:", "act on several jobs"),
  "reveal.job_arguments": Deed("revealed the arguments of", "reveal the arguments of"),
  "view.job.list": Deed("viewed the jobs", "view the jobs"),
  "view.job.show": Deed("viewed", "view"),
  "view.job.bulk_form": Deed("counted jobs", "count jobs"),
  "error.resolve": Deed("resolved the error", "resolve an error"),
  "error.reopen": Deed("reopened the error", "reopen an error"),
  "error.mute": Deed("muted the error", "mute an error"),
  "view.error.list": Deed("viewed the errors", "view the errors"),
  "view.error.show": Deed("viewed the error", "view an error"),
  "view.error.sample": Deed("viewed one time of the error", "view one time of an error"),
  "tenant_setting.clear": Deed("cleared", "clear"),
  "setting_layer.set": Deed("set for several clients:", "set for several clients"),
  "view.configuration.list": Deed("viewed the configuration", "view the configuration"),
  "view.configuration.show": Deed("viewed the setting", "view the setting"),
  "flag.set": Deed("set the flag", "set the flag"),
  "flag.clear": Deed("cleared the flag", "clear the flag"),
  "view.flag.list": Deed("viewed the flags", "view the flags"),
  "view.flag.show": Deed("viewed the flag", "view the flag"),
  "employee.add": Deed("added", "add an employee"),
  "employee.edit": Deed("edited", "edit"),
  "employee.end": Deed("ended the employment of", "end the employment of"),
  "employee.reactivate": Deed("reactivated", "reactivate"),
  "org_unit.add": Deed("added the unit", "add a unit"),
  "org_unit.rename": Deed("renamed the unit", "rename a unit"),
  "org_unit.move": Deed("moved the unit", "move a unit"),
  "org_unit.retire": Deed("retired the unit", "retire a unit"),
  "category.add": Deed("added the category", "add a category"),
  "category.edit": Deed("edited the category", "edit a category"),
  "category.move": Deed("moved the category", "move a category"),
  "category.retire": Deed("retired the category", "retire a category"),
  "domain.add": Deed("added the domain", "add a domain"),
  "domain.retire": Deed("retired the domain", "retire a domain"),
  "sso_setting.edit": Deed("set up the sign-in with", "set up the sign-in"),
  "sso_setting.retire": Deed("switched off the sign-in with", "switch off the sign-in"),
  "reveal.secret": Deed("revealed the secret of the sign-in with", "reveal the secret of the sign-in"),
  "branding.edit": Deed("changed the branding:", "change the branding"),
  "branding.logo": Deed("changed the logo:", "change the logo"),
  "retention_rule.set": Deed("set how long is kept:", "set how long is kept"),
  "retention_rule.clear": Deed("cleared how long is kept:", "clear how long is kept"),
  "demo.configuration": Deed("filled in the demo’s configuration", "fill in the demo’s configuration"),
  "view.employee.list": Deed("viewed the list of employees", "view the list of employees"),
  "view.employee.show": Deed("viewed", "view"),
  "view.employee.imported_history": Deed("looked at the imported history of", "look at the imported history of"),
  "view.employee.add_form": Deed("began to add an employee", "add an employee"),
  "view.employee.edit_form": Deed("began to edit", "edit"),
  "view.org_unit.list": Deed("viewed the org units", "view the org units"),
  "view.org_unit.show": Deed("viewed the unit", "view a unit"),
  "view.org_unit.add_form": Deed("began to add a unit", "add a unit"),
  "view.category.list": Deed("viewed the categories", "view the categories"),
  "view.category.show": Deed("viewed the category", "view a category"),
  "view.category.add_form": Deed("began to add a category", "add a category"),
  "view.domain.list": Deed("viewed the domains", "view the domains"),
  "view.sso_setting.show": Deed("viewed the sign-in settings", "view the sign-in settings"),
  "view.branding.show": Deed("viewed the branding", "view the branding"),
  "view.branding.logo_file": Deed("was shown the logo", "see the logo"),
  "view.retention_rule.list": Deed("viewed how long records are kept", "view how long records are kept"),
  "view.audit.access": Deed("read the timeline of", "read the timeline of"),
  "view.audit.tenant": Deed("read the trail of", "read the trail of"),
  "view.audit.events": Deed("read the audit trail", "read the audit trail"),
]

/// Names that the steps of one page tell of each other: an act on a record says its reference, a look at it does not.
struct TrailNames {
  private var known: [String: String] = [:]

  init(_ steps: [TrailStep]) {
    for step in steps where step.outcome == .ok {
      guard let object = step.object, let detail = step.detail, Self.named.contains(object.type),
        let name = detail.split(separator: ":", maxSplits: 1).first
      else { continue }
      known[object.id] = String(name)
    }
    for step in steps { known[step.actor.kind == "staff" ? step.actor.id : ""] = step.actor.name }
  }

  private static let named: Set<String> = [
    "case", "client_user", "policy", "campaign", "attestation", "disclosure", "investigation",
    "employee", "org_unit", "category", "domain",
  ]

  /// A record's name where the page tells it, else the end of its id.
  func shown(_ id: String) -> String {
    known[id] ?? Self.short(id)
  }

  /// The end of an id: its beginning is a time, which many share.
  static func short(_ id: String) -> String {
    UUID(uuidString: id) == nil ? id : "…" + id.suffix(7)
  }
}

extension TrailStep {
  /// `assigned RPT-2026-00012: lead – → J. Doe`, `viewed the case list`, `tried to edit RPT-2026-00012`.
  func sentence(_ names: TrailNames) -> HTML {
    let deed = deeds[action].map { outcome == .ok ? $0.done : "tried to " + $0.tried } ?? action
    let words =
      switch revocation {
      case .revoked: "ended the access"
      case .tenantClosed: "ended the access by closing the client"
      case .manual, nil: deed
      }
    return HTML {
      words
      if action == "impersonation.start", outcome == .ok { entryWords }
      said.map { text in [" ", span(.dirAuto) { text }] } ?? thing(names)
      if outcome != .ok {
        " "
        badge([outcome.label, status.map(String.init)].compactMap(\.self).joined(separator: ", "), .bad)
      }
    }
  }

  /// How the access that this step is the end of was ended, unless by its own person leaving.
  var revocation: EndKind? {
    guard action == "impersonation.end", outcome == .ok else { return nil }
    let said = changes.flatMap(\.fields).first { $0.name == "ended_kind" }?.after
    return said.flatMap(EndKind.init(rawValue:)).flatMap { $0 == .manual ? nil : $0 }
  }

  /// The way in, as the new row says it.
  private var entryWords: String {
    let fields = changes.flatMap(\.fields)
    let entry = fields.first { $0.name == "entry" }?.after
    if entry == EntryKind.ticketLink.rawValue { return " by ticket link" }
    return fields.contains { $0.name == "ticket_id" && $0.after != nil } ? " for a ticket" : " by hand"
  }

  /// The words kept beside the event, without what the sentence says already.
  private var said: String? {
    guard let detail else { return nil }
    if action == "impersonation.start" || action == "impersonation.reenter" { return "· " + detail }
    return detail.hasSuffix(": edited") ? String(detail.dropLast(": edited".count)) : detail
  }

  private func thing(_ names: TrailNames) -> [HTML] {
    guard let object, !isSelfExplained(object) else { return [] }
    let name = names.shown(object.id)
    let words = HTML {
      Self.noun(object.type, name)
      span(.title(object.id)) { name }
    }
    guard object.type == "impersonation", let access = ID<Impersonation>(object.id) else { return [" ", words] }
    return [" ", a(.href(.timeline(access))) { words }]
  }

  /// Steps whose object is the access or the person that the page or the line is about anyway, or the one move that a
  /// client has at a time.
  private func isSelfExplained(_ object: AuditObject) -> Bool {
    action.hasPrefix("impersonation.") || action.hasPrefix("auth.") || object.id == actor.id
      || object.type == "migration_project"
  }

  /// What a thing is that is known by the end of its id alone; a name speaks for itself.
  static func noun(_ type: String, _ name: String) -> String {
    guard name.hasPrefix("…") else { return "" }
    return switch type {
    case "client_user": "person "
    case "impersonation": "access "
    case "tenant": "client "
    default: type.split(separator: "_").joined(separator: " ") + " "
    }
  }
}

extension Outcome {
  /// The word that a page shows.
  var label: String {
    rawValue.capitalizedFirst
  }
}

extension TrailStep {
  /// The fields that changed, as people name them.
  func fields(_ names: TrailNames, _ face: ClockFace) -> [FieldChange] {
    let several = Set(changes.map(\.table)).count > 1
    return changes.flatMap { change in
      change.fields.filter { !Self.isKey($0.name) }.map { field in
        FieldChange(
          label: (several ? Self.words(change.table) + ": " : "") + Self.words(field.name),
          before: field.before.map { face.words(of: $0, naming: names.shown) },
          after: field.after.map { face.words(of: $0, naming: names.shown) })
      }
    }
  }

  /// Columns that hold the row and its owner together and tell a person nothing.
  private static func isKey(_ column: String) -> Bool {
    [
      "id", "tenant_id", "staff_id", "case_id", "disclosure_id", "policy_id", "granted_by", "started_at", "entry",
    ].contains(column)
  }

  /// `assigned at` for `assigned_at`, `user` for `user_id`.
  private static func words(_ name: String) -> String {
    let parts = name.split(separator: "_")
    return (parts.last == "id" && parts.count > 1 ? parts.dropLast() : parts[...]).joined(separator: " ")
  }
}
