// Delivers the mails that jobs are for, where the composed program says by whom and as whom.

import Access
import EthicoTypes
package import Jobs

/// Sends the console's mails.
package struct MailSender: Sendable {
  /// As whom they come.
  let from: MailAddress
  /// Who takes them.
  let relay: MailRelay

  package init(from: MailAddress, by relay: MailRelay) {
    self.from = from
    self.relay = relay
  }
}

extension JobKinds {
  /// The same, with mails that are sent.
  package func mailing(by sender: MailSender) -> JobKinds {
    doing(MailDelivery.self) { job, run in try await job.deliver(by: sender, run) }
  }
}

extension MailDelivery {
  /// Sends the mail, once.
  func deliver(by sender: MailSender, _ run: JobRun) async throws -> String {
    guard let template = MailTemplate(rawValue: template) else {
      throw JobFailure.permanent("This release has no mail template of that name. Nothing was sent.")
    }
    guard let to = MailAddress(to, name: name) else {
      throw JobFailure.permanent("No mail can be sent to an address like this one. Nothing was sent.")
    }
    guard let client = try await run.clientName() else {
      throw JobFailure.permanent("The mail is about a client, and its job is none of a client’s. Nothing was sent.")
    }
    let text = template.text(in: MailLanguage(tag: language), to: to.name, of: client)
    let mail = MailMessage(from: sender.from, to: to, text: text, date: run.ledger.timepiece.now(), key: run.effectKey)
    return try await run.once { try await sender.relay.take(mail) }
      ?? "An earlier attempt had sent it. It was not sent again."
  }
}
