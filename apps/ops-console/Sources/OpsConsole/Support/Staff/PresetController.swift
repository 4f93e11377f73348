// The presets: what each grants, and changing that.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum PresetController {
  static func routes(_ routes: Routes) {
    let group = routes.group("staff/presets", context: StaffAdmin.self)
    group.get("", name: "staff.presets", use: list)
    group.get("{preset}", name: "staff.preset_form", use: form)
    group.post("{preset}", name: "staff.preset", use: set)
  }

  private static func list(_ context: StaffAdmin) async throws -> Answer {
    .page(PresetListView.page(try await context.ledger.capabilityPresets()))
  }

  private static func form(_ context: StaffAdmin) async throws -> Answer {
    let preset = try await find(context)
    let state = FormState(preset.capabilities.map { ("capabilities[]", $0) })
    return .page(PresetEditView.page(preset, state, setback: nil))
  }

  private static func find(_ context: StaffAdmin) async throws -> CapabilityPreset {
    let name = try context.word("preset")
    let presets = try await context.ledger.capabilityPresets()
    guard let preset = presets.first(where: { $0.name == name }) else { throw Problem.notFound }
    return preset
  }

  private static func set(_ context: StaffAdmin) async throws -> Answer {
    let preset = try await find(context)
    let fields = context.form.fields
    do {
      let wanted = fields.all("capabilities[]")
      let known = Set(Capability.allCases.map(\.rawValue) + preset.capabilities)
      guard known.isSuperset(of: wanted) else {
        throw Invalid("capabilities", "Choose from the list.")
      }
      let seen = (fields["seen"] ?? "").split(separator: " ").map(String.init)
      try await context.ledger.set(preset.name, to: wanted, seen: seen, by: context.administrator)
      return .redirect(Path("/staff/presets").query("done", preset.name))
    } catch let invalid as Invalid {
      return try await again(preset, invalid.setback, context)
    } catch StaffRefusal.stale {
      return try await again(try await find(context), Setback(StaffRefusal.stale), context)
    }
  }

  private static func again(
    _ preset: CapabilityPreset, _ setback: Setback, _ context: StaffAdmin
  ) async throws -> Answer {
    try await context.note(setback, on: AuditObject("capability_preset", preset.name))
    guard context.wantsHTML else { throw setback.problem }
    let state = FormState(context.form.fields, errors: setback.errors)
    return .page(PresetEditView.page(preset, state, setback: setback), status: setback.status)
  }
}
