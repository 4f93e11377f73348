// The ways in which somebody is not signed in, for the matrix of permissions.

import Access
import Postgres
import TestSupport
import Testing
import Web

/// Why a sign-in is good for nothing.
enum Lapse: CaseIterable {
  case none
  /// The last request was more than 30 minutes ago …
  case idle
  /// … or the sign-in more than 12 hours, however busy the person was.
  case old
  case ended
  case locked
  case deactivated

  /// Whether the person is known and may not come in: each try of theirs is written down.
  var isKeptOut: Bool { self == .locked || self == .deactivated }

  /// What a page that is not for everybody answers, by what is asked for. A page that is still open learns that what is
  /// sent from it is kept.
  func answers(to route: RouteDeclaration) -> [(accept: String, gist: String)] {
    switch self {
    case .idle where route.name.hasPrefix("live."), .old where route.name.hasPrefix("live."):
      [("text/html", "303 /sign-in"), ("application/json", "401 sign_in_expired")]
    case .none, .idle, .old, .ended: [("text/html", "303 /sign-in"), ("application/json", "401 sign_in")]
    case .locked, .deactivated: [("text/html", "403"), ("application/json", "403 locked")]
    }
  }

  /// Lets it happen to the person of `browser`.
  /// - Returns: a browser that holds what is left of the sign-in.
  func happen(to browser: RouterClient, of email: String) async throws -> RouterClient {
    let db = browser.testDatabase
    switch self {
    case .none: return try browser.another()
    case .idle:
      try await stay(browser, requests: 1)
      db.clock.advance(seconds: 30 * 60 + 1)
    case .old:
      try await stay(browser, requests: 24)
      db.clock.advance(seconds: 24 + 1)
    case .ended:
      let copy = try browser.copy()
      #expect(try await browser.post("/sign-out").gist == "303 /sign-in")
      return copy
    case .locked:
      try await db.ledger.fleet(db.system()) { tx in
        try await tx.execute(
          "UPDATE staff SET locked_at = \(tx.at), lock_reason = 'Locked by a test.' WHERE email = \(email)")
        try await tx.record("staff.lock")
      }
    case .deactivated:
      try await db.ledger.deactivateStaff(email: email, by: Administrator(db.system(), name: "a test"))
    }
    return browser
  }

  /// One request every half hour less a second, each of which still finds the person signed in.
  private func stay(_ browser: RouterClient, requests: Int) async throws {
    for _ in 0..<requests {
      browser.testDatabase.clock.advance(seconds: 30 * 60 - 1)
      #expect(try await browser.get("/me").status == 200)
    }
  }
}
