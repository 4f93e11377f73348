// A database for a suite: cloned in a moment from a template that is migrated and seeded once a run, and dropped when
// nothing holds it any more.

package import Access
import Demo
package import EthicoTypes
package import Foundation
import Logging
package import Postgres
import Synchronization

/// A real PostgreSQL database with the named world in it, for one suite alone.
package struct TestDatabase: Sendable {
  package let name: String
  package let conninfo: String
  package let database: Database
  /// Moves by hand; begins at `World.now`.
  package let clock: TestClock
  package let ledger: Ledger
  private let lease: Lease

  /// Clones the template.
  /// - Parameter pools: connections of each pool; a small pool makes leaks likely.
  package static func make(pools: Int = 6) async throws -> TestDatabase {
    let template = try await Template.shared.ready()
    let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
    try await Template.shared.clone(template, to: name)
    return TestDatabase(name: name, pools: pools)
  }

  /// The same world, made anew instead of cloned.
  package static func seededAnew() async throws -> TestDatabase {
    TestDatabase(name: try await Template.shared.make(), pools: 2)
  }

  private init(name: String, pools: Int) {
    self.name = name
    lease = Lease(name: name)
    database = lease.connect(as: [.tenant, .fleet, .audit], pools: pools)
    conninfo = lease.conninfo
    clock = TestClock(World.now)
    ledger = Ledger(
      database: database, timepiece: clock.timepiece, ids: .random, release: "test",
      vault: Vault(key: Array(repeating: 9, count: 32)))
  }

  /// A pool of the cluster's superuser in this database, for planting what the program could not.
  package func superuser() -> Database {
    pool(of: .superuser)
  }

  /// A pool of any role, for trying what a role may do.
  package func pool(of role: PoolRole) -> Database {
    lease.connect(as: [role], pools: 2)
  }

  /// Every table with how many rows it has and who wrote last: equal only while nothing is written.
  /// - Parameter left: tables that do not count.
  package func fingerprint(except left: [String] = []) async throws -> [String] {
    let superuser = superuser()
    let tables = try await superuser.query(
      .superuser,
      """
      SELECT oid::regclass::text FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL(\(left))
      ORDER BY 1
      """, as: String.self)
    let counts = tables.map { "SELECT concat_ws(' ', '\($0)', count(*), max(xmin::text::bigint)) FROM \($0)" }
    let prints = try await superuser.query(
      .superuser, SQL(trusted: counts.joined(separator: " UNION ALL ") + " ORDER BY 1"), as: String.self)
    await superuser.close()
    return prints
  }

  /// The connection string of the test cluster, without user and database.
  static let base: String = {
    let given = ProcessInfo.processInfo.environment["OPS_TEST_DATABASE"] ?? "host=/var/run/postgresql"
    return given.split(separator: " ").filter { !$0.hasPrefix("user=") && !$0.hasPrefix("dbname=") }.joined(
      separator: " ")
  }()
}

extension PoolRole {
  /// The cluster's superuser: tests alone know it.
  package static let superuser = PoolRole(
    rawValue: ProcessInfo.processInfo.environment["OPS_TEST_DATABASE"]?.split(separator: " ")
      .first { $0.hasPrefix("user=") }.map { String($0.dropFirst(5)) } ?? "postgres")
  /// The client portal's role, which has no pool in the console.
  package static let portal = PoolRole(rawValue: "portal_tenant")
}

/// A clock that stands still until a test moves it.
package final class TestClock: Sendable {
  private let moment: Mutex<Date>

  package init(_ date: Date) {
    moment = Mutex(date)
  }

  package var now: Date { moment.withLock { $0 } }

  package func advance(seconds: TimeInterval) {
    moment.withLock { $0 = $0.addingTimeInterval(seconds) }
  }

  /// A microsecond passes at each look, so that no two events are at once.
  package var timepiece: Timepiece {
    Timepiece {
      self.moment.withLock { moment in
        moment = moment.addingTimeInterval(0.000_001)
        return moment
      }
    }
  }
}

/// The right to a database of the cluster. Whatever can speak to the database holds it; with the last of them the
/// database goes, as a run makes more of them than a disk might hold.
private final class Lease: Sendable {
  let name: String

  init(name: String) {
    self.name = name
  }

  deinit {
    Task { [name] in await Template.shared.drop(name) }
  }

  var conninfo: String { TestDatabase.base + " dbname=\(name)" }

  /// Pools of the database.
  func connect(as roles: [PoolRole], pools: Int) -> Database {
    Database(
      conninfo: conninfo, pools: roles.map { .patient($0, size: pools) },
      logger: Logger(label: "test") { _ in Holder(lease: self) })
  }

  /// Logs nothing. A database's logger lives for as long as any of its pools, and so does what this holds.
  private struct Holder: LogHandler {
    let lease: Lease
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .critical

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {}
  }
}

extension PoolSettings {
  /// So patient that no test depends on how fast the machine is.
  fileprivate static func patient(_ role: PoolRole, size: Int) -> PoolSettings {
    PoolSettings(
      role: role, size: size, statementTimeoutMilliseconds: 60_000, lockTimeoutMilliseconds: 60_000,
      idleInTransactionTimeoutMilliseconds: 120_000, waitSeconds: 120)
  }
}

/// The template database of this run.
private actor Template {
  static let shared = Template()
  private var making: Task<String, any Error>?

  // Every test asks for its clone at once, and waits for as long as the machine takes for all of them.
  private let cluster = Database(
    conninfo: TestDatabase.base + " dbname=postgres",
    pools: [
      PoolSettings(role: .superuser, size: 3, statementTimeoutMilliseconds: 600_000, waitSeconds: 3_600)
    ],
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

  func ready() async throws -> String {
    if let making { return try await making.value }
    let task = Task { try await make() }
    making = task
    return try await task.value
  }

  func clone(_ template: String, to name: String) async throws {
    _ = try await cluster.execute(
      .superuser, SQL(trusted: "CREATE DATABASE \(name) OWNER ethico_owner TEMPLATE \(template) STRATEGY file_copy"))
  }

  /// What cannot be dropped goes with the cluster.
  func drop(_ name: String) async {
    _ = try? await cluster.execute(.superuser, SQL(trusted: "DROP DATABASE \(name) WITH (FORCE)"))
  }

  func make() async throws -> String {
    let name = "template_" + UUID().uuidString.lowercased().replacing("-", with: "")
    _ = try await cluster.execute(.superuser, SQL(trusted: "CREATE DATABASE \(name) OWNER ethico_owner"))
    let conninfo = TestDatabase.base + " dbname=\(name)"
    let migrator = Migrator(
      folder: Repository.root + "/db/migrations", conninfo: conninfo, user: "ethico_migrator", role: "ethico_owner")
    _ = try await migrator.migrate()
    let pools = [PoolRole.tenant, .fleet, .audit].map { PoolSettings.patient($0, size: 2) }
    let database = Database(
      conninfo: conninfo, pools: pools, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let seed = Seed(tenants: 6, seed: 1, database: database, release: "test", anchor: World.now, say: { _ in })
    _ = try await seed.run()
    await database.close()
    return name
  }
}

/// Where the sources lie that tests read.
package enum Repository {
  /// The root of the checkout.
  package static let root: String = {
    if let given = ProcessInfo.processInfo.environment["OPS_TEST_REPO"] { return given }
    return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path()
  }()
}
