// Works through jobs in a process of its own, until it is told to stop.

import Access
import ArgumentParser
import FoundationEssentials
import Jobs
import Logging
import Postgres
import ServiceLifecycle
import UnixSignals

struct Work: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Works through jobs, without serving pages.")

  func run() async throws {
    do {
      try await work()
    } catch let error as SettingError {
      complain(error.description)
      throw ExitCode(78)
    }
  }

  private func work() async throws {
    let settings = Settings()
    let wiring = Wiring(settings, vault: try settings.vault())
    try await wiring.refuseWeakDatabase()
    try await wiring.ledger.ensureAuditPartitions()
    guard let worker = try wiring.worker() else {
      throw SettingError(description: "OPS_JOB_LANES is 0: there is nothing to do here.")
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: worker)], gracefulShutdownSignals: [.sigterm, .sigint], logger: wiring.logger))
    try await group.run()
    await wiring.database.close()
  }
}
