// The program of the console: migrates, seeds, serves, and answers for its audit trail.

import ArgumentParser

@main
struct OpsConsoleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ops-console", abstract: "Ethico's internal operations console.",
    subcommands: [
      Serve.self, Work.self, Migrate.self, SeedCommand.self, StaffCommand.self, AuditCommand.self,
      SettingsCommand.self, MappingCommand.self,
    ])
}
