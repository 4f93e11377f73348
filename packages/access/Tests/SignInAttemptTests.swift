// Attempts to sign in: once, in one browser, within ten minutes.

import Access
import Foundation
import TestSupport
import Testing

@Suite("An attempt to sign in")
struct SignInAttemptTests {
  @Test("is spent once")
  func once() async throws {
    let db = try await TestDatabase.make()
    let attempt = self.attempt("state", at: db.clock.now)
    try await db.ledger.store(attempt)
    let spent = try await db.ledger.spend(
      stateHash: attempt.stateHash, cookieHash: attempt.cookieHash, at: db.clock.now)
    #expect(spent == attempt)
    let again = try await db.ledger.spend(
      stateHash: attempt.stateHash, cookieHash: attempt.cookieHash, at: db.clock.now)
    #expect(again == nil)
  }

  @Test("is spent by one of eight answers at the same moment")
  func race() async throws {
    let db = try await TestDatabase.make()
    let attempt = self.attempt("state", at: db.clock.now)
    try await db.ledger.store(attempt)
    let now = db.clock.now
    let wins = try await withThrowingTaskGroup(of: SignInAttempt?.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try await db.ledger.spend(stateHash: attempt.stateHash, cookieHash: attempt.cookieHash, at: now)
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 == nil ? 0 : 1 }
    }
    #expect(wins == 1)
  }

  @Test("is none for another browser, and stays for its own")
  func otherBrowser() async throws {
    let db = try await TestDatabase.make()
    let attempt = self.attempt("state", at: db.clock.now)
    try await db.ledger.store(attempt)
    let other = try await db.ledger.spend(
      stateHash: attempt.stateHash, cookieHash: SignInAttempt.hash("another"), at: db.clock.now)
    #expect(other == nil)
    let own = try await db.ledger.spend(
      stateHash: attempt.stateHash, cookieHash: attempt.cookieHash, at: db.clock.now)
    #expect(own == attempt)
  }

  @Test("is none after ten minutes, and gone with the next one")
  func tooLate() async throws {
    let db = try await TestDatabase.make()
    let attempt = self.attempt("state", at: db.clock.now)
    try await db.ledger.store(attempt)
    db.clock.advance(seconds: 601)
    let late = try await db.ledger.spend(
      stateHash: attempt.stateHash, cookieHash: attempt.cookieHash, at: db.clock.now)
    #expect(late == nil)
    try await db.ledger.store(self.attempt("later", at: db.clock.now))
    let gone = try await db.ledger.spend(
      stateHash: attempt.stateHash, cookieHash: attempt.cookieHash, at: attempt.startedAt)
    #expect(gone == nil)
  }

  private func attempt(_ state: String, at moment: Date) -> SignInAttempt {
    SignInAttempt(
      stateHash: SignInAttempt.hash(state), cookieHash: SignInAttempt.hash("cookie of " + state), nonce: "nonce",
      verifier: "verifier", returnPath: "/tenants", startedAt: moment)
  }
}
