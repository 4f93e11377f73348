// The addresses of a client's branding.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum BrandingController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("settings/branding", name: "branding.show", use: show)
    group.post("settings/branding", name: "branding.edit", use: edit)
    group.post("settings/branding/logo", name: "branding.logo", upload: LogoPicture.upload, use: replaceLogo)
    group.get("settings/branding/logo", name: "branding.logo_file", use: logoFile)
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.look { tx in try await screen(BrandingForms(), context, in: tx) }
  }

  private static func screen(
    _ forms: BrandingForms, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await Branding.find(in: tx) else { return BrandingView.page(nil, [], forms, context) }
    let history = try await tx.history(of: found.object, in: context.acting.tenant.id)
    return BrandingView.page(found, history, forms, context)
  }

  private static func edit(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    return try await context.attempt { tx in
      let stored = try await Branding.hold(context.form.version, in: tx)
      try await Branding.save(try BrandingDraft(context.form.fields), over: stored, in: tx)
      return SettingTab.branding.path(context.acting).query("done", "saved")
    } otherwise: { setback, tx in
      let state = FormState(context.form.fields, errors: setback.errors)
      return try await screen(BrandingForms(words: state, setback: setback), context, in: tx)
    }
  }

  private static func replaceLogo(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    return try await context.attempt { tx in
      guard let stored = try await Branding.hold(context.form.version, in: tx) else { throw BrandingRefusal.noBranding }
      let picture = try LogoPicture(context.form.files.first { $0.field == "file" })
      try await stored.replaceLogo(with: picture, in: tx)
      return SettingTab.branding.path(context.acting).query("done", "logo")
    } otherwise: { setback, tx in
      let state = FormState(context.form.fields, errors: setback.errors)
      return try await screen(BrandingForms(logo: state, setback: setback), context, in: tx)
    }
  }

  private static func logoFile(_ context: Inside) async throws -> Answer {
    try await context.handOver("view." + context.facts.route) { tx in
      (try await Branding.logoFile(in: tx), "logo")
    }
  }
}

/// What the forms on the page hold, and why the last one was refused.
struct BrandingForms: Sendable {
  /// `nil` shows what is stored.
  var words: FormState?
  var logo = FormState()
  var setback: Setback?
}
