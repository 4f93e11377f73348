// Who is at one client: its users, the first of them in the roles that a workspace needs, and the employees it handed
// over.

import EthicoTypes
import FoundationEssentials
import Normalization

extension WorkspaceSeed {
  struct PersonRow: Encodable {
    let id: String
    let email: String
    let name: String
    let role: String
    let state: String
    let title: String
    let invitedAt: Date
    let lastSignInAt: Date?
    let secondFactorSince: Date?
  }

  private static let roles: [ClientRole] = [
    .systemAdmin, .complianceOfficer, .investigator, .triageLead, .systemAdmin, .manager, .employee,
  ]

  func makePeople(using random: inout SplitMix64) -> [PersonRow] {
    var taken: Set<String> = []
    let shared = client.size.sharedUsers
    let drawn = (0..<shared).map { makePerson($0, &taken, using: &random) }
    var own = SplitMix64(seed: client.source &+ 1)
    let more = (shared..<max(shared, client.volume.users)).map { makePerson($0, &taken, using: &own) }
    return Array((drawn + more).prefix(client.volume.users))
  }

  private func makePerson(_ index: Int, _ taken: inout Set<String>, using random: inout SplitMix64) -> PersonRow {
    var name = Names.person(using: &random)
    while !taken.insert(Self.mailbox(name)).inserted { name = Names.person(using: &random) }
    let role = index < Self.roles.count ? Self.roles[index] : random.pick(ClientRole.allCases)
    let state: UserState =
      index < 5 ? .active : random.pick(weighted: [(.active, 8), (.invited, 1), (.deactivated, 1)])
    let invited = anchor.addingTimeInterval(-Double(Int.random(in: 40...390, using: &random)) * 86_400)
    let isIn = state == .active
    let seen = anchor.addingTimeInterval(-Double(Int.random(in: 3_600...2_000_000, using: &random)))
    return PersonRow(
      id: id(invited), email: (index == 0 ? "admin" : Self.mailbox(name)) + "@" + client.domain, name: name,
      role: role.rawValue, state: state.rawValue, title: random.pick(Names.titles), invitedAt: invited,
      lastSignInAt: isIn ? seen : nil, secondFactorSince: isIn && random.chance(0.7) ? invited : nil)
  }

  private static func mailbox(_ name: String) -> String {
    name.folded.replacing("ø", with: "o").split(separator: " ").joined(separator: ".")
  }

  struct EmployeeRow: Encodable {
    let id: String
    let number: String
    let name: String
    let email: String?
    let title: String
  }

  func makeEmployees(using random: inout SplitMix64) -> [EmployeeRow] {
    let made = anchor.addingTimeInterval(-395 * 86_400)
    var taken: Set<String> = []
    return (0..<client.volume.employees).map { index in
      let number = String(10_045 + index)
      let name = Names.person(using: &random)
      let mailbox = Self.mailbox(name)
      // Who works on a ward or at a counter has no address of their own.
      let own = taken.insert(mailbox).inserted ? mailbox : mailbox + "." + number
      let email = index.isMultiple(of: 3) ? nil : own + "@" + client.domain
      return EmployeeRow(
        id: id(made), number: number, name: name, email: email, title: random.pick(Names.titles))
    }
  }
}
