// Flags as they stand in the middle of a roll-out, and one exception that nobody remembers.

import Access
import EthicoTypes
import Flags
import FoundationEssentials

struct FlagSeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date

  /// Acme has bought the tier that has bulk operations, and has them switched off.
  func run() async throws {
    let rules: [(key: String, rule: FlagRule)] = [
      ("ai_case_summary", FlagRule(killSwitch: .on, share: 2_500)),
      (Flag.bulkOperations.key, FlagRule(tiers: [.enterprise])),
      ("new_investigation_ui", FlagRule(share: 1_100)),
    ]
    for (key, rule) in rules {
      guard let flag = Flag.named(key) else { continue }
      try await ledger.set(flag, to: rule, version: 0, by: Seed.author(ledger.ids, at: anchor))
    }
    let fleet = try await ledger.fleetFlags()
    let moment = anchor.addingTimeInterval(-41 * 86_400)
    try await ledger.tenant(by: Seed.author(ledger.ids, at: moment).on(client.id), at: moment) { tx in
      try await ClientFlag.all(fleet, in: tx).first { $0.flag == .bulkOperations }?.set(.off, in: tx)
    }
  }
}
