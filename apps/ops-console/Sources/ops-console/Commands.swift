// The commands that do one thing and end.

import Access
import ArgumentParser
import Demo
import EthicoTypes
import FoundationEssentials
import OpsConsole
import Postgres
import Web

struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Brings the schema up to date.")

  func run() async throws {
    let settings = Settings()
    let migrator = Migrator(
      folder: settings.migrationsFolder, conninfo: settings.conninfo, user: "ethico_migrator", role: "ethico_owner")
    let applied = try await migrator.migrate()
    print(applied.isEmpty ? "The schema is up to date." : "Applied: \(applied.joined(separator: ", ")).")
    let wiring = Wiring(settings)
    try await wiring.ledger.ensureAuditPartitions()
    await wiring.database.close()
  }
}

struct SeedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seed", abstract: "Fills an empty database with made-up clients and people.")

  @Option(help: "How many clients, 2 to 100,000.")
  var tenants = 143

  @Option(help: "The same number makes the same data.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (2...100_000).contains(tenants) else { throw ValidationError("--tenants takes 2 to 100,000.") }
  }

  func run() async throws {
    let wiring = Wiring()
    let seed = Seed(
      tenants: tenants, seed: seed, database: wiring.database, release: Wiring.release,
      anchor: wiring.ledger.timepiece.now(), say: { print($0) })
    _ = try await seed.run()
    await wiring.database.close()
  }
}

struct StaffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staff", abstract: "Brings staff people in and out.", subcommands: [Add.self, Deactivate.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Adds a person with the capabilities of a preset.")

    @Argument(help: "The person's e-mail address, as their identity provider knows it.")
    var email: String

    @Option(help: "What the person may do: admin, auditor, implementation, support, support_l1, support_l2.")
    var preset: String

    @Option(help: "The person's name; the address without its domain if left out.")
    var name: String?

    func run() async throws {
      let wiring = Wiring()
      do {
        let shown = name ?? String(email.prefix { $0 != "@" })
        _ = try await wiring.ledger.addStaff(email: email, name: shown, preset: preset, by: wiring.author("staff add"))
        print("\(email) may now do what \(preset) may do.")
      } catch let refusal as StaffRefusal {
        complain(refusal.description)
        throw ExitCode.failure
      }
      await wiring.database.close()
    }
  }

  struct Deactivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends a person's sign-ins and accesses, takes their capabilities, and lets them in no more.")

    @Argument(help: "The person's e-mail address.")
    var email: String

    func run() async throws {
      let wiring = Wiring()
      do {
        let administrator = Administrator(wiring.author("staff deactivate"), name: "the command line")
        try await wiring.ledger.deactivateStaff(email: email, by: administrator)
        print("\(email) is deactivated.")
      } catch let refusal as StaffRefusal {
        complain(refusal.description)
        throw ExitCode.failure
      }
      await wiring.database.close()
    }
  }
}

struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "settings", abstract: "Lists every setting.")

  func run() {
    for setting in Setting.all {
      print("\(setting.name)\n    \(setting.meaning)\n    default: \(setting.fallback.words ?? "none; it must be set")")
    }
  }
}

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Answers for the audit trail.", subcommands: [Verify.self])

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Recomputes every chain. Exit status: 0 intact, 1 tampered, 2 could not check.")

    @Option(
      help: "Only the stretch of its client's chain that this access is in, from its first event to its last.",
      transform: Self.access)
    var impersonation: ID<Impersonation>?

    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() async throws {
      let wiring = Wiring()
      let verification: Verification
      do {
        let part = impersonation.map(VerifiedPart.access) ?? .everything
        verification = try await wiring.ledger.verify(part, by: wiring.author("audit verify"))
      } catch {
        if json { print(#"{"result":"unchecked"}"#) }
        complain("Could not check: \(error)")
        throw ExitCode(2)
      }
      await wiring.database.close()
      if json {
        try verification.json { print($0, terminator: "") }
        print()
      } else {
        print(sentences(verification))
      }
      if verification.result == .tampered { throw ExitCode.failure }
    }

    private static func access(_ text: String) throws -> ID<Impersonation> {
      guard let id = ID<Impersonation>(text) else {
        throw ValidationError("--impersonation takes the id of an access, as its timeline's address ends with.")
      }
      return id
    }

    private func sentences(_ verification: Verification) -> String {
      let chains = verification.chains == 1 ? "one chain" : "\(verification.chains) chains"
      let scope = "\(verification.events) events on \(chains), \(verification.milliseconds) ms"
      let part = impersonation.map { "\n" + Self.proof(of: $0) } ?? ""
      guard let first = verification.firstBreak else { return "Intact: \(scope)." + part }
      let count = verification.breaks.count
      let others = verification.breaks.dropFirst()
      var lines = ["TAMPERED: \(count) \(count == 1 ? "break" : "breaks") in \(scope)."]
      lines.append("First: " + Self.sentence(first))
      lines += others.prefix(Self.breaksTold).map { "Also: " + Self.sentence($0) }
      if others.count > Self.breaksTold {
        lines.append("And \(others.count - Self.breaksTold) more; --json tells all.")
      }
      return lines.joined(separator: "\n") + part
    }

    /// So many breaks are told after the first.
    private static let breaksTold = 20

    private static func sentence(_ found: Break) -> String {
      "\(found.breakClass.rawValue) at \(found.place), event \(ID<AuditEvent>(found.event)): \(found.text)."
    }

    /// What holds where a part is intact, and what nobody looked at.
    private static func proof(of access: ID<Impersonation>) -> String {
      """
      Verified is its client's chain from the first event that names the access \(access) to the last, with every \
      event and change that is sealed there, whosever it is. Not verified is what lies before and behind: events of \
      the access that were cut off at either end are not missed. Without --impersonation all of the trail is verified.
      """
    }
  }
}
