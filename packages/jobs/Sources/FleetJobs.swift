// The work of all clients in numbers, for whoever operates the platform: what waits where, and at whom it has died. It
// is read with the fleet's role, which sees no client's job.

package import Access
package import EthicoTypes
import Postgres

/// What waits everywhere, and who has dead jobs.
package struct FleetJobs: Sendable, Hashable {
  /// Of every client and of the platform itself; each exact up to `JobPage.countLimit`, then one more.
  package let waiting: [JobCount]
  /// The clients with the most dead jobs, as they were counted within the last minute.
  package let dead: [DeadJobs]
  /// How many dead jobs there are at all clients.
  package let deadCount: Int
  /// How many clients have dead jobs.
  package let clientCount: Int

  /// So many clients are named.
  package static let named = 20

  /// What a job that waits may be: what is done with leaves the list of what is due.
  package static let states: [JobState] = [.queued, .running, .retrying]
}

/// The dead jobs of one client.
package struct DeadJobs: Sendable, Hashable {
  package let tenant: ID<Tenant>
  package let slug: String
  package let name: String
  package let count: Int
}

extension Ledger {
  /// What waits everywhere, and who has dead jobs.
  package func fleetJobs() async throws -> FleetJobs {
    let waiting = try await database.query(
      .fleet,
      """
      SELECT queue, state, count
      FROM job_due_tally(\(JobQueue.allCases), \(FleetJobs.states), \(JobPage.countLimit + 1)::integer)
      """, as: JobCount.self)
    let dead = try await database.query(.fleet, FleetJobs.deadSQL, as: DeadRow.self)
    return FleetJobs(
      waiting: waiting, dead: dead.map(\.jobs), deadCount: dead.first?.all ?? 0, clientCount: dead.first?.clients ?? 0)
  }
}

extension FleetJobs {
  static var deadSQL: SQL {
    """
    SELECT p.tenant_id, t.slug, t.name, p.jobs_dead,
      (SELECT sum(a.jobs_dead)::bigint FROM tenant_pulse a WHERE a.jobs_dead > 0) AS all_dead,
      (SELECT count(*) FROM tenant_pulse a WHERE a.jobs_dead > 0) AS clients
    FROM tenant_pulse p
    JOIN tenant_directory t ON t.tenant_id = p.tenant_id
    WHERE p.jobs_dead > 0
    ORDER BY p.jobs_dead DESC, p.tenant_id
    LIMIT \(named)
    """
  }
}

private struct DeadRow: RowDecodable {
  let jobs: DeadJobs
  let all: Int
  let clients: Int

  init(row: Row) throws {
    jobs = DeadJobs(
      tenant: try row["tenant_id"], slug: try row["slug"], name: try row["name"], count: try row["jobs_dead"])
    all = try row["all_dead"]
    clients = try row["clients"]
  }
}
