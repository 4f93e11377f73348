// The addresses of settings: everybody inside may look, few may change.

import Access
import Markup
import Web

enum SettingController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("settings", name: "tenant_setting.list", use: list)
    group.post("settings/{key}", name: "tenant_setting.set", use: set)
  }

  private static func list(_ context: Inside) async throws -> Answer {
    let layers = try await context.ledger.settingLayers()
    return try await context.look { tx in try await screen(layers, nil, context, in: tx) }
  }

  private static func screen(
    _ layers: SettingLayers, _ refused: RefusedSetting?, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    let history = try await tx.histories(of: .tenantSetting, in: context.acting.tenant.id)
    return SettingListView.page(try await ClientSetting.all(layers, in: tx), history, refused, context)
  }

  /// Sets a value, or clears it with `clear=1`.
  private static func set(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    guard let setting = Setting.named(try context.word("key")) else { throw Problem.notFound }
    let form = context.form
    let typed = form.fields[setting.key] ?? form.fields["value"] ?? ""
    let isClearing = form.fields["clear"] == "1"
    let layers = try await context.ledger.settingLayers()
    return try await context.attempt(AuditObject("tenant_setting", setting.key)) { tx in
      let found = try await ClientSetting.hold(setting, layers, in: tx)
      try found.demand(form.version)
      if isClearing {
        try await found.clear(in: tx)
      } else {
        try await found.set(try setting.value(from: typed), in: tx)
      }
      return context.acting.path("settings").query("done", setting.key)
    } otherwise: { setback, tx in
      let refused = RefusedSetting(setting: setting, typed: isClearing ? nil : typed, setback: setback)
      return try await screen(layers, refused, context, in: tx)
    }
  }
}

/// A change that was refused: which setting, what was typed, and why.
struct RefusedSetting: Sendable {
  let setting: Setting
  /// `nil` when it was to be cleared.
  let typed: String?
  let setback: Setback
}
