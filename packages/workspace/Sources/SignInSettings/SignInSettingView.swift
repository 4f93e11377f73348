// A client's sign-in by a provider of its own: what is set, its secret behind a reveal, and the way to switch it off.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum SignInSettingView {
  static func page(
    _ file: SignInFile, _ revealed: RevealedSecret?, _ refused: RefusedSignIn?, _ context: Inside
  ) -> Page {
    let here = SettingTab.signIn.path(context.acting)
    let setting = file.setting
    let state = refused?.typed.map { FormState($0, errors: refused?.setback.errors ?? []) }
    return SettingTab.signIn.page(
      context, value: SignInBody(setting, revealed)
    ) { frame in
      HTML {
        doneLine(frame)
        setbackPanel(refused?.setback)
      }
    } content: { frame in
      if refused?.setback.isStale == true, let state { storedBeside(setting?.fields ?? [], state) }
      columns {
        div {
          form(setting, state ?? FormState(setting?.fields ?? []), here, frame)
        }
        if let setting {
          div {
            secret(revealed, here, frame)
            retiring(setting, here, frame)
          }
        }
      }
      historyPanel(file.history, frame)
    }
  }

  private static func doneLine(_ frame: Frame) -> HTML {
    switch frame.done {
    case "saved": resultLine("The sign-in is saved. It holds from the next sign-in on.")
    case "retired": resultLine("The sign-in by a provider is switched off, and its secret forgotten.")
    default: .nothing
    }
  }

  private static func form(_ setting: SignInSetting?, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    panel("Sign-in by the client’s provider") {
      if setting == nil { p(.class("muted")) { "Not set up: people sign in without a provider." } }
      postForm(here, frame.secrets("edit"), version: setting?.version ?? 0, state: state) {
        textField(
          "issuer", label: "Issuer", help: "The address that the provider's tokens name.", state: state,
          maxLength: SignInDraft.issuerLimit, size: .long)
        textField("client_id", label: "Client id", state: state, maxLength: SignInDraft.clientIDLimit)
        textField(
          "client_secret", label: "Client secret",
          help: setting == nil ? nil : "Leave it empty to keep the one that is stored.", state: state, kind: .secret,
          need: setting == nil ? .required : .optional, maxLength: SignInDraft.secretLengths.upperBound,
          autocomplete: "new-password")
        formActs { submitButton("Save sign-in") }
      }
    }
  }

  private static func secret(_ revealed: RevealedSecret?, _ here: Path, _ frame: Frame) -> HTML {
    panel("Secret") {
      if let revealed {
        section(.class("stack revealed"), .role("status")) {
          properties([("Client secret", code { revealed.text })])
          p(.class("muted")) { "Shown once. That you have seen it stands in the trail." }
        }
      } else {
        div(.class("form-acts")) {
          postButton("Reveal secret", to: here.appending("reveal"), frame.secrets)
          p { "«secret»: hidden. A reveal is an entry in the trail." }
        }
      }
    }
  }

  private static func retiring(_ setting: SignInSetting, _ here: Path, _ frame: Frame) -> HTML {
    formDanger(
      "Switch off",
      consequence: "From their next sign-in on people do without \(setting.issuer). Its 1 secret is forgotten for good."
    ) {
      postForm(here.appending("retire"), frame.secrets("retire"), version: setting.version, leaving: .silent) {
        formActs { submitButton("Switch off sign-in", style: .danger) }
      }
    }
  }
}

/// A client's sign-in as programs read it.
struct SignInBody: Encodable, Sendable {
  let issuer: String?
  let clientID: String?
  /// Only in the answer to a reveal; else `«secret»`.
  let clientSecret: String?
  let version: Int

  enum CodingKeys: String, CodingKey {
    case issuer, version
    case clientID = "client_id"
    case clientSecret = "client_secret"
  }

  init(_ setting: SignInSetting?, _ revealed: RevealedSecret?) {
    issuer = setting?.issuer
    clientID = setting?.clientID
    clientSecret = revealed?.text ?? setting.map { _ in "«secret»" }
    version = setting?.version ?? 0
  }
}
