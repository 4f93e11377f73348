// Jobs that send mails, on a real database: each mail once, whatever the server says.

import Access
import EthicoTypes
import Foundation
import Jobs
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Mail

@Suite("Mail delivery")
struct MailDeliveryTests {
  /// A relay that writes down what it is given and answers in turn, the last answer again and again.
  private final class Outbox: Sendable {
    private let mails = Mutex<[MailMessage]>([])
    private let failures: [any Error]

    init(_ failures: (any Error)...) {
      self.failures = failures
    }

    var sent: [MailMessage] { mails.withLock(\.self) }

    func take(_ mail: MailMessage) throws -> String {
      let number = mails.withLock { mails in
        mails.append(mail)
        return mails.count - 1
      }
      if number < failures.count { throw failures[number] }
      return "Taken."
    }
  }

  private func worker(_ db: TestDatabase, _ outbox: Outbox) throws -> Worker {
    let from = try #require(MailAddress(parsing: "Ethico <no-reply@ethico.example>"))
    let sender = MailSender(from: from, by: MailRelay { try outbox.take($0) })
    return Worker(
      ledger: db.ledger, kinds: JobKinds([MailDelivery.self]).mailing(by: sender),
      settings: WorkerSettings(name: "w1"), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private func order(
    _ db: TestDatabase, template: String = "attestation_reminder", language: String = "de",
    to: String = "jane@doe.example"
  ) async throws -> ID<JobRecord> {
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.order(MailDelivery(template: template, language: language, to: to, name: "Jane Doe"))
    }
  }

  private func job(_ db: TestDatabase, _ id: ID<JobRecord>) async throws -> JobRecord {
    let found = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await JobRecord.find(id, in: tx)
    }
    return try #require(found)
  }

  @Test("sends the client's words in the person's language, under the key of the job")
  func sent() async throws {
    let db = try await TestDatabase.make()
    let outbox = Outbox()
    let id = try await order(db)
    #expect(try await worker(db, outbox).turn())
    let job = try await job(db, id)
    #expect(job.state == .succeeded && job.result == "Taken.")
    let mail = try #require(outbox.sent.first)
    let key = try await db.superuser().query(
      .superuser, "SELECT effect_key FROM job WHERE id = \(id)", as: UUID.self)
    #expect([mail.key] == key && mail.to.address == "jane@doe.example" && mail.to.name == "Jane Doe")
    #expect(mail.text.language == .german && mail.text.body.contains("Acme Health"))
    #expect(Int(mail.date.timeIntervalSince(World.now)) == 0 && outbox.sent.count == 1)
  }

  @Test("sends what was refused for now again as the same mail")
  func again() async throws {
    let db = try await TestDatabase.make()
    let outbox = Outbox(JobFailure.passing("451 4.7.1 Greylisted"))
    let id = try await order(db)
    #expect(try await worker(db, outbox).turn())
    let first = try await job(db, id)
    #expect(first.state == .retrying && first.lastError == "451 4.7.1 Greylisted")
    db.clock.advance(seconds: 3_600)
    #expect(try await worker(db, outbox).turn())
    #expect(try await job(db, id).state == .succeeded)
    #expect(Set(outbox.sent.map(\.id)).count == 1 && outbox.sent.count == 2)
  }

  @Test("sends nothing again of which nobody knows whether it was sent, whoever retries it")
  func doubtful() async throws {
    let db = try await TestDatabase.make()
    let outbox = Outbox(EffectDoubt("It may have been delivered."))
    let id = try await order(db)
    #expect(try await worker(db, outbox).turn())
    let first = try await job(db, id)
    #expect(first.state == .dead && first.lastError == "It may have been delivered.")
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await JobRecord.hold(id, in: tx)?.perform(.retry, in: tx)
    }
    #expect(try await worker(db, outbox).turn())
    let second = try await job(db, id)
    #expect(second.state == .dead && second.lastError?.contains("not done again") == true && outbox.sent.count == 1)
  }

  @Test(
    "gives up at once what no try would send",
    arguments: [
      ("farewell", "jane@doe.example", "This release has no mail template of that name. Nothing was sent."),
      (
        "attestation_reminder", "jane@doe.example>, x@evil.example",
        "No mail can be sent to an address like this one. Nothing was sent."
      ),
    ])
  func unsendable(template: String, to: String, sentence: String) async throws {
    let db = try await TestDatabase.make()
    let outbox = Outbox()
    let id = try await order(db, template: template, to: to)
    #expect(try await worker(db, outbox).turn())
    let job = try await job(db, id)
    #expect(job.state == .dead && job.lastError == sentence && outbox.sent.isEmpty)
  }

  @Test("speaks English to whom it has no words for")
  func language() async throws {
    let db = try await TestDatabase.make()
    let outbox = Outbox()
    _ = try await order(db, language: "ja")
    #expect(try await worker(db, outbox).turn())
    #expect(outbox.sent.map(\.text.language) == [.english])
  }
}
