// What machines ask about this process: whether it lives, whether it can work, and its measurements. A server of its
// own on a loopback address, so that a console that is overrun or refuses its peers still answers its monitor.

import FoundationEssentials
import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// A service that answers at `/healthz`, `/healthz/ready`, `/healthz/live` and `/metrics`. It asks for no credentials:
/// the host is a loopback address. `readiness` throws when the program cannot work and returns what is merely worth a
/// warning, in words that may leave the process; `refresh` sets the gauges that are read on demand. Both honour
/// cancellation, which comes after two seconds.
public func healthApplication(
  host: String = "127.0.0.1", port: Int, readiness: @escaping @Sendable () async throws -> [String],
  refresh: @escaping @Sendable () async throws -> Void, registry: MetricsRegistry, logger: Logger
) -> some Service {
  let server = HealthServer(readiness: readiness, refresh: refresh, registry: registry, logger: logger)
  return Application(
    responder: server.responder,
    server: .http1(configuration: .init(idleTimeout: .seconds(60))),
    configuration: ApplicationConfiguration(address: .hostname(host, port: port), backlog: 16),
    logger: logger)
}

/// The answers of the health server.
struct HealthServer: Sendable {
  let readiness: @Sendable () async throws -> [String]
  let refresh: @Sendable () async throws -> Void
  let registry: MetricsRegistry
  let logger: Logger
  var patience = Duration.seconds(2)

  var responder: RouterResponder<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self)
    router.get("healthz/live") { _, _ in try answer(Health(status: .ok, warnings: [])) }
    router.get("healthz/ready") { _, _ in try await answer(health()) }
    router.get("healthz") { _, _ in try await answer(health()) }
    router.get("metrics") { _, _ in await answer(measurements()) }
    return router.buildResponder()
  }

  /// Why it cannot work is in the log alone: an error may quote what nobody here should read.
  func health() async -> Health {
    do {
      return Health(status: .ok, warnings: try await within(patience, readiness))
    } catch {
      logger.error("Not ready.", metadata: ["error": "\(String(reflecting: error))"])
      return Health(status: .unavailable, warnings: [])
    }
  }

  /// When the gauges cannot be refreshed the old ones are given, because the rest is worth having just then.
  func measurements() async -> String {
    do {
      try await within(patience, refresh)
    } catch {
      logger.warning("The gauges were not refreshed.", metadata: ["error": "\(String(reflecting: error))"])
    }
    return registry.exposition()
  }

  private func answer(_ health: Health) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Response(
      status: health.status == .ok ? .ok : .serviceUnavailable,
      headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(health))))
  }

  private func answer(_ exposition: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: exposition)))
  }
}

/// Whether the program can work.
struct Health: Equatable, Encodable, Sendable {
  enum Status: String, Encodable, Sendable {
    case ok, unavailable
  }

  let status: Status
  let warnings: [String]
}

/// An act did not end in time.
struct Overdue: Error {
  let limit: Duration
}

private func within<R: Sendable>(_ limit: Duration, _ act: @escaping @Sendable () async throws -> R) async throws -> R {
  try await withThrowingTaskGroup(of: R.self) { group in
    defer { group.cancelAll() }
    group.addTask { try await act() }
    group.addTask {
      try await Task.sleep(for: limit)
      throw Overdue(limit: limit)
    }
    guard let first = try await group.next() else { throw Overdue(limit: limit) }
    return first
  }
}
