// What holds for all clients: the flags of the fleet, set by whoever operates the platform, name typed.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum FleetFlagController {
  private typealias Operator = StaffContext<OperatePlatform>

  static func routes(_ routes: Routes) {
    let operators = routes.group("platform/flags", context: Operator.self)
    operators.get("", name: "platform.flags", use: list)
    operators.get("{flag}", name: "platform.flag", use: show)
    operators.post("{flag}", name: "platform.flag_set", use: set)
  }

  private static func list(_ context: Operator) async throws -> Answer {
    let flags = try await context.ledger.fleetFlags()
    let names = try await context.ledger.names(of: flags.compactMap(\.change).map(\.by))
    return .page(FleetFlagView.list(flags, names))
  }

  private static func show(_ context: Operator) async throws -> Answer {
    let found = try await find(context)
    return .page(try await screen(found, FormState(found), setback: nil, context))
  }

  /// The flag's page, with what its form holds. Who set what before is nobody's business without a trace.
  private static func screen(
    _ found: FleetFlag, _ state: FormState, setback: Setback?, _ context: Operator
  ) async throws -> Page {
    var facts = context.facts
    facts.route = "platform.flag"
    let query = TrailQuery(.record(tenant: ID(Chain.platform), found.object), only: .changes, limit: 50)
    let history = try await context.ledger.trail(query, by: context.signedIn, request: facts)
    return FleetFlagView.page(found, history, state, setback: setback, context.staff)
  }

  private static func find(_ context: Operator) async throws -> FleetFlag {
    let key = try context.word("flag")
    guard let found = try await context.ledger.fleetFlags().first(where: { $0.flag.key == key }) else {
      throw Problem.notFound
    }
    return found
  }

  private static func set(_ context: Operator) async throws -> Answer {
    let found = try await find(context)
    do {
      let rule = try FlagRule(context.form.fields, of: found.flag)
      try await context.ledger.set(found.flag, to: rule, version: context.form.version, by: context.author)
      return .redirect(.fleetFlag(found.flag).query("done", "set"))
    } catch let refusal as any Refusal {
      let setback = refusal.setback
      try await context.ledger.refuse(
        context.author, action: "flag.set", object: found.object, outcome: setback.outcome,
        status: setback.status.code)
      guard context.wantsHTML else { throw setback.problem }
      let state = FormState(context.form.fields, errors: setback.errors)
      return .page(
        try await screen(try await find(context), state, setback: setback, context), status: setback.status)
    }
  }
}

extension Path {
  /// A flag as it is set for all clients.
  static func fleetFlag(_ flag: Flag) -> Path { Path("/platform/flags").appending(flag.key) }
}

extension FlagRule {
  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields, of flag: Flag) throws {
    let killSwitch = fields["kill_switch"].flatMap(FlagValue.init(rawValue:))
    let tiers = fields.all("tiers[]").map(Tier.init(rawValue:))
    let typed = fields.given("percent")
    let share = typed.flatMap(Self.share)
    let errors = [
      killSwitch == nil ? FieldError("kill_switch", "Choose on or off.") : nil,
      tiers.contains(nil) ? FieldError("tiers", "Choose tiers from the list.") : nil,
      typed != nil && share == nil ? FieldError("percent", "A number from 0 to 100, as 12 or 0.5.") : nil,
      fields["name"] != flag.key ? FieldError("name", "Type \(flag.key), as this changes it for all clients.") : nil,
    ].compactMap(\.self)
    guard errors.isEmpty, let killSwitch else { throw Invalid(errors) }
    self.init(killSwitch: killSwitch, tiers: Set(tiers.compactMap(\.self)), share: share)
  }

  /// `12.5` as 1250; `nil` for anything that is not a percentage with at most two decimals.
  private static func share(_ text: String) -> Int? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    guard isPlain, (1...2).contains(parts.count), (1...3).contains(parts[0].count), let whole = Int(parts[0]) else {
      return nil
    }
    let decimals = parts.count == 2 ? String(parts[1]) : "0"
    guard (1...2).contains(decimals.count), let hundredths = Int(decimals.count == 1 ? decimals + "0" : decimals) else {
      return nil
    }
    let share = whole * 100 + hundredths
    return share <= 10_000 ? share : nil
  }
}

extension FormState {
  /// What is set, as the form shows it.
  fileprivate init(_ found: FleetFlag) {
    var rule = FlagRule()
    if case .read(let stored) = found.rule { rule = stored }
    self.init(
      [("kill_switch", rule.killSwitch.rawValue), ("percent", rule.share.map(FlagRule.percent) ?? "")]
        + rule.tiers.map { ("tiers[]", $0.rawValue) })
  }
}
