// What the demo's reporters said. Made up, as everything in the demo.

/// A report's words, with the title that its case was given.
struct Tale: Sendable {
  let category: String
  let language: String
  let title: String
  let words: String
}

enum Tales {
  static let categories: [(code: String, name: String, severity: String, days: Int)] = [
    ("RET", "Retaliation", "high", 21), ("HAR", "Harassment", "high", 21), ("DIS", "Discrimination", "high", 30),
    ("FRD", "Fraud", "high", 30), ("BRB", "Bribery and corruption", "high", 30),
    ("COI", "Conflict of interest", "medium", 30),
    ("HSE", "Health and safety", "medium", 14), ("PRV", "Data privacy", "medium", 21), ("THF", "Theft", "medium", 30),
    ("TIM", "Time and expenses", "low", 45), ("CON", "Workplace conduct", "low", 45), ("OTH", "Other", "low", 60),
  ]

  static let all: [Tale] = [
    Tale(
      category: "RET", language: "en", title: "Retaliation after report",
      words:
        "Since I told our manager about the missing stock counts I have been taken off every early shift. "
        + "Nobody said it was because of that, but the roster changed the very next day.\n\nTwo colleagues saw "
        + "the conversation."),
    Tale(
      category: "RET", language: "es", title: "Represalias tras un aviso",
      words:
        "Desde que avisé del problema con las horas extra, mi supervisora no me habla y me ha cambiado de "
        + "turno dos veces. Antes de eso nunca hubo queja de mi trabajo.\n\nTengo los mensajes guardados."),
    Tale(
      category: "HAR", language: "en", title: "Comments in the break room",
      words:
        "A team lead keeps commenting on how the new trainees dress. It has happened at least four times in "
        + "two weeks, always in the break room on the second floor. One of them now eats her lunch in her car."),
    Tale(
      category: "HAR", language: "fr", title: "Propos déplacés en réunion",
      words:
        "Pendant les réunions du lundi, notre chef de service fait des remarques sur l'accent d'une collègue."
        + " Tout le monde rit, sauf elle. Cela dure depuis le mois de septembre."),
    Tale(
      category: "DIS", language: "en", title: "Passed over for promotion",
      words:
        "Three people from our unit were promoted this year and all of them are under thirty. I was told to "
        + "my face that the client prefers a younger team. I have been here for eighteen years."),
    Tale(
      category: "DIS", language: "ar", title: "تمييز في توزيع المهام",
      words:
        "تُوزَّع المهام الصعبة دائما على العاملين الأجانب وحدهم، ويُرفض طلبنا للإجازة دون سبب مكتوب. حدث ذلك "
        + "خمس مرات منذ الصيف."),
    Tale(
      category: "FRD", language: "en", title: "Invoices from an unknown supplier",
      words:
        "I process payables. There are seven invoices from a supplier that nobody in the plant has heard of, "
        + "each just under the limit that needs a second signature. They were all approved by the same person "
        + "on a Sunday."),
    Tale(
      category: "FRD", language: "de", title: "Falsche Stundenzettel",
      words:
        "Auf der Baustelle Nord werden Stunden für zwei Kollegen abgerechnet, die seit Juli nicht mehr da "
        + "sind. Ich habe den Polier darauf angesprochen; er sagte, das gehe mich nichts an."),
    Tale(
      category: "BRB", language: "en", title: "Gifts to an inspector",
      words:
        "Before each site visit a hamper is sent to the home of the inspector. I was asked to book it as "
        + "marketing. The last one was worth about nine hundred."),
    Tale(
      category: "BRB", language: "pt", title: "Pagamento para liberar carga",
      words:
        "Pediram-me para pagar em dinheiro a um funcionário do porto para liberar a carga mais depressa. O "
        + "valor foi lançado como estacionamento."),
    Tale(
      category: "COI", language: "en", title: "Contract to a relative's firm",
      words:
        "The cleaning contract for both buildings went to a company that belongs to the facilities manager's "
        + "brother. There were two cheaper offers; I typed the comparison myself."),
    Tale(
      category: "HSE", language: "en", title: "Guard removed from a press",
      words:
        "The light curtain on press 4 has been bridged with a wire since Tuesday so that the line keeps its "
        + "rate. The night shift has not been told."),
    Tale(
      category: "HSE", language: "es", title: "Salida de emergencia bloqueada",
      words:
        "La salida de emergencia del almacén tres está bloqueada con palés desde hace una semana. Lo he dicho"
        + " dos veces."),
    Tale(
      category: "PRV", language: "en", title: "Patient list in a shared folder",
      words:
        "A spreadsheet with names, diagnoses and phone numbers lies in a folder that the whole company can "
        + "open. I found it when I was looking for the holiday plan."),
    Tale(
      category: "PRV", language: "ja", title: "顧客情報の持ち出し",
      words: "退職予定の同僚が、顧客の連絡先を個人のメールに送っているのを見ました。先週の金曜日の夕方のことです。"),
    Tale(
      category: "THF", language: "en", title: "Tools leaving by the back gate",
      words:
        "New power tools are loaded into a private van at the back gate on most Fridays. I wrote down the "
        + "plate and the times for three weeks."),
    Tale(
      category: "TIM", language: "en", title: "Mileage claims",
      words:
        "The regional lead claims mileage for days on which we all sat in the same online workshop. It is "
        + "every month."),
    Tale(
      category: "CON", language: "en", title: "Shouting on the ward",
      words:
        "The charge nurse shouted at a student in front of patients and threw a folder. It was not the first "
        + "time, but it was the first time that a patient complained."),
    Tale(
      category: "OTH", language: "en", title: "Question about outside work",
      words:
        "I do not want to accuse anybody. I would like to know whether my weekend job has to be declared, and"
        + " to whom."),
  ]

  static let notes = [
    "Called the reporter back through the hotline; they confirmed the dates.",
    "Asked IT for the access log of the folder, last 90 days.",
    "Interview with the supervisor planned. Second interviewer still to be found.",
    "Roster of September and October attached to the paper file.",
    "Legal has no objection to interviewing both colleagues on the same day.",
    "The reporter asks to stay anonymous; all contact through the portal.",
  ]
}
