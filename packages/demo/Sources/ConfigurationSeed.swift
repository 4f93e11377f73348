// What Ethico has set for several clients at once.

import Access
import EthicoTypes
import FoundationEssentials
import Workspace

struct ConfigurationSeed: Sendable {
  let ledger: Ledger
  let anchor: Date

  func run() async throws {
    let values: [(key: String, value: String, tier: Tier?)] = [
      ("notifications.digest_hour", "7", nil), ("security.session_minutes", "30", .enterprise),
      ("retention.closed_case_years", "10", .enterprise), ("retention.closed_case_years", "7", nil),
    ]
    for (key, value, tier) in values {
      guard let setting = Setting.named(key) else { continue }
      try await ledger.set(setting, to: value, for: tier, by: Seed.author(ledger.ids, at: anchor))
    }
  }
}
