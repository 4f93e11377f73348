// Puts the parts together: the pools by level of trust, the ledger, the logger.

import Access
import ArgumentParser
import EthicoTypes
import FoundationEssentials
import Glibc
import Jobs
import Logging
import OpsConsole
import Postgres
import Web

/// What every command stands on.
struct Wiring: Sendable {
  static let release = "0.1.0"

  let settings: Settings
  let logger: Logger
  let database: Database
  let ledger: Ledger

  init(_ settings: Settings = Settings(), vault: Vault? = nil) {
    self.settings = settings
    logger = Self.logger(settings)
    database = Database(conninfo: settings.conninfo, pools: Self.pools, logger: logger)
    ledger = Ledger(database: database, timepiece: .system, ids: .random, release: Self.release, vault: vault)
  }

  private static func logger(_ settings: Settings) -> Logger {
    var logger = Logger(label: "ops-console") { label in JSONLogHandler(label: label, timepiece: .system) }
    logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
    return logger
  }

  /// One pool for each level of trust, opened as needed.
  private static let pools = [
    PoolSettings(role: .tenant, size: 16, statementTimeoutMilliseconds: 5_000),
    PoolSettings(role: .fleet, size: 8, statementTimeoutMilliseconds: 5_000),
    PoolSettings(role: .audit, size: 4, statementTimeoutMilliseconds: 30_000),
  ]

  /// Does not start on a database that is less closed than the program relies on.
  func refuseWeakDatabase() async throws {
    let weaknesses = try await ledger.weaknesses()
    var sentences = weaknesses.map(\.description)
    switch try await ledger.serverVersion().verdict {
    case .sound: break
    case .faulty(let sentence) where !settings.isProduction: logger.warning("\(sentence)")
    case .faulty(let sentence), .tooOld(let sentence): sentences.append(sentence)
    }
    guard sentences.isEmpty else {
      complain("The console does not start, because the database is not as closed as it has to be:")
      for sentence in sentences { complain("  - \(sentence)") }
      throw ExitCode(78)
    }
  }

  /// What is merely worth a warning about the database, which has to answer for it.
  func databaseWarnings() async throws -> [String] {
    switch try await ledger.serverVersion().verdict {
    case .sound: []
    case .faulty(let sentence), .tooOld(let sentence): [sentence]
    }
  }

  /// A worker as the settings want it; `nil` where they want none.
  func worker() throws -> Worker? {
    let lanes = try settings.jobLanes()
    guard lanes > 0 else { return nil }
    let host = ProcessInfo.processInfo
    let name = "\(host.hostName.prefix(40)):\(host.processIdentifier)"
    let kinds = OpsConsole.jobKinds(
      asking: try settings.languageModel(), mailing: try settings.mailSender(), logger: logger)
    return Worker(
      ledger: ledger, kinds: kinds,
      settings: WorkerSettings(name: name, queues: try settings.jobQueues(), lanes: lanes), logger: logger)
  }

  /// The author of what is done on the command line.
  func author(_ command: String) -> Author {
    let now = ledger.timepiece.now()
    return Author(
      .system("command line"),
      request: RequestFacts(id: ledger.ids.next(at: now), ip: nil, method: "CLI", route: command))
  }
}

/// Says a sentence on standard error.
func complain(_ sentence: String) {
  let line = Array((sentence + "\n").utf8)
  _ = write(STDERR_FILENO, line, line.count)
}
