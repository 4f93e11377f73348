// One's own sign-ins: staying, and ending those in other browsers.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum SignInsController {
  static func routes(_ routes: Routes) {
    let everybody = routes.group("me", context: StaffContext<ReadTenants>.self)
    everybody.post("stay", name: "auth.stay", use: stay)
    everybody.post("end-sign-ins", name: "auth.end_sign_ins", use: end)
  }

  /// Does nothing but to be a request of the person's own: the sign-in lasts for another half hour.
  private static func stay(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    guard !context.wantsHTML else { return .redirect(Path("/me").query("done", "stayed")) }
    return .json(StayBody(StayTimes(context.signedIn, now: context.frame.face.now)))
  }

  /// Ends one of the person's other sign-ins, or all of them. The one in use ends by signing out.
  private static func end(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let current = context.signedIn.session.id
    var choice = SignInChoice.allBut(current)
    if context.form.fields.given("sign_in") != nil {
      choice = try SignInChoice(context.form.fields)
      guard choice != .one(current) else {
        throw Invalid("sign_in", "This is the sign-in you use. It ends when you sign out.")
      }
    }
    try await context.ledger.endSignIns(
      choice, of: context.staff.id, by: Administrator(context.signedIn, request: context.facts))
    return .redirect(Path("/me").query("done", "sign_ins_ended"))
  }
}

enum SignInsView {
  static func mine(_ signIns: [SignInRecord], current: ID<StaffSession>, _ frame: Frame) -> HTML {
    panel("Where you are signed in", aside: span(.class("count")) { grouped(signIns.count) }) {
      SignInList.view(signIns, current: current, frame) { signIn in
        postButton(
          "End sign-in", to: "/me/end-sign-ins", frame.secrets("out-" + signIn.id.description),
          fields: [("sign_in", signIn.id.description)], style: [.small, .quiet], name: "End sign-in from \(signIn.ip)")
      }
      if signIns.count > 1 {
        postButton(
          signIns.count == 2 ? "End the other one" : "End the \(grouped(signIns.count - 1)) others",
          to: "/me/end-sign-ins", frame.secrets("out-others"), style: .small)
      }
    }
  }
}

/// When a sign-in ends by its clocks.
struct StayTimes {
  /// Without another request.
  let idleEnds: Date
  /// Whatever is done.
  let ends: Date

  init(_ signedIn: SignedIn, now: Date) {
    ends = signedIn.session.startedAt.addingTimeInterval(StaffSession.longestSeconds)
    idleEnds = min(now.addingTimeInterval(StaffSession.idleSeconds), ends)
  }
}

/// The answer to staying, for programs.
private struct StayBody: Encodable, Sendable {
  let idleEnds: Date
  let ends: Date

  enum CodingKeys: String, CodingKey {
    case ends
    case idleEnds = "idle_ends"
  }

  init(_ times: StayTimes) {
    idleEnds = times.idleEnds
    ends = times.ends
  }
}

/// The offer to stay, two minutes before a sign-in ends for want of requests. Hidden until a script shows it; without
/// scripts every page that is opened is a request, and a form that comes too late is kept.
enum StaySignedIn {
  /// So long before the end the offer is made.
  private static let offeredSeconds = 2 * 60

  static func offer(_ signedIn: SignedIn, _ frame: Frame) -> HTML {
    let times = StayTimes(signedIn, now: frame.face.now)
    return custom(
      "stay-signed-in", .hidden, .data("idle", String(Int(StaffSession.idleSeconds))),
      .data("offer", String(Int(StaffSession.idleSeconds) - offeredSeconds)), .data("ends", ClockFace.iso(times.ends))
    ) {
      form(.class("stay"), .post, .action("/me/stay")) {
        hiddenFields(frame.secrets("stay"))
        p(.role("status")) {}
        submitButton("Stay signed in", style: .plain)
      }
    }
  }
}
