// Mails as they go out: read back they say what was meant, and nothing that anybody is called becomes a header.

import Foundation
import Testing

@testable import Mail

@Suite("Mails")
struct MailMessageTests {
  private static let moment = Date(timeIntervalSince1970: 1_796_048_865)

  private func mail(
    name: String = "Compliance office", subject: String = "Reminder", body: String = "Hello.",
    date: Date = Self.moment, key: UUID = UUID()
  ) throws -> MailMessage {
    let from = try #require(MailAddress(parsing: "Ethico <no-reply@ethico.example>"))
    let to = try #require(MailAddress("compliance@acme-health.example", name: name))
    return MailMessage(
      from: from, to: to, text: MailText(.english, subject: subject, body: body), date: date, key: key)
  }

  /// The lines of a mail's head, and its body.
  private func parts(_ mail: MailMessage) throws -> (head: [String], body: String) {
    let text = String(decoding: mail.bytes, as: UTF8.self)
    let end = try #require(text.firstRange(of: "\r\n\r\n"))
    return (text[..<end.lowerBound].components(separatedBy: "\r\n"), String(text[end.upperBound...]))
  }

  /// A header as its reader sees it: one line, its encoded words read [RFC 2047].
  private func value(_ name: String, of mail: MailMessage) throws -> String {
    let unfolded = try parts(mail).head.joined(separator: "\n").replacingOccurrences(of: "\n ", with: " ")
    let line = try #require(unfolded.components(separatedBy: "\n").first { $0.hasPrefix(name + ": ") })
    var bytes = Data()
    var isAfterWord = false
    for word in line.dropFirst(name.count + 2).components(separatedBy: " ") {
      if let match = word.wholeMatch(of: #/=\?utf-8\?B\?([A-Za-z0-9+/=]+)\?=/#) {
        if !isAfterWord, !bytes.isEmpty { bytes += Data(" ".utf8) }
        bytes += try #require(Data(base64Encoded: String(match.output.1)))
        isAfterWord = true
      } else {
        bytes += Data(((bytes.isEmpty ? "" : " ") + word).utf8)
        isAfterWord = false
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What quoted-printable says [RFC 2045, 6.7].
  private func read(_ body: String) throws -> String {
    var bytes: [UInt8] = []
    var rest = Array(body.replacingOccurrences(of: "=\r\n", with: "").utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "=") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      bytes.append(try #require(UInt8(digits, radix: 16)))
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("say when, as what and from whom they come")
  func head() throws {
    let key = try #require(UUID(uuidString: "01FFF000-0000-7000-8000-000000000001"))
    #expect(
      try parts(mail(key: key)).head == [
        "From: Ethico <no-reply@ethico.example>", "To: Compliance office <compliance@acme-health.example>",
        "Subject: Reminder", "Date: Mon, 30 Nov 2026 14:27:45 +0000",
        "Message-ID: <01fff000-0000-7000-8000-000000000001@ethico.example>", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
        "Content-Language: en", "Auto-Submitted: auto-generated",
      ])
  }

  @Test("have the same Message-ID under the same key, on another day too")
  func key() throws {
    let key = UUID()
    let first = try mail(key: key)
    let second = try mail(date: Self.moment.addingTimeInterval(86_400), key: key)
    #expect(try value("Message-ID", of: first) == value("Message-ID", of: second))
    #expect(try value("Message-ID", of: first) != value("Message-ID", of: mail()))
  }

  @Test(
    "carry any name and subject, in short lines of ASCII",
    arguments: [
      "Jürgen Müller", "Mary O'Neill", "Doe, Jane", #"Jane "JD" Doe \ Sons"#, "=?utf-8?B?SGk=?=", "監査部",
      "Überaus lange Namen 😀 mit allem, was dazugehört, über mehrere Zeilen hinweg, so wie sie niemand schreibt",
      String(repeating: "long ", count: 40) + "name",
    ])
  func names(text: String) throws {
    let mail = try mail(name: text, subject: text)
    let to = try value("To", of: mail)
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let written = [text, "\"\(escaped)\""].map { $0 + " <compliance@acme-health.example>" }
    #expect(written.contains(to))
    #expect(try value("Subject", of: mail) == text)
    #expect(mail.bytes.allSatisfy { $0 < 0x80 })
    #expect(try parts(mail).head.allSatisfy { $0.utf8.count <= 76 })
  }

  @Test(
    "let no name or subject begin a header or the body",
    arguments: [
      "a\r\nBcc: x@evil.example", "a\nBcc: x@evil.example", "a\rBcc: x", "a\r\n\r\nb", "a\u{2028}b", "\u{0}a",
    ])
  func injection(text: String) throws {
    let mail = try mail(name: text, subject: text)
    let names = try parts(mail).head.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
    #expect(
      names == [
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        "Content-Language", "Auto-Submitted",
      ])
    #expect(!mail.bytes.split(separator: 0x0A).contains { $0.dropLast().contains(0x0D) })
    #expect(try parts(mail).body == "Hello.\r\n")
  }

  @Test("carry any text, in lines that no server breaks")
  func body() throws {
    let long = String(repeating: "Grüße und noch viel mehr = alles in einer Zeile. ", count: 30)
    let text = "Hello  \n\n\(long)\n.\nFrom here\tto there 😀\nend "
    let body = try parts(mail(body: text)).body
    #expect(body.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 76 && $0.last?.isWhitespace != true })
    #expect(try read(body) == text.replacingOccurrences(of: "\n", with: "\r\n") + "\r\n")
  }

  @Test(
    "go to no address that could say more than whose it is",
    arguments: [
      "", "jane", "@example.com", "jane@", "jane@@example.com", "a b@example.com", "jane@example.com>\r\nDATA",
      "jane@example.com,x@evil.example", "\"jane\"@example.com", "jane@exämple.com", ".jane@example.com",
      "jane@example..com", "<jane@example.com>", "jane@[127.0.0.1]",
      String(repeating: "a", count: 65) + "@example.com",
      "a@" + String(repeating: "a.", count: 130) + "com",
    ])
  func addresses(text: String) {
    #expect(MailAddress(text) == nil)
  }

  @Test("come from an address with or without a name")
  func sender() {
    #expect(MailAddress(parsing: "a@b.example")?.name == "")
    #expect(MailAddress(parsing: " Ethico Ltd. <a@b.example> ")?.name == "Ethico Ltd.")
    #expect(MailAddress(parsing: "\"Ethico, Ltd.\" <a+c@b.example>")?.name == "Ethico, Ltd.")
    #expect(MailAddress(parsing: "Ethico <a@b.example> and more") == nil)
    #expect(MailAddress(parsing: "Ethico") == nil)
  }

  @Test("have words in each language of a client's, and English ones for any other", arguments: MailTemplate.allCases)
  func templates(template: MailTemplate) {
    let texts = MailLanguage.allCases.map { template.text(in: $0, to: "Jane\nDoe", of: "Acme Health") }
    #expect(Set(texts.map(\.subject)).count == texts.count && Set(texts.map(\.body)).count == texts.count)
    #expect(texts.allSatisfy { $0.body.contains("Jane Doe") && $0.body.contains("Acme Health") })
    #expect(["de-AT", "DE", "fr", "es-419"].map { MailLanguage(tag: $0) } == [.german, .german, .french, .spanish])
    #expect(["", "-", "ja", "deu", "english"].allSatisfy { MailLanguage(tag: $0) == .english })
  }
}
