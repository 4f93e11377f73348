// A mail to one of a client's people. Whoever composes the program says how it is sent (`JobKinds.doing`); where nobody
// does, the job says so instead of pretending.

/// A mail to one of a client's people.
package struct MailDelivery: Job {
  package static let kind = "mail.deliver"
  package static let queue = JobQueue.mail
  package static let safeArguments: Set<String> = ["template", "language"]

  /// Which text is sent.
  package let template: String
  package let language: String
  /// Who gets it.
  package let to: String
  package let name: String

  package init(template: String, language: String, to: String, name: String) {
    self.template = template
    self.language = language
    self.to = to
    self.name = name
  }

  package func run(_ run: JobRun) async throws -> String {
    throw JobFailure.permanent("No way to send mail is set up on this console. Nothing was sent.")
  }
}
