// The addresses of a client's sign-in. Only who may change settings sees them at all.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum SignInSettingController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("settings/sign-in", name: "sso_setting.show", use: show)
    group.post("settings/sign-in", name: "sso_setting.edit", use: edit)
    group.post("settings/sign-in/reveal", name: "sso_setting.reveal", use: reveal)
    group.post("settings/sign-in/retire", name: "sso_setting.retire", use: retire)
  }

  private static func show(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    return try await context.look { tx in
      SignInSettingView.page(try await file(context, in: tx), nil, nil, context)
    }
  }

  private static func file(_ context: Inside, in tx: AuditedTransaction) async throws -> SignInFile {
    let found = try await SignInSetting.find(in: tx)
    guard let found else { return SignInFile(setting: nil, history: []) }
    return SignInFile(
      setting: found, history: try await tx.history(of: found.object, in: context.acting.tenant.id))
  }

  private static func edit(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    return try await context.attempt { tx in
      let stored = try await SignInSetting.hold(context.form.version, in: tx)
      try await SignInSetting.save(try SignInDraft(context.form.fields, over: stored), over: stored, in: tx)
      return SettingTab.signIn.path(context.acting).query("done", "saved")
    } otherwise: { setback, tx in
      let refused = RefusedSignIn(typed: context.form.fields, setback: setback)
      return SignInSettingView.page(try await file(context, in: tx), nil, refused.withoutSecret, context)
    }
  }

  private static func retire(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    return try await context.attempt { tx in
      guard let stored = try await SignInSetting.hold(context.form.version, in: tx) else { throw RecordMissing() }
      try await stored.retire(in: tx)
      return SettingTab.signIn.path(context.acting).query("done", "retired")
    } otherwise: { setback, tx in
      SignInSettingView.page(try await file(context, in: tx), nil, RefusedSignIn(typed: nil, setback: setback), context)
    }
  }

  private static func reveal(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    let id = try await context.ledger.tenant(context.acting) { tx in try await SignInSetting.find(in: tx)?.id }
    guard let id else { throw Problem.notFound }
    return try await context.show("reveal.secret", at: AuditObject("sso_setting", id)) { tx in
      let file = try await file(context, in: tx)
      guard let found = file.setting else { throw RecordMissing() }
      return SignInSettingView.page(file, try await found.revealSecret(in: tx), nil, context)
    }
  }
}

/// Everything that the page shows.
struct SignInFile: Sendable {
  /// `nil` where people sign in without a provider.
  let setting: SignInSetting?
  let history: [TrailStep]
}

/// A change that was refused: what was typed, and why.
struct RefusedSignIn: Sendable {
  /// `nil` when it was to be switched off.
  var typed: FormFields?
  var setback: Setback

  /// A secret is not sent back to be kept in a page. Whoever corrects the rest is told so: with the field left empty
  /// the stored secret would stay, and nobody would know.
  var withoutSecret: RefusedSignIn {
    var refused = self
    refused.typed = typed.map { FormFields($0.pairs.filter { $0.name != "client_secret" }) }
    let isSaid = setback.errors.isEmpty || setback.errors.contains { $0.field == "client_secret" }
    if typed?.given("client_secret") != nil, !isSaid {
      refused.setback.errors.append(FieldError("client_secret", "Write the new client secret again: no page keeps it."))
    }
    return refused
  }
}
