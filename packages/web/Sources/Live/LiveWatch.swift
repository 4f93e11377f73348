// Keeps streams awake as long as the program runs: hears the database, beats, and ends them when the program is told to
// stop, before the server waits for its requests.

public import Postgres
public import ServiceLifecycle

/// Wakes the streams of a console.
public struct LiveWatch: Service {
  private let streams: LiveStreams
  private let listener: Listener

  /// The channel of db/migrations/0019_live.sql.
  public static let channel: StaticString = "ops_live"

  /// - Parameter listener: hears `channel` of the database.
  public init(_ streams: LiveStreams, listener: Listener) {
    self.streams = streams
    self.listener = listener
  }

  /// Runs until the program is told to stop; then open streams have a second to end before they are broken off.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await cancelWhenGracefulShutdown { await listener.run { streams.hear($0) } } }
      group.addTask { await cancelWhenGracefulShutdown { await beat() } }
    }
    await streams.end(within: .seconds(1))
  }

  /// Runs until it is cancelled.
  private func beat() async {
    for second in 0... {
      do {
        try await Task.sleep(for: .seconds(1))
      } catch {
        return
      }
      streams.beat(second: second % LiveStreams.beatSeconds)
    }
  }
}
