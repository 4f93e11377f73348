// The forms of a page that has several, of which one was sent.

import Web

/// What the forms of a page hold, and why the last one was refused.
struct PageForms {
  let setback: Setback?
  private let route: String
  private let fields: FormFields

  init(_ route: String = "", _ fields: FormFields = .empty, _ setback: Setback? = nil) {
    self.route = route
    self.fields = fields
    self.setback = setback
  }

  /// What was typed into the form of that route, if it is the one that was refused.
  func state(_ route: String) -> FormState {
    self.route == route ? FormState(fields, errors: setback?.errors ?? []) : FormState()
  }
}
