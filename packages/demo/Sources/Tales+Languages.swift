// What is said at clients whose people do not speak English. Made up, as everything in the demo.

extension Tales {
  /// What a client's people would report: every language is heard where many work in many countries, elsewhere the
  /// client's own, and English.
  static func told(in language: String, worldwide: Bool) -> [Tale] {
    let every = all + elsewhere
    guard !worldwide else { return every }
    let own = every.filter { $0.language == language }
    return language == "en" ? own : own + own + every.filter { $0.language == "en" }
  }

  /// Beside those of `all`, which the two full clients have.
  private static let elsewhere: [Tale] = [
    Tale(
      category: "HSE", language: "de", title: "Fluchtweg mit Paletten verstellt",
      words:
        "In Halle 3 stehen seit Wochen Paletten vor der Tür zum Hof. Bei der letzten Übung sind alle außen herum "
        + "gelaufen. Der Schichtleiter sagt, woanders sei kein Platz."),
    Tale(
      category: "HAR", language: "de", title: "Anzügliche Nachrichten",
      words:
        "Ein Kollege aus dem Einkauf schickt mir abends Nachrichten, die mit der Arbeit nichts zu tun haben. Ich "
        + "habe ihm zweimal geschrieben, dass er damit aufhören soll."),
    Tale(
      category: "PRV", language: "de", title: "Kundenliste per privater Mail",
      words:
        "Unsere Kundenliste ist an eine private Adresse gegangen, mit Telefonnummern. Ich stand in Kopie und habe "
        + "die Mail noch."),
    Tale(
      category: "TIM", language: "de", title: "Reisekosten ohne Reise",
      words: "Die Messe in Hannover ist ausgefallen, abgerechnet wurde sie trotzdem: zwei Nächte für drei Personen."),
    Tale(
      category: "HSE", language: "fr", title: "Chariot sans frein",
      words:
        "Le chariot du quai 2 ne freine plus depuis mardi. On nous demande de continuer jusqu'à la visite de "
        + "l'entretien, la semaine prochaine."),
    Tale(
      category: "COI", language: "fr", title: "Un fournisseur de la famille",
      words:
        "Le nouveau prestataire de nettoyage appartient au beau-frère de notre directeur. Nous n'avons reçu aucune "
        + "autre offre, alors que la règle en demande trois."),
    Tale(
      category: "THF", language: "fr", title: "Du matériel disparu",
      words: "Quatre ordinateurs ont quitté la réserve un vendredi soir. La personne de garde dit n'avoir rien vu."),
    Tale(
      category: "PRV", language: "fr", title: "Dossiers laissés à l'imprimante",
      words: "Des évaluations annuelles restent des heures dans l'imprimante du couloir. Tout le monde peut les lire."),
    Tale(
      category: "FRD", language: "es", title: "Facturas repetidas",
      words:
        "La misma factura del transportista se ha pagado tres veces con números distintos. Lo dije en contabilidad "
        + "y me pidieron que no preguntara más."),
    Tale(
      category: "HSE", language: "es", title: "Sin guantes en el laboratorio",
      words: "Hace un mes que no llegan guantes de la talla pequeña. Trabajamos sin ellos o nos mandan a casa."),
    Tale(
      category: "CON", language: "es", title: "Gritos en la planta",
      words:
        "El encargado del turno de noche grita e insulta delante de todos. La semana pasada tiró una caja al suelo "
        + "junto a una compañera."),
    Tale(
      category: "TIM", language: "es", title: "Horas que nadie trabajó",
      words: "En la hoja de horas aparecen los sábados de dos personas que no vienen los sábados. Tengo las listas."),
  ]
}
