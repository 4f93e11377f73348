// The JSON face of the search tab.

import EthicoTypes
import FoundationEssentials
import Jobs
import Workspace

/// How the index of one entity stands, as programs are given it.
struct IndexBody: Encodable, Sendable {
  let entity: SearchEntity
  let records: Int
  let found: Int
  /// Whether each record was looked for; else there are as many documents as records, and nothing else is known.
  let compared: Bool
  let waiting: Int
  let missing: Int
  let surplus: Int
  let oldestWait: Date?
  let mapping: Mapping
  let generation: Int
  let rebuild: Rebuild?

  enum Mapping: String, Encodable, Sendable {
    case current, stale
  }

  struct Rebuild: Encodable, Sendable {
    let job: ID<JobRecord>
    let state: JobState
    let done: Int?
    let total: Int?
  }

  enum CodingKeys: String, CodingKey {
    case entity, records, found, compared, waiting, missing, surplus, mapping, generation, rebuild
    case oldestWait = "oldest_wait"
  }

  init(_ standing: IndexStanding) {
    entity = standing.entity
    records = standing.records
    found = standing.found
    compared = standing.isCompared
    waiting = standing.waiting
    missing = standing.missing
    surplus = standing.surplus
    oldestWait = standing.oldestWait
    mapping = standing.outdated == 0 ? .current : .stale
    generation = standing.generation
    rebuild = standing.rebuild.map { Rebuild(job: $0.job, state: $0.state, done: $0.done, total: $0.total) }
  }
}

/// How the index of every entity stands.
struct IndexListBody: Encodable, Sendable {
  let items: [IndexBody]
}

/// One entity's index with what is wrong in it.
struct IndexFileBody: Encodable, Sendable {
  let index: IndexBody
  let faults: [Fault]

  /// A record that search does not find as it stands.
  struct Fault: Encodable, Sendable {
    let id: ID<SearchDocument>
    let title: String
    let fault: IndexFault
  }

  init(_ file: IndexFile) {
    index = IndexBody(file.standing)
    faults = (file.check?.first ?? []).map { Fault(id: $0.id, title: $0.title, fault: $0.fault) }
  }
}
