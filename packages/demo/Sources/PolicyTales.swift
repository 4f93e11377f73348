// What the demo's policies say. Made up, as everything in the demo.

/// One policy of a catalogue, with its text as it grew from version to version.
struct PolicyTale: Sendable {
  let title: String
  let type: String
  let language: String
  /// One text a version, the first one first.
  let texts: [String]

  init(_ title: String, _ type: String, _ language: String = "en", texts: [String]) {
    self.title = title
    self.type = type
    self.language = language
    self.texts = texts
  }

  /// An English policy of the usual parts.
  fileprivate init(_ title: String, _ type: String, rule: String, stricter: String) {
    let scope =
      "Who this is for\n\nThis policy applies to everybody who works for us: employees, temporary staff, interns, "
      + "and contractors while they act in our name."
    let speaking =
      "Speaking up\n\nIf you see something that does not fit this policy, tell your manager, the compliance team or "
      + "the hotline. You may stay anonymous. Nobody may be treated worse for a report made in good faith."
    let purpose = "Why we have this policy\n\n\(rule)"
    let first = [purpose, scope, speaking].joined(separator: "\n\n")
    let expected = "What we expect\n\n\(stricter)"
    let second = [purpose, scope, expected, speaking].joined(separator: "\n\n")
    let third = [
      purpose, scope.replacing("temporary staff, interns", with: "temporary staff, apprentices, interns"), expected,
      speaking.replacing("tell your manager", with: "ask, or tell your manager"),
      "What follows from a breach\n\nA breach can lead to measures up to the end of employment, whoever commits it.",
    ].joined(separator: "\n\n")
    self.init(title, type, texts: [first, second, third])
  }
}

enum PolicyTales {
  static let changeNotes = [
    "First published version", "Annual review: expectations spelled out", "Consequences added, wording made plainer",
  ]

  static let all: [PolicyTale] = english + others + addenda

