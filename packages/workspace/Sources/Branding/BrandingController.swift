// The addresses of a client's branding, and its page.

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

enum BrandingView {
  static func page(
    _ branding: Branding?, _ history: [TrailStep], _ forms: BrandingForms, _ context: Inside
  ) -> Page {
    let here = SettingTab.branding.path(context.acting)
    let mayChange = context.acting.may(.manageSettings)
    return SettingTab.branding.page(
      context, value: BrandingBody(branding)
    ) { frame in
      HTML {
        doneLine(frame)
        setbackPanel(forms.setback)
      }
    } content: { frame in
      if forms.setback?.isStale == true, let typed = forms.words { storedBeside(branding?.fields ?? [], typed) }
      columns {
        div {
          if mayChange {
            words(branding, forms, here, frame)
          } else {
            panel("Name and colour") {
              properties([
                ("Name", clientText(branding?.name)),
                ("Colour", branding.map { branding in code { branding.colour.text } } ?? dash),
              ])
            }
          }
        }
        div { logo(branding, forms, mayChange: mayChange, here, frame) }
      }
      historyPanel(history, frame)
    }
  }

  private static func doneLine(_ frame: Frame) -> HTML {
    switch frame.done {
    case "saved": resultLine("The branding is saved.")
    case "logo": resultLine("The logo is replaced.")
    default: .nothing
    }
  }

  private static func words(_ branding: Branding?, _ forms: BrandingForms, _ here: Path, _ frame: Frame) -> HTML {
    let state = forms.words ?? FormState(branding?.fields ?? [])
    return panel("Name and colour") {
      postForm(here, frame.secrets("words"), version: branding?.version ?? 0, state: state) {
        textField(
          "name", label: "Name", help: "What the client's people and reporters read.", state: state,
          maxLength: Branding.nameLimit)
        textField(
          "colour", label: "Colour", help: "As #1a5fb4. Text in it has to stand out from white: at least 4.5:1.",
          state: state, maxLength: 7, size: .short)
        if let colour = branding?.colour { sample(colour) }
        formActs { submitButton("Save branding") }
      }
    }
  }

  /// The stored colour itself, beside what it amounts to.
  private static func sample(_ colour: BrandColour) -> HTML {
    p {
      input(.type("color"), .value(colour.text), .disabled, .aria("label", "The saved colour"))
      " \(colour.text) is saved; it stands out from white by \(colour.contrastText)."
    }
  }

  private static func logo(
    _ branding: Branding?, _ forms: BrandingForms, mayChange: Bool, _ here: Path, _ frame: Frame
  ) -> HTML {
    panel("Logo") {
      if let branding, let logo = branding.logo {
        div(.class("logo")) {
          // The version in the address: a browser that has kept the last logo asks again.
          img(
            .src(here.appending("logo").query("v", branding.version)), .alt("Logo of \(branding.name)"),
            .width(String(logo.width)), .height(String(logo.height)))
          p(.class("muted")) { "\(logo.kind.label), \(logo.width) × \(logo.height), \(byteCount(logo.byteCount))" }
        }
      } else {
        p(.class("muted")) { "No logo yet." }
      }
      if mayChange, let branding {
        postForm(
          here.appending("logo"), frame.secrets("logo"), version: branding.version, state: forms.logo,
          leaving: .silent, refused: "The logo was not replaced", encoding: .files
        ) {
          fileField(
            "file", label: "New logo",
            help: "PNG, JPEG or WebP, at most \(LogoPicture.sizeLimit) and \(grouped(LogoPicture.sideLimit)) pixels "
              + "a side.",
            state: forms.logo, accept: ".png,.jpg,.jpeg,.webp")
          formActs { submitButton("Replace logo", style: .plain) }
        }
      }
    }
  }
}

/// A client's branding as programs read it.
struct BrandingBody: Encodable, Sendable {
  let name: String?
  let colour: String?
  let contrast: String?
  let logo: Logo?
  let version: Int

  struct Logo: Encodable, Sendable {
    let kind: LogoKind
    let width: Int
    let height: Int
    let bytes: Int
  }

  init(_ branding: Branding?) {
    name = branding?.name
    colour = branding?.colour.text
    contrast = branding?.colour.contrastText
    logo = branding?.logo.map { Logo(kind: $0.kind, width: $0.width, height: $0.height, bytes: $0.byteCount) }
    version = branding?.version ?? 0
  }
}
