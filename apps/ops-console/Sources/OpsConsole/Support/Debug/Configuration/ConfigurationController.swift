// The addresses of a client's effective configuration: what holds, where it comes from, and setting it here.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import HTTPTypes
import Markup
import Web
import Workspace

struct ConfigurationController: Sendable {
  typealias Reading = WorkspaceContext<ReadDebug>
  typealias Writing = WorkspaceContext<WriteConfiguration>

  let program: [ProgramSetting]

  func routes(_ routes: Routes) {
    let readers = routes.group("i/{impersonation}/debug/configuration", context: Reading.self)
    readers.get("", name: "configuration.list", use: list)
    readers.get("{key}", name: "configuration.show", use: show)
    let writers = routes.group("i/{impersonation}/debug/configuration", context: Writing.self)
    writers.post("{key}", name: "tenant_setting.set", use: set)
    writers.post("{key}/clear", name: "tenant_setting.clear", use: clear)
  }

  private func list(_ context: Reading) async throws -> Answer {
    let layers = try await context.ledger.settingLayers()
    return try await context.look { tx in
      let settings = try await ClientSetting.all(layers, in: tx)
      let secrets = try await ClientSecret.all(in: tx)
      let names = try await context.ledger.names(of: settings.compactMap(\.changedBy))
      let desk = ConfigurationDesk(settings: settings, secrets: secrets, names: names)
      return ConfigurationListView.page(desk, program, context.acting)
    }
  }

  private func show(_ context: Reading) async throws -> Answer {
    let setting = try setting(context)
    let layers = try await context.ledger.settingLayers()
    let shared = try await context.ledger.history(ofLayersOf: setting)
    return try await context.look(at: AuditObject("tenant_setting", setting.key)) { tx in
      try await screen(setting, layers, shared, typed: nil, setback: nil, context, in: tx)
    }
  }

  private func setting(_ context: some GuardedContext) throws -> Setting {
    guard let setting = Setting.named(try context.word("key")) else { throw Problem.notFound }
    return setting
  }

  private func screen<Need>(
    _ setting: Setting, _ layers: SettingLayers, _ shared: [TrailStep], typed: String?, setback: Setback?,
    _ context: WorkspaceContext<Need>, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await ClientSetting.all(layers, in: tx).first(where: { $0.setting == setting }) else {
      throw RecordMissing()
    }
    let history = try await tx.history(of: found.object, in: context.acting.tenant.id)
    let reaching = reaching(shared, found)
    let steps = history + reaching.map(\.step)
    let names = try await context.ledger.names(
      of: [found.changedBy].compactMap(\.self) + steps.map(\.actorText))
    let file = SettingFile(
      found: found, layers: layers, tier: found.tier, history: history, shared: reaching, names: names)
    return ConfigurationView.page(file, typed: typed, setback: setback, context.acting)
  }

  /// Of what was set for several clients, what was for this one too.
  private func reaching(_ shared: [TrailStep], _ found: ClientSetting) -> [SharedStep] {
    let layers = [
      found.object(in: .platform): "for all clients",
      found.object(in: .tier): "for all clients of the tier \(found.tier.label)",
    ]
    return shared.compactMap { step in
      step.object.flatMap { layers[$0] }.map { SharedStep(step: step, reach: $0) }
    }
  }

  // MARK: Acts

  private func set(_ context: Writing) async throws -> Answer {
    let setting = try setting(context)
    let typed = context.form.fields[setting.key] ?? context.form.fields["value"] ?? ""
    return try await act(context, setting, typed: typed) { found, tx in
      try await found.set(try setting.value(from: typed), in: tx)
    }
  }

  private func clear(_ context: Writing) async throws -> Answer {
    try await act(context, try setting(context), typed: nil) { found, tx in try await found.clear(in: tx) }
  }

  private func act(
    _ context: Writing, _ setting: Setting, typed: String?,
    _ change: @Sendable (ClientSetting, AuditedTransaction) async throws -> Void
  ) async throws -> Answer {
    let layers = try await context.ledger.settingLayers()
    let shared = try await context.ledger.history(ofLayersOf: setting)
    return try await context.attempt(AuditObject("tenant_setting", setting.key)) { tx in
      let found = try await ClientSetting.hold(setting, layers, in: tx)
      try found.demand(context.form.version)
      try await change(found, tx)
      return DebugTab.configuration.path(context.acting).appending(setting.key).query("done", "set")
    } otherwise: { setback, tx in
      try await screen(setting, layers, shared, typed: typed, setback: setback, context, in: tx)
    }
  }
}

/// Everything of a client that the list of what holds shows.
struct ConfigurationDesk: Sendable {
  let settings: [ClientSetting]
  let secrets: [ClientSecret]
  /// Of staff people, by the actor.
  let names: [String: String]
}

/// Everything that the page of a setting shows.
struct SettingFile: Sendable {
  let found: ClientSetting
  let layers: SettingLayers
  let tier: Tier
  let history: [TrailStep]
  /// What was set for several clients and reached this one.
  let shared: [SharedStep]
  /// Of staff people, by the actor.
  let names: [String: String]
}

extension ClientSetting {
  /// Who set what holds.
  var changedBy: String? { stored?.changedBy ?? inherited.changedBy }

  /// When what holds was set.
  var changedAt: Date? { stored?.changedAt ?? inherited.changedAt }

  /// What is acted upon when a layer's value is set.
  func object(in layer: SettingSource) -> AuditObject {
    switch layer {
    case .tenant, .fallback: object
    case .tier: SettingLayers.object(of: setting, in: tier.rawValue)
    case .platform: SettingLayers.object(of: setting, in: SettingLayers.platform)
    }
  }
}