  private static let english: [PolicyTale] = [
    PolicyTale(
      "Code of Conduct", "code_of_conduct",
      rule: "We keep our word to patients, customers and each other. This code says what that means in daily work.",
      stricter: "Act lawfully, record honestly, treat people with respect, and ask before you act when in doubt."),
    PolicyTale(
      "Supplier Code of Conduct", "code_of_conduct",
      rule: "Whoever supplies us shares our standards for labour, safety and the environment.",
      stricter: "Buyers check new suppliers against this code before the first order, and each year after it."),
    PolicyTale(
      "Anti-Harassment Policy", "anti_harassment",
      rule: "Everybody has a right to a workplace without harassment, in any form and from anybody.",
      stricter: "Managers act on what they see or hear within two working days, whether or not somebody complains."),
    PolicyTale(
      "Respect at Work", "anti_harassment",
      rule: "Differences make us better when people are safe to show them.",
      stricter: "Remarks about body, accent, age, faith or family have no place in meetings, chats or breaks."),
    PolicyTale(
      "Anti-Bribery and Corruption Policy", "anti_bribery",
      rule: "We do not give, promise, ask for or accept anything to influence a decision.",
      stricter: "Payments to public officials need the written consent of the compliance officer beforehand."),
    PolicyTale(
      "Third-Party Due Diligence", "anti_bribery",
      rule: "What somebody does in our name we do ourselves; so we look before we engage an agent.",
      stricter: "No contract with an agent, consultant or distributor is signed before the screening is on file."),
    PolicyTale(
      "Facilitation Payments", "anti_bribery",
      rule: "Small payments to speed up a routine act are bribes, and we do not make them.",
      stricter: "If your safety is at risk, pay, leave, and report the payment within one working day."),
    PolicyTale(
      "Privacy Policy for Employees", "data_privacy",
      rule: "We hold what we need to know of our people, no longer than we need it, and tell them so.",
      stricter: "Personal files are opened only for a task that needs them; every look is logged."),
    PolicyTale(
      "Patient Data Handling", "data_privacy",
      rule: "Patients trust us with what they tell nobody else.",
      stricter: "Never look up a patient whom you do not treat, not even yourself, your family or a celebrity."),
    PolicyTale(
      "Records Retention Schedule", "data_privacy",
      rule: "Records are kept as long as law and business need them, and destroyed after that.",
      stricter: "Nothing under a legal hold is destroyed, whatever its schedule says."),
    PolicyTale(
      "Cross-Border Data Transfers", "data_privacy",
      rule: "Personal data leaves its region only on a basis that the law knows.",
      stricter: "Register a transfer with the data protection officer before it begins."),
    PolicyTale(
      "Information Security Policy", "information_security",
      rule: "Information is protected by its value, wherever it lies and whoever holds it.",
      stricter: "Classify what you make, lock what you leave, and report what you lose within one hour."),
    PolicyTale(
      "Passwords and Second Factors", "information_security",
      rule: "An account is as safe as the way into it.",
      stricter: "Use the password manager, a phrase of at least 14 characters, and a second factor everywhere."),
    PolicyTale(
      "Incident Response", "information_security",
      rule: "The first hour of an incident decides how it ends.",
      stricter: "Call the security desk first, change nothing, and write down what you saw and when."),
    PolicyTale(
      "Remote Work Security", "information_security",
      rule: "Work from elsewhere is as safe as work in the office.",
      stricter: "Use company devices and the VPN, and take calls about people where nobody listens."),
    PolicyTale(
      "Gifts and Entertainment", "gift_entertainment",
      rule: "A gift must never look like the price of a decision.",
      stricter: "Gifts above 50 in a year from one giver are declined, or entered in the register and handed over."),
    PolicyTale(
      "Meals with Health Care Professionals", "gift_entertainment",
      rule: "Meals accompany an exchange of knowledge; they are not its purpose.",
      stricter: "No meal without an agenda, no guest without a part in it, and no alcohol at lunch."),
    PolicyTale(
      "Charitable Donations and Sponsorship", "gift_entertainment",
      rule: "We give to causes, never to people who decide about us.",
      stricter: "Requests that come from a customer or an official go to the compliance team."),
    PolicyTale(
      "Conflicts of Interest", "conflicts_of_interest",
      rule: "Private interests must not decide for us, nor seem to.",
      stricter: "Disclose an interest as soon as you know of it, and step aside until it is decided."),
    PolicyTale(
      "Outside Employment", "conflicts_of_interest",
      rule: "A second job is yours to have, unless it takes what you owe to the first.",
      stricter: "Ask before you begin; work for a competitor, supplier or regulator is not approved."),
    PolicyTale(
      "Relationships at Work", "conflicts_of_interest",
      rule: "Nobody decides about the pay, the shifts or the future of somebody they love.",
      stricter: "Tell HR; one of the two changes the reporting line within 30 days."),
    PolicyTale(
      "Travel and Expenses", "travel_expense",
      rule: "We pay what a trip for us costs, and nothing that it does not.",
      stricter: "Receipts within 14 days; a manager never approves a meal at which they sat."),
    PolicyTale(
      "Corporate Cards", "travel_expense",
      rule: "A company card is for company costs.",
      stricter: "Private charges by mistake are reported at once and paid back with the next pay."),
    PolicyTale(
      "Whistleblower Protection", "whistleblower",
      rule: "Who speaks up protects all of us, and we protect who speaks up.",
      stricter: "Confirm within seven days, answer within three months, and keep the name to those who need it."),
    PolicyTale(
      "Non-Retaliation", "whistleblower",
      rule: "Retaliation is a breach of its own, whether or not the report was right.",
      stricter: "Changes of role, pay or shifts of a reporter are checked by compliance for twelve months."),
    PolicyTale(
      "Internal Investigations", "whistleblower",
      rule: "Every report gets a fair, prompt and confidential look.",
      stricter: "Investigators declare that they are free of conflicts before they open a file."),
    PolicyTale(
      "Social Media", "social_media",
      rule: "What you post is yours; what you post about us, our patients or colleagues is also ours.",
      stricter: "Say that you work here, speak for yourself, and never post from where patients are."),
    PolicyTale(
      "Speaking to the Press", "social_media",
      rule: "One voice to the press keeps us understood.",
      stricter: "Pass every question of a journalist on, and do not confirm that you know of the matter."),
    PolicyTale(
      "Acceptable Use of Devices", "acceptable_use",
      rule: "Devices are tools for work; some private use is fine, none that harms.",
      stricter: "Install from the catalogue only, lock the screen when you rise, and report a loss at once."),
    PolicyTale(
      "Use of Artificial Intelligence", "acceptable_use",
      rule: "Assistants may help to write; they do not decide, and they are told no secrets.",
      stricter: "No personal or patient data in a tool that is not on the approved list; a person reads every result."),
    PolicyTale(
      "E-mail and Messaging", "acceptable_use",
      rule: "What is written in our name can be read by anybody one day.",
      stricter: "Business is done in company channels, not in private messengers."),
    PolicyTale(
      "Health and Safety", "other",
      rule: "Nobody should come home worse than they left.",
      stricter: "Stop work that is not safe, whoever ordered it; nobody is blamed for a stop."),
    PolicyTale(
      "Equal Opportunity", "other",
      rule: "We hire, pay and promote by what people can do.",
      stricter: "Every decision on a candidate is written down with its reason before the result is told."),
    PolicyTale(
      "Antitrust and Fair Competition", "other",
      rule: "We compete on merit and talk with competitors about nothing that decides a market.",
      stricter: "Leave a meeting where prices, bids or territories come up, and have your leaving noted."),
    PolicyTale(
      "Sanctions and Export Controls", "other",
      rule: "We know with whom we trade, and for what it is meant.",
      stricter: "Screen every new party; a match stops the shipment until compliance has cleared it."),
    PolicyTale(
      "Insider Trading", "other",
      rule: "What you know before the market knows it is not yours to trade on.",
      stricter: "No trade in closed periods; ask for clearance outside them if your name is on the list."),
    PolicyTale(
      "Environmental Responsibility", "other",
      rule: "We use less, waste less, and measure both.",
      stricter: "Every site names one person who answers for waste, water and energy."),
    PolicyTale(
      "Modern Slavery Statement", "other",
      rule: "Nobody who works for us, or for those who supply us, is forced to.",
      stricter: "Buyers visit sites in countries of high risk each year, without notice where they can."),
    PolicyTale(
      "Political Activity and Lobbying", "other",
      rule: "Politics is private; what we say to law-makers as a company is said in the open.",
      stricter: "No company money, rooms or time for a party or a candidate."),
    PolicyTale(
      "Drug and Alcohol Policy", "other",
      rule: "Who treats patients or drives machines is fit to do so.",
      stricter: "Say so when you are not, and ask for help; a first request for help has no consequences."),
  ]

