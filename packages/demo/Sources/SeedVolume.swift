// How much there is in a client's workspace: the directory's sizes are believed there, too. Most clients have little, a
// few have a lot.

import EthicoTypes

/// How many records of a kind the seed makes for a client.
struct SeedVolume: Sendable, Hashable {
  let users: Int
  let employees: Int
  let cases: Int
  let disclosures: Int
  let policies: Int

  static let acme = SeedVolume(users: 40, employees: 2_400, cases: 220, disclosures: 150, policies: 60)
  static let borealis = SeedVolume(users: 18, employees: 600, cases: 64, disclosures: 36, policies: 24)

  /// Those whom a workspace needs: the first roles of `WorkspaceSeed`.
  private static let fewestUsers = 5
  private static let mostUsers = 60
  private static let mostEmployees = 90
  private static let mostCases = 180
  private static let mostDisclosures = 40

  /// What a client has after a year. It grows with the root of its size, and a few have many times as much as others
  /// alike; the large ones, and some of those between, hand over whom they employ.
  static func drawn(tier: Tier, employees: Int, using random: inout SplitMix64) -> SeedVolume {
    let root = Double(employees).squareRoot()
    let chance = Double.random(in: 0..<1, using: &random)
    let bustle = 0.3 + 2.4 * chance * chance * chance
    let known = knownEmployees(tier, employees, using: &random)
    return SeedVolume(
      users: min(mostUsers, fewestUsers + Int(0.45 * root * bustle)), employees: known,
      cases: min(mostCases, Int((1.2 * root * bustle).rounded())),
      disclosures: known == 0 ? 0 : min(mostDisclosures, 1 + Int(0.3 * root * bustle)),
      policies: Int.random(in: policies(tier), using: &random))
  }

  private static func knownEmployees(_ tier: Tier, _ employees: Int, using random: inout SplitMix64) -> Int {
    let isHandedOver = random.chance(0.3)
    return switch tier {
    case .plg: 0
    case .smb: isHandedOver ? min(25, employees / 6) : 0
    case .enterprise: min(mostEmployees, employees / 50)
    }
  }

  private static func policies(_ tier: Tier) -> ClosedRange<Int> {
    switch tier {
    case .plg: 1...2
    case .smb: 2...4
    case .enterprise: 4...14
    }
  }
}
