// A client's branding: its name and colour, and its logo with the form that replaces it.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

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
