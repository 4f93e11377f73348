// A form that changes something: its hidden fields, and what was wrong the last time it was sent.

public import Markup

/// What proves that a form is ours and makes sending it twice do it once.
public struct FormSecrets: Sendable {
  /// The text of the sign-in's `CSRFToken`, sent as `_csrf`.
  public let csrf: String
  /// The idempotency key.
  public let key: String

  /// Made by the page's frame; by hand only for a form that was kept, which goes on with its old key.
  public init(csrf: String, key: String) {
    self.csrf = csrf
    self.key = key
  }
}

/// Whether leaving a form warns before what was typed is lost.
public enum LeaveGuard: Sendable {
  case warns, silent
}

/// Whether a form sends fields alone, or files as well.
public enum FormContent: Sendable {
  case fields, files
}

/// A form with its secrets and, on top, what has to be changed before it can be done.
/// - Parameters:
///   - version: that of the record the person sees; saving over a newer one is refused.
///   - refused: how the summary of errors begins.
///   - encoding: of a form with a file; its other fields stand before the file, so that none is lost behind it.
public func postForm(
  _ action: Path, _ secrets: FormSecrets, version: Int? = nil, state: FormState = FormState(),
  leaving: LeaveGuard = .warns, refused: String = "Nothing was saved yet", encoding: FormContent = .fields,
  @HTMLBuilder content: () -> [HTML]
) -> HTML {
  form(
    .class("form"), .post, .action(action), encoding == .files ? .multipart : nil, .novalidate,
    leaving == .warns ? .data("guard") : nil
  ) {
    errorSummary(state.errors, refused)
    hiddenFields(secrets)
    if let version { hiddenField("version", String(version)) }
    content()
  }
}

/// A form of one button, bound to the version of the record that is shown.
public func actForm(
  _ label: String, to action: Path, _ secrets: FormSecrets, version: Int, style: ButtonStyle = .plain
) -> HTML {
  postForm(action, secrets, version: version, leaving: .silent) {
    formActs { submitButton(label, style: style) }
  }
}

/// What is wrong, each line a link to its field. Takes the focus; nothing when all is well.
public func errorSummary(_ errors: [FieldError], _ refused: String = "Nothing was saved yet") -> HTML {
  guard !errors.isEmpty else { return .nothing }
  return div(.class("error-summary"), .role("alert"), .tabindex(-1), .autofocus) {
    h2 { "\(refused): \(errors.count == 1 ? "one thing" : "\(errors.count) things") to change" }
    ul {
      for error in errors {
        li(.dirAuto) {
          if error.field.isEmpty {
            error.message
          } else {
            a(.href(fragment: fieldID(error.field))) { error.message }
          }
        }
      }
    }
  }
}

/// The row of buttons under a form.
public func formActs(@HTMLBuilder _ acts: () -> [HTML]) -> HTML {
  div(.class("form-acts")) { acts() }
}

/// A destructive act, apart from the rest; `consequence` says in numbers what it will do.
public func formDanger(_ title: String, consequence: String, @HTMLBuilder content: () -> [HTML]) -> HTML {
  section(.class("form-danger")) {
    h2 { title }
    p { consequence }
    content()
  }
}

/// A value that is sent unseen.
public func hiddenField(_ name: String, _ value: String) -> HTML {
  input(.type("hidden"), .name(name), .value(value))
}

/// The secrets, for forms that are written by hand.
public func hiddenFields(_ secrets: FormSecrets) -> HTML {
  HTML {
    hiddenField("_csrf", secrets.csrf)
    hiddenField("_key", secrets.key)
  }
}
