// Serves the console until it is told to stop.

import Access
import ArgumentParser
import EthicoTypes
import FoundationEssentials
import Hummingbird
import Jobs
import Logging
import Metrics
import OpsConsole
import Postgres
import ServiceLifecycle
import UnixSignals
import Web

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Serves the console.")

  func run() async throws {
    do {
      try await serve()
    } catch let error as SettingError {
      complain(error.description)
      throw ExitCode(78)
    }
  }

  private func serve() async throws {
    // Before the pools: a counter keeps the backend that it was made with, and before this there is none.
    let registry = MetricsRegistry()
    MetricsSystem.bootstrap(registry)
    let settings = Settings()
    let wiring = Wiring(settings, vault: try settings.vault())
    let web = try wiring.settings.web()
    let worker = try wiring.worker().map { [ServiceGroupConfiguration.ServiceConfiguration(service: $0)] } ?? []
    try await wiring.refuseWeakDatabase()
    try await wiring.ledger.ensureAuditPartitions()
    let console = Console(
      ledger: wiring.ledger, settings: web, assets: try Assets(directory: wiring.settings.publicFolder),
      chrome: OpsConsole.chrome, logger: wiring.logger)
    let provider = try wiring.settings.oidc().map {
      OIDCProvider(settings: $0, timepiece: wiring.ledger.timepiece, fetch: .curl)
    }
    let routes = OpsConsole.routes(console, provider: provider, program: wiring.settings.program())
    let port = try wiring.settings.port()
    let application = Application(
      responder: Gate(console: console, inner: routes.responder()),
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [HeadLimit(logger: wiring.logger), BodyPace()], idleTimeout: .seconds(60),
          httpDecoderConfiguration: .init(maxHeaderFieldSize: HeadLimit.bytes, maxHeaderListSize: HeadLimit.bytes))),
      configuration: .init(address: .hostname(wiring.settings.host, port: port), serverName: nil),
      logger: wiring.logger)
    let health = healthApplication(
      host: "127.0.0.1", port: try wiring.settings.healthPort(),
      readiness: { try await wiring.databaseWarnings() },
      refresh: { try await refresh(wiring, console, registry) }, registry: registry, logger: wiring.logger)
    wiring.logger.notice("serving", metadata: ["origin": "\(web.origin)", "release": "\(Wiring.release)"])
    let watch = LiveWatch(
      console.streams,
      listener: Listener(
        conninfo: wiring.settings.conninfo, role: .fleet, channel: LiveWatch.channel, logger: wiring.logger))
    let group = ServiceGroup(
      configuration: .init(
        // Stopped from the last to the first: pages hear of it before the server waits for its requests.
        services: [.init(service: health), .init(service: application), .init(service: watch)] + worker,
        gracefulShutdownSignals: [.sigterm, .sigint], logger: wiring.logger))
    try await group.run()
    await wiring.database.close()
  }

  /// The gauges that are read when somebody asks.
  private func refresh(_ wiring: Wiring, _ console: Console, _ registry: MetricsRegistry) async throws {
    registry.set(liveStreams: console.streams.count)
    registry.set(pools: await wiring.database.status())
    registry.set(openAccesses: try await wiring.ledger.openAccessCount())
  }
}
