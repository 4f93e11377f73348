// A mail to one of a client's people. Whoever composes the program says how it is sent (`JobKinds.doing`); where nobody
// does, the job says so instead of pretending.

/// A mail to one of a client's people.
public struct MailDelivery: Job {
  public static let kind = "mail.deliver"
  public static let queue = JobQueue.mail
  public static let safeArguments: Set<String> = ["template", "language"]

  /// Which text is sent.
  public let template: String
  public let language: String
  /// Who gets it.
  public let to: String
  public let name: String

  public init(template: String, language: String, to: String, name: String) {
    self.template = template
    self.language = language
    self.to = to
    self.name = name
  }

  public func run(_ run: JobRun) async throws -> String {
    throw JobFailure.permanent("No way to send mail is set up on this console. Nothing was sent.")
  }
}
