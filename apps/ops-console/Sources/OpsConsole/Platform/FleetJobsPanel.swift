// The work of all clients in numbers, above the platform's own jobs: what waits where, and who has dead jobs.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Markup
import Web

enum FleetJobsPanel {
  static func panels(_ fleet: FleetJobs, _ frame: Frame) -> HTML {
    HTML {
      columns {
        panel("Waiting at all clients") { waiting(fleet) }
        panel("Dead, by client") { dead(fleet, frame) }
      }
      h2 { "The platform’s own jobs" }
    }
  }

  /// A row a queue, a column a state.
  private static func waiting(_ fleet: FleetJobs) -> HTML {
    guard !fleet.waiting.isEmpty else { return p(.class("muted")) { "Nothing waits." } }
    let queues = JobQueue.allCases.filter { queue in fleet.waiting.contains { $0.queue == queue } }
    let cells = FleetJobs.states.map { state in
      Column<JobQueue>(state.label, kind: .number) { queue in
        let count = fleet.waiting.first { $0.queue == queue && $0.state == state }?.count ?? 0
        CappedCount(count, limit: JobPage.countLimit).label
      }
    }
    return HTML {
      dataTable(
        "How many jobs of all clients and of the platform wait where", queues,
        columns: [Column("Queue", kind: .link) { queue in strong { queue.label } }] + cells)
      p(.class("muted")) {
        "Of every client and of the platform. A job that took its worker with it twice waits for a person, not here."
      }
    }
  }

  private static func dead(_ fleet: FleetJobs, _ frame: Frame) -> HTML {
    guard !fleet.dead.isEmpty else { return p(.class("muted")) { "No client has a dead job." } }
    let mayEnter = frame.signedIn?.staff.may(.supportAct) ?? false
    let enter = Column<DeadJobs>("Enter") { client in
      a(
        .href(.card(slug: client.slug).appending("enter")), .aria("label", "Enter the workspace of \(client.name)")
      ) { "Enter" }
    }
    let rest = fleet.clientCount - fleet.dead.count
    return HTML {
      dataTable(
        "Clients with dead jobs", fleet.dead,
        columns: [
          Column("Client", kind: .link) { client in a(.href(.card(slug: client.slug)), .dirAuto) { client.name } },
          Column("Dead jobs", kind: .number) { grouped($0.count) },
        ] + (mayEnter ? [enter] : []))
      p(.class("muted")) {
        "\(counted(fleet.deadCount, "dead job")) at \(counted(fleet.clientCount, "client"))"
        rest > 0 ? "; the \(grouped(rest)) with fewer are not named" : ""
        ". Counted every minute; what died and why stands at each client under Debug, Jobs."
      }
    }
  }
}

/// What waits everywhere, as programs read it.
struct FleetJobsBody: Encodable, Sendable {
  let waiting: [JobListBody.Tally]
  let dead: Int
  /// How many clients have dead jobs; those with the most are listed.
  let clients: Int
  let items: [Client]

  struct Client: Encodable, Sendable {
    let id: ID<Tenant>
    let slug: String
    let name: String
    let dead: Int
  }

  init(_ fleet: FleetJobs) {
    waiting = fleet.waiting.map(JobListBody.Tally.init)
    dead = fleet.deadCount
    clients = fleet.clientCount
    items = fleet.dead.map { Client(id: $0.tenant, slug: $0.slug, name: $0.name, dead: $0.count) }
  }
}
