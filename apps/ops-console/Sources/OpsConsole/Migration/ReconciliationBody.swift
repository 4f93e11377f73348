// The reconciliation as programs read it.

import EthicoTypes
import FoundationEssentials
import Mapping
import Migration

/// The reconciliation, for programs.
struct ReconciliationBody: Encodable, Sendable {
  let state: ProjectState?
  let version: Int?
  let readiness: MigrationBody.Readiness?
  let addsUp: Bool?
  /// The newest reckoning, which may go on.
  let reckoning: Work?
  /// What was imported or taken back since these figures were reckoned.
  let changed: [Change]
  let obstacles: [String]
  let entities: [EntityFigures]
  let reckoned: Date?
  let confirmedBy: String?
  let signedOff: Date?
  let purge: Date?
  let purged: Date?
  /// What the client signed before.
  let earlier: [Signed]

  /// How far a reckoning is.
  struct Work: Encodable, Sendable {
    let state: Reckoning.State
    let began: Date
    let ended: Date?
    let failure: String?
    let done: Int?
    let total: Int?
  }

  struct Change: Encodable, Sendable {
    let entity: ImportEntity
    let at: Date
  }

  struct Signed: Encodable, Sendable {
    let id: ID<Reconciliation>
    let reckoned: Date
    let confirmedBy: String
    let signedOff: Date

    enum CodingKeys: String, CodingKey {
      case id, reckoned
      case confirmedBy = "confirmed_by"
      case signedOff = "signed_off"
    }
  }

  enum CodingKeys: String, CodingKey {
    case state, version, readiness, reckoning, changed, obstacles, entities, reckoned, purge, purged, earlier
    case addsUp = "adds_up"
    case confirmedBy = "confirmed_by"
    case signedOff = "signed_off"
  }

  init(_ file: ReconciliationFile?) {
    state = file?.project.state
    version = file?.project.version
    readiness = file.map { MigrationBody.Readiness(ready: $0.readiness.ready, chosen: $0.readiness.chosen) }
    addsUp = file.flatMap { $0.reckoned.isEmpty ? nil : $0.reckoned.allSatisfy(\.figures.addsUp) }
    reckoning = file?.reckoning.map { work in
      Work(
        state: work.state, began: work.beganAt, ended: work.endedAt, failure: work.failure, done: work.done,
        total: work.total)
    }
    changed = file?.changes.map { Change(entity: $0.entity, at: $0.at) } ?? []
    obstacles = file?.obstacles ?? []
    entities = file?.reckoned.map(\.figures) ?? []
    reckoned = file?.reckoned.first?.madeAt
    confirmedBy = file?.reckoned.first?.confirmation?.by
    signedOff = file?.project.signedOffAt
    purge = file?.project.purgeAt
    purged = file?.project.purgedAt
    earlier = file?.earlier.map(Signed.init) ?? []
  }
}

extension ReconciliationBody.Signed {
  init(_ signed: SignedReconciliation) {
    self.init(
      id: signed.id, reckoned: signed.madeAt, confirmedBy: signed.confirmation.by, signedOff: signed.confirmation.at)
  }
}

/// A signed reconciliation, for programs.
struct SignedBody: Encodable, Sendable {
  let entities: [EntityFigures]
  let reckoned: Date
  let confirmedBy: String
  let signedOff: Date

  enum CodingKeys: String, CodingKey {
    case entities, reckoned
    case confirmedBy = "confirmed_by"
    case signedOff = "signed_off"
  }

  init(_ signed: SignedFigures) {
    entities = signed.reckoned.map(\.figures)
    reckoned = signed.madeAt
    confirmedBy = signed.confirmation.by
    signedOff = signed.confirmation.at
  }
}
