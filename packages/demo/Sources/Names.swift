// The made-up people and companies of the demo. Every domain ends in .example, which belongs to nobody [RFC 2606].

import EthicoTypes

enum Names {
  static let first = [
    "Amara", "Noor", "Elena", "Jonas", "Priya", "Mateo", "Sofia", "Liam", "Aisha", "Tomas", "Ingrid", "Kenji", "Fatima",
    "Diego", "Hanna", "Olu", "Mei", "Pavel", "Zara", "Anton", "Leila", "Marco", "Ines", "Samir", "Greta", "Yusuf",
    "Clara",
    "Rafael", "Nadia", "Felix", "Tara", "Viktor", "Lucia", "Omar", "Freya", "Dmitri", "Salma", "Hugo", "Maya", "Edith",
  ]
  static let last = [
    "Okafor", "Lindqvist", "Moreau", "Haddad", "Nakamura", "Silva", "Novak", "Osei", "Bergström", "Castillo", "Weber",
    "Iyer", "Kowalski", "Mensah", "Rossi", "Chaudhry", "Dubois", "Petrov", "Sørensen", "Alvarez", "Fischer", "Tanaka",
    "Abebe", "Laurent", "Horvat", "Quispe", "Farouk", "Jansen", "Murphy", "Zhang", "Demir", "Popescu", "Nguyen",
    "Keller",
    "Santos", "Ólafsson", "Bauer", "Rahman", "Vega", "Ito",
  ]
  static let titles = [
    "Compliance manager", "Head of legal", "HR business partner", "Internal auditor", "Operations lead",
    "Shift supervisor",
    "Procurement officer", "Nurse manager", "Finance controller", "Warehouse manager", "Data protection officer",
    "Engineer",
  ]

  private static let beginnings = [
    "Aster", "Borough", "Cedar", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Indigo", "Juniper", "Keystone",
    "Lumen",
    "Meridian", "North", "Orchard", "Pioneer", "Quarry", "River", "Summit", "Tidal", "Union", "Vector", "Willow",
    "Zenith",
    "Alpine", "Beacon", "Copper", "Drift", "Evergreen", "Falcon", "Glacier", "Horizon", "Iron", "Jade", "Lark", "Maple",
  ]
  private static let endings: [Industry: [String]] = [
    .healthcare: ["Health", "Clinics", "Care Group", "Medical", "Hospitals"],
    .financialServices: ["Bank", "Capital", "Insurance", "Credit Union", "Partners"],
    .manufacturing: ["Works", "Industries", "Steel", "Motors", "Components"],
    .technology: ["Systems", "Software", "Labs", "Networks", "Cloud"],
    .retail: ["Stores", "Market", "Trading", "Outfitters", "Foods"],
    .education: ["University", "College", "Schools", "Academy"],
    .government: ["County", "Transit Authority", "Port Authority", "Water Board"],
    .other: ["Logistics", "Energy", "Foundation", "Services", "Holdings"],
  ]

  /// A company's name.
  static func company(_ industry: Industry, using random: inout SplitMix64) -> String {
    let ending = random.pick(endings[industry] ?? ["Group"])
    let beginning = random.pick(beginnings)
    return random.chance(0.35) ? "\(beginning) \(random.pick(beginnings)) \(ending)" : "\(beginning) \(ending)"
  }

  /// A reporter who gave a name: random in its own right, and marked as nobody real.
  static func reporter(number: Int) -> (name: String, contact: String) {
    var random = SplitMix64(seed: 0x5265_706F_7274 &+ UInt64(number))
    let name = person(using: &random)
    return ("\(name) (demo)", "reporter-\(number + 1)@demo.example")
  }

  /// A person's name.
  static func person(using random: inout SplitMix64) -> String {
    random.pick(first) + " " + random.pick(last)
  }
}
