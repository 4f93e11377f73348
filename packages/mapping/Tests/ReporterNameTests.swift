// Columns that may say who reported are known by their names, however these are written.

import Testing

@testable import Mapping

@Suite("Names of who reported")
struct ReporterNameTests {
  @Test(
    "are known written together, abbreviated, in several languages, and as the lexicon has them",
    arguments: [
      "Reporter Email", "reporterWorkEmail", "callerIPAddress", "REPORTEREMAIL", "rptr_email", "Reprter Email",
      "whistleblower_name", "Caller Number", "Reporter ID", "Reporter relationship", "Submitter", "submittedBy",
      "Reported by", "Reported By Name", "Raised by", "Reporting person", "Reporting Person Phone", "Contact Email",
      "Complainant mobile", "IP address of the caller", "name of the person who reported", "Hinweisgeber",
      "Name des Hinweisgebers", "Gemeldet von", "lanceur d'alerte", "Nom du lanceur d’alerte", "Auteur du signalement",
      "Correo del denunciante", "denunciante", "nome do relator", "Telefono segnalante", "Segnalato da",
      "Klokkenluider e-mail", "melder telefoon",
    ])
  func known(header: String) {
    #expect(ReporterNames.isNamed(by: header))
  }

  @Test(
    "are no other people’s, and nothing that a report says of itself",
    arguments: [
      "Reporter type", "Reporter language", "Reporter anonymous", "Caller status", "tipo de denunciante", "Reported on",
      "Report number", "Report date", "Reporting channel", "Reporting period", "reporting country", "Reported via",
      "Received by", "Entered by", "Uploaded by", "Created by", "Actor", "IP", "Email", "Phone", "Name", "Info",
      "Additional info name", "Called back", "Contact channel", "Date of contact", "Witness name", "Accused name",
      "Denunciado nombre", "Anmelder", "Hinweis", "Hinweis ID", "Meldung Nr", "Meldedatum", "row_version", "Zone 51",
    ])
  func others(header: String) {
    #expect(!ReporterNames.isNamed(by: header))
  }
}
