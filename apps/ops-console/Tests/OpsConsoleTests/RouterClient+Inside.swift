// The way into a client, for the tests of what stands inside.

import TestSupport
import Testing

extension RouterClient {
  /// A person inside a client, and the address of their access.
  /// - Parameter subject: the e-mail address of the client user they act as.
  static func inside(
    _ db: TestDatabase, _ slug: String = "acme-health", by email: String = World.support, as subject: String? = nil
  ) async throws -> (RouterClient, String) {
    let browser = try RouterClient(db)
    try await browser.signIn(email)
    let entered = try await browser.post("/t/\(slug)/enter", subject.map { ["as": $0] } ?? [:])
    #expect(entered.status == 303)
    return (browser, String(try #require(entered.location).dropLast()))
  }
}
