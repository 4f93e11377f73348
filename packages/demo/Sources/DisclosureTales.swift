// What the demo's employees declare. Made up, as everything in the demo.

/// A disclosure's words.
struct DisclosureTale: Sendable {
  let kind: String
  let title: String
  let words: String
  var amount: Int?
  var currency = "USD"
}

enum DisclosureTales {
  static let all: [DisclosureTale] = [
    DisclosureTale(
      kind: "gift", title: "Hamper from a packaging supplier",
      words: "A hamper arrived at my desk in December. I had not asked for it. Wine, cheese, two glasses. I have not "
        + "opened it.", amount: 140),
    DisclosureTale(
      kind: "gift", title: "Tickets for a football match",
      words: "Our software vendor invited me and a guest to a match in their box. The contract is up for renewal in "
        + "the spring, and I am one of three who decide.", amount: 480),
    DisclosureTale(
      kind: "gift", title: "ساعة من عميل بعد انتهاء المشروع",
      words: "أهداني أحد العملاء ساعة بعد تسليم المشروع. حاولت الاعتذار عن قبولها فألحّ.", amount: 320),
    DisclosureTale(
      kind: "gift", title: "Pen set after a training",
      words: "Each speaker was given a pen set with the organiser's name on it.", amount: 35),
    DisclosureTale(
      kind: "coi", title: "My sister works for a bidder",
      words: "My sister is an account manager at one of the four companies that bid for the cleaning contract. I am "
        + "not on the panel, but my manager is, and I prepare its papers."),
    DisclosureTale(
      kind: "coi", title: "Shares in a device maker",
      words: "I hold shares in a company whose infusion pumps we test. I bought them before I was hired.",
      amount: 12_500),
    DisclosureTale(
      kind: "coi", title: "Vermietung einer Wohnung an einen Lieferanten",
      words: "Der Geschäftsführer eines Lieferanten mietet meine Wohnung zum ortsüblichen Preis. Ich habe mit der "
        + "Vergabe nichts zu tun.", amount: 1_100, currency: "EUR"),
    DisclosureTale(
      kind: "outside_employment", title: "Evening classes at the college",
      words: "I teach bookkeeping on Tuesday evenings, from 18:30, ten weeks a term. No overlap with my shifts."),
    DisclosureTale(
      kind: "outside_employment", title: "Consulting for a start-up",
      words: "A former colleague asked me to advise her company four hours a month. They make scheduling software; "
        + "we do not buy from them today.", amount: 600),
    DisclosureTale(
      kind: "outside_employment", title: "Board of a housing cooperative",
      words: "I was elected to the board of the cooperative I live in. Unpaid, two meetings a quarter."),
    DisclosureTale(
      kind: "political", title: "Standing for the city council",
      words: "I am on my party's list for the municipal election. I will not use my employer's name."),
    DisclosureTale(
      kind: "political", title: "Donation to a campaign",
      words: "I gave to the campaign of a candidate who, if elected, will sit on the committee that licenses us.",
      amount: 250),
    DisclosureTale(
      kind: "charitable", title: "Golf day for the hospice",
      words: "A supplier paid our team's entry to a charity golf day. All money went to the hospice.", amount: 400),
    DisclosureTale(
      kind: "charitable", title: "Match of a private donation",
      words: "The foundation of a client matched what I gave to the food bank after I had told their director of it.",
      amount: 200),
    DisclosureTale(
      kind: "travel", title: "Conference in Lisbon paid by a vendor",
      words: "The vendor would pay flight, two nights and the fee. I would speak about how we use their product.",
      amount: 1_850, currency: "EUR"),
    DisclosureTale(
      kind: "travel", title: "Site visit to a reference customer",
      words: "One day, by train, lunch included. The vendor bought the ticket before I could.", amount: 95,
      currency: "GBP"),
  ]

  /// What was decided, by the state that follows from it.
  static let decisions: [String: [String]] = [
    "approved": [
      "Below the limit of the gift policy, and no decision is pending.",
      "No overlap with working hours and no business with the organisation.",
      "Accepted as disclosed; to be disclosed again if anything changes.",
    ],
    "conditions": [
      "May keep it, but takes no part in the renewal; the controller signs instead.",
      "Only outside working hours, without the company's name or equipment. To be looked at again in a year.",
      "The gift goes to the raffle of the site; a note of thanks is sent by the manager.",
    ],
    "rejected": [
      "Above the limit while a tender is open. To be given back; compliance drafts the letter.",
      "The other company competes with our diagnostics unit.",
    ],
    "expired": ["Approved for six months.", "Approved until the end of the engagement."],
  ]
}
