// Hears what other transactions notify, on one connection of its own that is made again whenever it is lost.

public import Logging
import Metrics

/// What a listener heard.
public enum Heard: Sendable, Hashable {
  /// These were notified, each named once.
  case keys(Set<String>)
  /// Listening begins, or begins again: whatever was notified before may have been missed.
  case gap
}

/// Listens on one channel of the database.
public struct Listener: Sendable {
  private let parameters: ConnectionParameters
  private let channel: StaticString
  private let logger: Logger
  private let openedCounter: Counter

  /// How long it waits before it tries to connect again: twice as long after each failure.
  private static let pauseMilliseconds = 100...3_200

  /// - Parameter channel: a name that needs no quotes.
  public init(conninfo: String, role: PoolRole, channel: StaticString, logger: Logger) {
    parameters = ConnectionParameters(conninfo: conninfo, user: role.rawValue, applicationName: Self.applicationName)
    self.channel = channel
    self.logger = logger
    openedCounter = Counter(label: "postgres_listener_opened_total")
  }

  /// As `pg_stat_activity` shows its connection.
  public static let applicationName = "ops_listener"

  /// Listens until the task is cancelled.
  public func run(_ hear: @Sendable (Heard) -> Void) async {
    var pause = Self.pauseMilliseconds.lowerBound
    // Ends with the task; a database that is away is waited for.
    while !Task.isCancelled {
      do {
        let connection = try await Connection.open(parameters)
        try await connection.script("LISTEN \(channel)")
        openedCounter.increment()
        pause = Self.pauseMilliseconds.lowerBound
        hear(.gap)
        try await listen(on: connection, hear)
        await connection.close()
      } catch {
        guard !Task.isCancelled else { return }
        logger.warning("Nothing can be heard of the database.", metadata: ["error": "\(String(reflecting: error))"])
        // Only ends early with the task, which the loop looks at.
        try? await Task.sleep(for: .milliseconds(pause))
        pause = min(2 * pause, Self.pauseMilliseconds.upperBound)
      }
    }
  }

  private func listen(on connection: Connection, _ hear: @Sendable (Heard) -> Void) async throws {
    while !Task.isCancelled {
      let keys = try await connection.notifications()
      if !keys.isEmpty { hear(.keys(Set(keys))) }
    }
  }
}
