// A mail of the console: plain text to one person, written so that nothing in it can become a header [RFC 5322].

import EthicoTypes
package import FoundationEssentials

/// A mail.
package struct MailMessage: Sendable, Hashable {
  package let from: MailAddress
  package let to: MailAddress
  package let text: MailText
  package let date: Date
  /// The same whenever the same mail is sent.
  package let key: UUID

  package init(from: MailAddress, to: MailAddress, text: MailText, date: Date, key: UUID) {
    self.from = from
    self.to = to
    self.text = text
    self.date = date
    self.key = key
  }

  /// What the outside knows the mail by: one that comes a second time is recognised as the same.
  var id: String { "\(name)@\(from.domain)" }

  /// The key as files are called by it.
  var name: String { key.uuidString.lowercased() }

  /// The mail as it goes out: ASCII, lines ending with CRLF.
  var bytes: [UInt8] {
    let head = [
      Self.header("From", from), Self.header("To", to),
      "Subject: " + HeaderText.unstructured(text.subject, after: "Subject: ".utf8.count),
      "Date: " + Self.words(for: date),
      "Message-ID: <\(id)>",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "Content-Language: \(text.language.rawValue)",
      // Nobody's absence is to answer it [RFC 3834, 5].
      "Auto-Submitted: auto-generated",
    ]
    return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + QuotedPrintable.encode(text.body) + "\r\n").utf8)
  }

  private static func header(_ name: String, _ whose: MailAddress) -> String {
    let address = "<\(whose.address)>"
    let start = "\(name): "
    if whose.name.isEmpty { return start + address }
    let line = start + HeaderText.phrase(whose.name, after: start.utf8.count)
    let fits = !line.contains("\r\n") && line.utf8.count + 1 + address.utf8.count <= HeaderText.lineLimit
    return line + (fits ? " " : "\r\n ") + address
  }

  /// `Mon, 30 Nov 2026 14:27:45 +0000` [RFC 5322, 3.3].
  private static func words(for date: Date) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
    let clock = [parts.hour, parts.minute, parts.second].map { ($0 ?? 0).padded(to: 2) }.joined(separator: ":")
    let weekday = weekdays[((parts.weekday ?? 1) - 1) % weekdays.count]
    let month = months[((parts.month ?? 1) - 1) % months.count]
    return "\(weekday), \((parts.day ?? 1).padded(to: 2)) \(month) \((parts.year ?? 0).padded(to: 4)) \(clock) +0000"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

/// What a mail says.
package struct MailText: Sendable, Hashable {
  package let language: MailLanguage
  package let subject: String
  package let body: String

  package init(_ language: MailLanguage, subject: String, body: String) {
    self.language = language
    self.subject = subject
    self.body = body
  }
}

/// The languages that mails are written in: those that clients have.
package enum MailLanguage: String, Sendable, CaseIterable {
  case english = "en"
  case german = "de"
  case spanish = "es"
  case french = "fr"

  /// The language of a tag as `de-AT` [RFC 5646]; English where there are no texts in it.
  package init(tag: String) {
    let primary = tag.split(separator: "-", maxSplits: 1).first.map { $0.lowercased() }
    self = primary.flatMap(MailLanguage.init(rawValue:)) ?? .english
  }
}