  /// What single countries add to it.
  private static let addenda: [PolicyTale] = ["Canada", "Germany", "Mexico", "Japan"].flatMap { country in
    [
      PolicyTale(
        "Travel and Expenses, addendum for \(country)", "travel_expense",
        texts: ["The daily allowances of the tax law of \(country) take the place of the receipts for meals."]),
      PolicyTale(
        "Whistleblower Protection, addendum for \(country)", "whistleblower",
        texts: ["The law of \(country) names an outside office to which everybody may turn as well."]),
    ]
  }

  /// Policies in the languages of the people who read them.
  private static let others: [PolicyTale] = [
    PolicyTale(
      "Código de conducta", "code_of_conduct", "es",
      texts: [
        "Propósito\n\nCumplimos nuestra palabra con pacientes, clientes y compañeros.\n\nCanal de denuncias\n\nQuien "
          + "observe una irregularidad puede avisar a su responsable, al equipo de cumplimiento o a la línea ética.",
        "Propósito\n\nCumplimos nuestra palabra con pacientes, clientes, proveedores y compañeros.\n\nCanal de "
          + "denuncias\n\nQuien observe una irregularidad puede avisar, también de forma anónima, a su responsable, al "
          + "equipo de cumplimiento o a la línea ética.",
      ]),
    PolicyTale(
      "Política contra el acoso", "anti_harassment", "es",
      texts: ["Toda persona tiene derecho a trabajar sin acoso.\n\nLos responsables actúan en dos días laborables."]),
    PolicyTale(
      "Regalos e invitaciones", "gift_entertainment", "es",
      texts: ["Un regalo nunca puede parecer el precio de una decisión.\n\nEl límite anual es de 50 por persona."]),
    PolicyTale(
      "Code de conduite", "code_of_conduct", "fr",
      texts: [
        "Pourquoi ce code\n\nNous tenons parole envers les patients, les clients et nos collègues.",
        "Pourquoi ce code\n\nNous tenons parole envers les patients, les clients et nos collègues.\n\nAlerter\n\n"
          + "Toute personne peut alerter sa hiérarchie, la conformité ou la ligne d’alerte, même anonymement.",
      ]),
    PolicyTale(
      "Conflits d’intérêts", "conflicts_of_interest", "fr",
      texts: ["Un intérêt privé ne décide jamais à notre place.\n\nDéclarez-le dès que vous en avez connaissance."]),
    PolicyTale(
      "Verhaltenskodex", "code_of_conduct", "de",
      texts: [
        "Warum es diesen Kodex gibt\n\nWir halten unser Wort gegenüber Patientinnen, Kunden und Kollegen.",
        "Warum es diesen Kodex gibt\n\nWir halten unser Wort gegenüber Patientinnen, Kundinnen und Kollegen.\n\n"
          + "Hinweise geben\n\nWer etwas sieht, sagt es der Leitung, der Compliance oder der Hotline, auch anonym.",
      ]),
    PolicyTale(
      "Datenschutz am Arbeitsplatz", "data_privacy", "de",
      texts: ["Wir erheben, was wir brauchen, und löschen es, sobald wir es nicht mehr brauchen."]),
    PolicyTale(
      "Hinweisgeberschutz", "whistleblower", "de",
      texts: ["Wer Hinweise gibt, schützt uns alle.\n\nEine Bestätigung kommt binnen sieben Tagen."]),
    PolicyTale(
      "Código de Conduta", "code_of_conduct", "pt-BR",
      texts: ["Cumprimos a nossa palavra com pacientes, clientes e colegas.\n\nEm caso de dúvida, pergunte antes."]),
    PolicyTale(
      "Política antissuborno", "anti_bribery", "pt-BR",
      texts: ["Não damos, prometemos, pedimos nem aceitamos nada para influenciar uma decisão."]),
    PolicyTale(
      "مدونة السلوك", "code_of_conduct", "ar",
      texts: [
        "نفي بوعودنا للمرضى والعملاء والزملاء.\n\nمن يرى ما يخالف ذلك يبلغ مديره أو فريق الامتثال أو الخط الساخن."
      ]),
    PolicyTale(
      "行動規範", "code_of_conduct", "ja",
      texts: ["私たちは患者、お客様、同僚との約束を守ります。\n\n迷ったときは、行動する前に相談してください。"]),
  ]
}
