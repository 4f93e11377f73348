// Puts the parts together: the pools by level of trust, the ledger, the logger.

import Access
import EthicoTypes
import Foundation
import Logging
import Postgres
import Web

/// What every command stands on.
struct Wiring: Sendable {
  static let release = "0.1.0"

  let settings: Settings
  let logger: Logger
  let database: Database
  let ledger: Ledger

  init(_ settings: Settings = Settings()) {
    self.settings = settings
    logger = Self.logger(settings)
    database = Database(conninfo: settings.conninfo, pools: Self.pools, logger: logger)
    ledger = Ledger(database: database, timepiece: .system, ids: .random, release: Self.release)
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
    PoolSettings(role: .bypass, size: 2, statementTimeoutMilliseconds: 300_000),
    PoolSettings(role: .audit, size: 4, statementTimeoutMilliseconds: 30_000),
  ]

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
  FileHandle.standardError.write(Data((sentence + "\n").utf8))
}
