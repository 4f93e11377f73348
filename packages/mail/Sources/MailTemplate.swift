// The mails that there are, each with its words in every language.

/// A mail that there is, by the name that its jobs have.
enum MailTemplate: String, CaseIterable {
  case attestationReminder = "attestation_reminder"

  /// What it says.
  /// - Parameters:
  ///   - name: whoever gets it.
  ///   - client: what their organisation is called.
  func text(in language: MailLanguage, to name: String, of client: String) -> MailText {
    switch self {
    case .attestationReminder: Self.attestationReminder(language, HeaderText.line(name), client)
    }
  }

  private static func attestationReminder(_ language: MailLanguage, _ name: String, _ client: String) -> MailText {
    switch language {
    case .english:
      MailText(
        language, subject: "Reminder: an attestation is waiting for you",
        body: """
          Hello \(name),

          \(client) has asked you for an attestation, and it has not been completed yet.

          Please sign in as you always do, read what is asked of you and complete it. If you have done so meanwhile, \
          there is nothing left to do.

          This message was sent automatically by Ethico for \(client). Please do not answer it.
          """)
    case .german:
      MailText(
        language, subject: "Erinnerung: eine Bestätigung von Ihnen steht aus",
        body: """
          Guten Tag \(name),

          \(client) hat Sie um eine Bestätigung gebeten, die noch aussteht.

          Bitte melden Sie sich wie gewohnt an, lesen Sie, worum es geht, und bestätigen Sie es. Falls Sie das \
          inzwischen getan haben, ist nichts weiter zu tun.

          Diese Nachricht wurde von Ethico im Auftrag von \(client) automatisch versandt. Bitte antworten Sie nicht \
          darauf.
          """)
    case .spanish:
      MailText(
        language, subject: "Recordatorio: tiene una confirmación pendiente",
        body: """
          Hola, \(name):

          \(client) le ha pedido una confirmación que todavía está pendiente.

          Inicie sesión como de costumbre, lea de qué se trata y complétela. Si ya lo ha hecho, no tiene que hacer \
          nada más.

          Ethico ha enviado este mensaje automáticamente por encargo de \(client). Por favor, no responda a él.
          """)
    case .french:
      MailText(
        language, subject: "Rappel : une attestation vous attend",
        body: """
          Bonjour \(name),

          \(client) vous a demandé une attestation qui n’a pas encore été remplie.

          Veuillez vous connecter comme d’habitude, lire ce qui vous est demandé et la remplir. Si vous l’avez fait \
          entre-temps, vous n’avez plus rien à faire.

          Ce message a été envoyé automatiquement par Ethico pour \(client). Merci de ne pas y répondre.
          """)
    }
  }
}
