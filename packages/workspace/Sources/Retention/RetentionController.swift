// The addresses of retention rules.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum RetentionController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("settings/retention", name: "retention_rule.list", use: list)
    group.post("settings/retention/{kind}", name: "retention_rule.set", use: set)
  }

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.look { tx in try await screen(nil, context, in: tx) }
  }

  private static func screen(
    _ refused: RefusedRule?, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    let history = try await tx.histories(of: .retentionRule, in: context.acting.tenant.id)
    return RetentionView.page(try await RetentionRule.all(in: tx), history, refused, context)
  }

  /// Sets a rule, or clears it with `clear=1`.
  private static func set(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    guard let kind = RetainedKind(rawValue: try context.word("kind")) else { throw Problem.notFound }
    let form = context.form
    let typed = form.fields[kind.rawValue] ?? form.fields["days"] ?? ""
    let isClearing = form.fields["clear"] == "1"
    return try await context.attempt { tx in
      let stored = try await RetentionRule.hold(kind, form.version, in: tx)
      if isClearing {
        guard let stored else { throw Invalid("days", "\(kind.label): there is no rule.") }
        try await stored.clear(in: tx)
      } else {
        try await RetentionRule.set(kind, to: typed, over: stored, in: tx)
      }
      return SettingTab.retention.path(context.acting).query("done", kind.rawValue)
    } otherwise: { setback, tx in
      let refused = RefusedRule(kind: kind, typed: isClearing ? nil : typed, setback: setback)
      return try await screen(refused, context, in: tx)
    }
  }
}

/// A change that was refused: of which kind, what was typed, and why.
struct RefusedRule: Sendable {
  let kind: RetainedKind
  /// `nil` when it was to be cleared.
  let typed: String?
  let setback: Setback
}
