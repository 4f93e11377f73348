// The people of Ethico, administered: the list, one person's page, and what is done to them.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

typealias StaffAdmin = StaffContext<AdministerStaff>

enum StaffController {
  static func routes(_ routes: Routes) {
    let group = routes.group("staff", context: StaffAdmin.self)
    group.get("", name: "staff.list", use: list)
    group.get("new", name: "staff.invite_form", use: inviteForm)
    group.post("", name: "staff.invite", use: invite)
    group.get("{staff}", name: "staff.show", use: show)
    group.post("{staff}/grant", name: "staff.grant", use: grant)
    group.post("{staff}/take", name: "staff.take", use: take)
    group.post("{staff}/lock", name: "staff.lock", use: lock)
    group.post("{staff}/unlock", name: "staff.unlock", use: unlock)
    group.post("{staff}/deactivate", name: "staff.deactivate", use: deactivate)
    group.post("{staff}/reactivate", name: "staff.reactivate", use: reactivate)
    group.post("{staff}/end-sign-ins", name: "staff.end_sign_ins", use: endSignIns)
    group.post("{staff}/accesses/{access}/end", name: "staff.end_access", use: endAccess)
    PresetController.routes(routes)
  }

  // MARK: Reading

  private static func list(_ context: StaffAdmin) async throws -> Answer {
    let filter = try StaffFilter(context)
    return .page(StaffListView.page(try await context.ledger.staff(filter), filter))
  }

  private static func show(_ context: StaffAdmin) async throws -> Answer {
    let id = try context.id("staff", of: Staff.self)
    return .page(try await screen(id, PageForms(), context))
  }

  /// A person's page, with what its forms hold. Where people sign in from is nobody's business without a trace.
  private static func screen(_ id: ID<Staff>, _ forms: PageForms, _ context: StaffAdmin) async throws -> Page {
    guard let file = try await context.ledger.staffFile(id) else { throw Problem.notFound }
    let presets = try await context.ledger.capabilityPresets()
    var facts = context.facts
    facts.route = "staff.show"
    let history = try await context.ledger.trail(
      TrailQuery(.person(id), limit: 50), by: context.signedIn, request: facts)
    return StaffView.page(file, presets, history, forms, context.staff)
  }

  // MARK: Inviting

  private static func inviteForm(_ context: StaffAdmin) async throws -> Answer {
    let state = FormState([("timezone", context.staff.timezone)])
    return .page(StaffInviteView.page(try await context.ledger.activeStaff(), state))
  }

  private static func invite(_ context: StaffAdmin) async throws -> Answer {
    do {
      let invitation = try StaffInvitation(context.form.fields)
      if let manager = invitation.reportsTo {
        let known = try await context.ledger.activeStaff().contains { $0.id == manager }
        guard known else { throw Invalid("reports_to", "Choose somebody from the list, or nobody.") }
      }
      let id = try await context.ledger.invite(invitation, by: context.administrator)
      return .redirect(.staff(id).query("done", "invited"))
    } catch let invalid as Invalid {
      return try await inviteAgain(invalid.setback, context)
    } catch StaffRefusal.emailTaken(let email) {
      let error = FieldError("email", "\(email) is a staff person already.")
      let setback = Setback(
        .conflict, "email_taken", "\(email) is a staff person already.", "Nobody was invited.", errors: [error])
      return try await inviteAgain(setback, context)
    }
  }

  private static func inviteAgain(_ setback: Setback, _ context: StaffAdmin) async throws -> Answer {
    try await context.note(setback)
    guard context.wantsHTML else { throw setback.problem }
    let state = FormState(context.form.fields, errors: setback.errors)
    return .page(StaffInviteView.page(try await context.ledger.activeStaff(), state), status: setback.status)
  }

  // MARK: Acts on a person's page

  private static func grant(_ context: StaffAdmin) async throws -> Answer {
    try await act(context, done: "granted") { id in
      let grant = try NewGrant(
        context.form.fields, at: context.ledger.timepiece.now(), timezone: context.staff.timezone)
      try await context.ledger.grant(grant, to: id, by: context.administrator)
    }
  }

  private static func take(_ context: StaffAdmin) async throws -> Answer {
    try await act(context, done: "taken") { id in
      try await context.ledger.take(try Taking(context.form.fields), from: id, by: context.administrator)
    }
  }

  private static func lock(_ context: StaffAdmin) async throws -> Answer {
    try await act(context, done: "locked") { id in
      let reason = try LockReason(context.form.fields).text
      try await context.ledger.lock(
        id, because: reason, version: context.form.version, by: context.administrator)
    }
  }

  private static func unlock(_ context: StaffAdmin) async throws -> Answer {
    try await act(context, done: "unlocked") { id in
      try await context.ledger.unlock(id, version: context.form.version, by: context.administrator)
    }
  }

  private static func deactivate(_ context: StaffAdmin) async throws -> Answer {
    try await act(context, done: "deactivated") { id in
      try await context.ledger.deactivate(id, version: context.form.version, by: context.administrator)
    }
  }

  private static func reactivate(_ context: StaffAdmin) async throws -> Answer {
    try await act(context, done: "reactivated") { id in
      try await context.ledger.reactivate(id, version: context.form.version, by: context.administrator)
    }
  }

  private static func endSignIns(_ context: StaffAdmin) async throws -> Answer {
    try await act(context, done: "sign_ins_ended") { id in
      let choice = try SignInChoice(context.form.fields)
      try await context.ledger.endSignIns(choice, of: id, by: context.administrator)
    }
  }

  private static func endAccess(_ context: StaffAdmin) async throws -> Answer {
    try await act(context, done: "access_ended") { id in
      let access = try context.id("access", of: Impersonation.self)
      try await context.ledger.endAccess(access, of: id, by: context.administrator)
    }
  }

  /// An act on one person: looked up first; refused, it leads to the person's page with nothing lost.
  private static func act(
    _ context: StaffAdmin, done: StaticString, _ change: @Sendable (ID<Staff>) async throws -> Void
  ) async throws -> Answer {
    let id = try context.id("staff", of: Staff.self)
    guard try await context.ledger.isStaff(id) else { throw Problem.notFound }
    do {
      try await change(id)
      return .redirect(.staff(id).query("done", done.description))
    } catch let refusal as any Refusal {
      return try await again(id, refusal.setback, context)
    } catch let refusal as StaffRefusal {
      return try await again(id, Setback(refusal), context)
    }
  }

  private static func again(_ id: ID<Staff>, _ setback: Setback, _ context: StaffAdmin) async throws -> Answer {
    try await context.note(setback, on: StaffRecord.object(id))
    guard context.wantsHTML else { throw setback.problem }
    let forms = PageForms(context.facts.route, context.form.fields, setback)
    return .page(try await screen(id, forms, context), status: setback.status)
  }
}

extension StaffContext where Need == AdministerStaff {
  var administrator: Administrator { Administrator(signedIn, request: facts) }

  /// Writes down that an act was refused.
  func note(_ setback: Setback, on object: AuditObject? = nil) async throws {
    try await ledger.refuse(
      author, action: facts.route, object: object,
      outcome: setback.status == .forbidden ? .denied : setback.outcome, status: setback.status.code)
  }
}

extension Path {
  /// The page of a staff person.
  static func staff(_ id: ID<Staff>) -> Path { Path("/staff").appending(id) }
}
