// Who takes mails: what a mail server's answers mean, when nothing is said to one, and the folder.

import Foundation
import Jobs
import Testing

@testable import Mail

@Suite("Relays")
struct MailRelayTests {
  private func mail(_ key: UUID = UUID()) throws -> MailMessage {
    MailMessage(
      from: try #require(MailAddress("no-reply@ethico.example", name: "Ethico")),
      to: try #require(MailAddress("jane@doe.example", name: "Jane Doe")),
      text: MailText(.english, subject: "Reminder", body: "Hello.\n.\n..Bye."), date: Date(), key: key)
  }

  private func relay(_ server: ScriptedMailServer, as host: String = "127.0.0.1") throws -> MailRelay {
    try #require(MailRelay(at: "smtp://\(host):\(server.port)"))
  }

  @Test("hand a mail to a server as it is, and keep what that calls it")
  func taken() async throws {
    let server = try ScriptedMailServer()
    let mail = try mail()
    #expect(try await relay(server).take(mail) == "The mail server took it: 250 2.0.0 Ok: queued as 4F2A1")
    let start = try #require(server.lines.firstIndex(of: "DATA"))
    #expect(
      server.lines[..<start].dropFirst().map { $0.prefix { $0 != " " } } == ["MAIL", "RCPT"]
        && server.lines.contains("RCPT TO:<jane@doe.example>")
        && server.lines[1].hasPrefix("MAIL FROM:<no-reply@ethico.example>"))
    let end = try #require(server.lines.lastIndex(of: "."))
    // A line that begins with a dot has one more on its way [RFC 5321, 4.5.2].
    let sent = server.lines[(start + 1)..<end].map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 }
    #expect(sent.joined(separator: "\r\n") + "\r\n" == String(decoding: mail.bytes, as: UTF8.self))
  }

  @Test(
    "try again what was refused for now, and give up what was refused for good, in the server's own words",
    arguments: [
      ("RCPT", "552 5.2.2 The mailbox is full", JobFailure.permanent("552 5.2.2 The mailbox is full")),
      ("RCPT", "450 4.2.1 The mailbox is busy", .passing("450 4.2.1 The mailbox is busy")),
      ("MAIL", "451 4.7.1 Greylisted", .passing("451 4.7.1 Greylisted")),
      ("DATA", "554 5.5.1 No valid recipients", .permanent("554 5.5.1 No valid recipients")),
      (".", "452 4.3.1 Out of room", .passing("452 4.3.1 Out of room")),
      (".", "554-5.7.1 This is\r\n554 5.7.1 unwanted", .permanent("554 5.7.1 This is unwanted")),
      ("greeting", "421 4.3.2 Service not available", .passing("421 4.3.2 Service not available")),
      ("greeting", "554 No service", .permanent("554 No service")),
      (
        "RCPT", "550 5.1.1 <jane@doe.example>: jane@doe.example is unknown",
        .permanent("550 5.1.1 (address): (address) is unknown")
      ),
    ])
  func refused(verb: String, answer: String, failure: JobFailure) async throws {
    let server = try ScriptedMailServer([verb: answer])
    await #expect(throws: failure) { try await relay(server).take(mail()) }
  }

  @Test(
    "try again where a connection breaks before the mail was whole", arguments: ["greeting", "EHLO", "RCPT", "DATA"])
  func broken(verb: String) async throws {
    let server = try ScriptedMailServer([verb: ""])
    let failure = await #expect(throws: JobFailure.self) { try await relay(server).take(mail()) }
    guard case .passing(let sentence) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(sentence.hasPrefix("The connection to the mail server failed: "))
  }

  @Test("do not pretend to know where it breaks before a whole mail was answered")
  func doubtful() async throws {
    let server = try ScriptedMailServer([".": ""])
    let mail = try mail()
    let doubt = await #expect(throws: EffectDoubt.self) { try await relay(server).take(mail) }
    #expect(doubt?.sentence.contains(mail.name) == true)
  }

  @Test("try again where nobody listens")
  func absent() async throws {
    let relay = try #require(MailRelay(at: "smtp://127.0.0.1:1"))
    let failure = await #expect(throws: JobFailure.self) { try await relay.take(mail()) }
    guard case .passing = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test("say nothing without encryption to a server that is not here")
  func plain() async throws {
    // A name below localhost leads here [RFC 6761, 6.3] and might lead anywhere, for all that its server is told.
    let server = try ScriptedMailServer()
    await #expect(throws: JobFailure.passing("The mail server offers no encryption (STARTTLS). Nothing was sent.")) {
      try await relay(server, as: "mail.localhost").take(mail())
    }
    #expect(server.lines.allSatisfy { $0.hasPrefix("EHLO") || $0 == "QUIT" })
  }

  @Test("end when they are cancelled, and the mail was not sent")
  func cancelled() async throws {
    let server = try ScriptedMailServer()
    let sign = StopSign()
    sign.put()
    let address = try #require(MailServer("smtp://127.0.0.1:\(server.port)", login: nil))
    #expect(throws: CancellationError.self) { try SMTPTransfer(mail(), to: address, until: sign).run() }
    #expect(!server.lines.contains("DATA"))
  }

  @Test("know how safe the way to a server is")
  func security() {
    let loopback = ["smtp://127.0.0.1", "smtp://127.9.9.9:25", "smtp://localhost:2525", "smtp://[::1]:25"]
    #expect(loopback.allSatisfy { MailServer($0, login: nil)?.security == .loopback })
    let others = ["smtp://mail.example.com", "smtp://127.0.0.1.example.com", "smtp://10.0.0.1:25", "smtp://[::2]"]
    #expect(others.allSatisfy { MailServer($0, login: nil)?.security == .upgraded })
    #expect(MailServer("smtps://127.0.0.1", login: nil)?.security == .encrypted)
    #expect(MailServer("smtp://mail.example.com/", login: nil)?.url == "smtp://mail.example.com:587")
    #expect(MailServer("smtps://[::1]", login: nil)?.url == "smtps://[::1]:465")
  }

  @Test(
    "are at addresses of mail servers and folders alone",
    arguments: [
      "", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://u:p@mail.example.com",
      "smtp://mail.example.com/path", "smtp://mail.example.com?x=1", "smtp://mail example.com", "smtp://a:0", "file:",
      "file:///", "file://host/folder", "file:folder",
    ])
  func addresses(text: String) {
    #expect(MailRelay(at: text) == nil)
  }

  @Test("write each mail to a file of its own, whole, the same one for the same mail")
  func folder() async throws {
    let folder = URL.temporaryDirectory.appending(path: "mail \(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let relay = try #require(MailRelay(at: folder.absoluteString))
    let mail = try mail()
    for _ in 0..<2 {
      #expect(try await relay.take(mail) == "Written to the folder of OPS_MAIL_RELAY as \(mail.name).eml.")
    }
    _ = try await relay.take(self.mail())
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
    #expect(files.count == 2 && files.allSatisfy { $0.hasSuffix(".eml") })
    #expect(try Data(contentsOf: folder.appending(path: mail.name + ".eml")) == Data(mail.bytes))
  }

  @Test("wait for a folder that is not there")
  func missing() async throws {
    let relay = try #require(MailRelay(at: "file:///nowhere/\(UUID().uuidString)"))
    await #expect(throws: JobFailure.passing("The folder of OPS_MAIL_RELAY takes no file. Nothing was sent.")) {
      try await relay.take(mail())
    }
  }
}
