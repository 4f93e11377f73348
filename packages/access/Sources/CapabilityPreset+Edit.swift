// Changing what a preset grants from now on.

import EthicoTypes
import FoundationEssentials
import Postgres

extension Ledger {
  /// Sets what a preset holds; looking up clients is always part of it. Nobody's capabilities change by it.
  /// - Parameter seen: the capabilities that the administrator saw it hold.
  public func set(
    _ preset: String, to capabilities: [String], seen: [String], by administrator: Administrator
  ) async throws {
    let everybodys = Capability.tenantRead.rawValue
    let wanted = Set(capabilities).union([everybodys])
    try await fleet(administrator.author) { tx in
      try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('capability_preset ' || \(preset), 0))")
      let held = Set(
        try await tx.query("SELECT capability FROM capability_preset WHERE preset = \(preset)", as: String.self))
      guard !held.isEmpty else { throw StaffRefusal.unknownPreset(preset, known: []) }
      // The same form once more finds its work done.
      guard held != wanted else { return }
      guard held == Set(seen) else { throw StaffRefusal.stale }
      let gone = held.subtracting(wanted).sorted()
      let new = wanted.subtracting(held).sorted()
      try await tx.execute(
        "DELETE FROM capability_preset WHERE preset = \(preset) AND capability = ANY(\(gone))")
      try await tx.execute(
        "INSERT INTO capability_preset (preset, capability) SELECT \(preset), unnest(\(new)::text[])")
      let words = new.map { "+" + $0 } + gone.map { "−" + $0 }
      try await tx.record(
        "staff.preset", object: AuditObject("capability_preset", preset), status: 303,
        detail: "\(preset): \(words.joined(separator: ", "))")
    }
  }
}
