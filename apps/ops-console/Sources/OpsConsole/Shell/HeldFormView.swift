// The form that waited while its person signed in again: what it would send and where, to be sent or let go.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum HeldFormView {
  static func page(_ form: HeldForm, _ content: HeldContent, _ path: Path, in tenant: Tenant?) -> Page {
    Page("Your form was kept", section: "/", value: HeldFormBody(form, content, tenant)) { frame in
      pageHead("Your form was kept", facts: ["nothing of it has been done yet"])
      panel("What would be sent") {
        p(.class("muted")) {
          "Your sign-in had expired when you sent it, "
          frame.face.ago(form.keptAt)
          ". It waits for an hour from then, for you alone."
        }
        if let file = content.file { lostFile(file) }
        properties(
          [
            ("Act", .text(act(content.route))), ("To", code { content.address }),
            ("Client", tenant.map { client in span(.dirAuto) { client.name } } ?? dash),
          ] + content.fields.filter { !bookkeeping.contains($0.name) }.map { (label($0.name), value($0)) })
        div(.class("form-acts")) {
          sendForm(form, content, path, frame)
          postButton(
            "Discard kept form", to: Path("/held").appending(form.id).appending("discard"), frame.secrets("discard"))
        }
      }
    }
  }

  /// A form without its file is refused, which shows it filled in, with the field of the file to be chosen.
  private static func lostFile(_ name: String) -> HTML {
    p(.role("alert")) {
      "The file "
      span(.dirAuto) { name.isEmpty ? "in it" : name }
      " was not kept. Choose it again in the form that comes next; nothing is saved until then."
    }
  }

  /// The form as it was, to the same address, with the token of the new sign-in and the key of the old page.
  private static func sendForm(_ held: HeldForm, _ content: HeldContent, _ path: Path, _ frame: Frame) -> HTML {
    form(.post, .action(path)) {
      hiddenFields(FormSecrets(csrf: frame.csrf, key: content.key ?? frame.secrets("held").key))
      hiddenField("_held", held.id.description)
      for field in content.fields { hiddenField(field.name, field.value) }
      submitButton(content.file == nil ? "Send now" : "Fill the form in again", style: .primary, .autofocus)
    }
  }

  /// `Add note` for `note.add`.
  private static func act(_ route: String) -> String {
    word(route.split(separator: ".").reversed().joined(separator: "_"))
  }

  /// `Items` for `items[]`.
  private static func label(_ name: String) -> String {
    word(name.replacing("[]", with: ""))
  }

  /// Said by the page and not by the person.
  private static let bookkeeping: Set<String> = ["version"]

  /// So much of a value is shown; all of it is sent.
  private static let shownCharacters = 2_000

  private static func value(_ field: HeldContent.Field) -> HTML {
    let isSecret = ["secret", "password"].contains { field.name.lowercased().contains($0) }
    guard !isSecret else { return span(.class("muted")) { "kept, not shown" } }
    let shown = field.value.prefix(shownCharacters)
    return clientText(shown.count < field.value.count ? shown + "…" : String(shown))
  }
}

/// The JSON face of a kept form.
private struct HeldFormBody: Encodable, Sendable {
  let id: ID<HeldForm>
  let kept: Date
  let act: String
  let address: String
  /// What the file was called that has to be chosen again.
  let file: String?
  let tenant: String?

  init(_ form: HeldForm, _ content: HeldContent, _ tenant: Tenant?) {
    id = form.id
    kept = form.keptAt
    act = content.route
    address = content.address
    file = content.file
    self.tenant = tenant?.slug
  }
}

extension HeldFormView {
  /// The forms that wait, on one's own page.
  static func waiting(_ forms: [HeldForm], _ frame: Frame) -> HTML {
    guard !forms.isEmpty else { return .nothing }
    return section(.class("notice"), .data("meaning", "attention")) {
      h2 { counted(forms.count, "form waits for you", "forms wait for you") }
      for form in forms {
        p {
          a(.href(Path("/held").appending(form.id))) { "Look at it" }
          ", kept "
          frame.face.ago(form.keptAt)
        }
      }
    }
  }
}
