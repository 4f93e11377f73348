// What a job does outside the database, written down before and after, so that no later attempt does it again.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// Where the effect of a job stands.
enum EffectState: Sendable, Hashable {
  /// This attempt may do it.
  case begun
  /// An earlier attempt did it.
  case done
  /// An earlier attempt began it and never said how it ended.
  case doubtful
}

extension Ledger {
  /// Writes down that the effect is about to happen.
  func beginEffect(_ lease: JobLease) async throws -> EffectState {
    try await tenant(by: lease.author) { tx in
      guard try await lease.hold(in: tx) else { throw JobStop.lost }
      let begun = try await tx.execute(
        "UPDATE job SET effect_begun_at = \(tx.at) WHERE id = \(lease.job) AND effect_begun_at IS NULL")
      guard begun == 0 else { return .begun }
      let isDone = try await tx.first(
        "SELECT effect_done_at IS NOT NULL FROM job WHERE id = \(lease.job)", as: Bool.self)
      return isDone ?? false ? .done : .doubtful
    }
  }

  /// Writes down that the effect has happened.
  func endEffect(_ lease: JobLease) async throws {
    try await tenant(by: lease.author) { tx in
      _ = try await tx.execute("UPDATE job SET effect_done_at = \(tx.at) WHERE \(fragment: lease.mine)")
    }
  }

  /// Writes down that it did not happen.
  func takeBackEffect(_ lease: JobLease) async throws {
    try await tenant(by: lease.author) { tx in
      _ = try await tx.execute("UPDATE job SET effect_begun_at = NULL WHERE \(fragment: lease.mine)")
    }
  }
}
