// What happens to fields that are there: a rule for each that the source may set anew in a record that is here already.

import Access
import EthicoTypes
import Mapping
import Markup
import Migration
import Web

enum FieldRulesView {
  /// Of a batch whose rows are checked, where some of them change records; else nothing.
  static func fold(_ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms, _ frame: Frame) -> HTML {
    let batch = file.batch
    let isAbout = batch.state == .validated && batch.counts.update + batch.counts.conflict > 0
    guard isAbout, !file.fields.isEmpty else { return .nothing }
    return details(.class("fold"), .id("fields"), forms.rules?.errors.isEmpty ?? true ? nil : .open) {
      summary { "What happens to fields that are there: \(gist(file))" }
      if forms.may {
        form(tenant, file, forms.rules, frame)
      } else {
        properties(file.fields.map { ($0.label, .text(batch.policies[$0].label)) })
      }
    }
  }

  private static func gist(_ file: BatchFile) -> String {
    let own = file.fields.count { file.batch.policies[$0] != .ifUnchangedSinceImport }
    return own == 0
      ? "taken over unless they were edited here"
      : "\(own) of \(file.fields.count) by another rule than usual"
  }

  private static func form(_ tenant: Tenant, _ file: BatchFile, _ sent: FormState?, _ frame: Frame) -> HTML {
    let batch = file.batch
    let saved = FormState(FormFields(file.fields.map { ($0.control, batch.policies[$0].rawValue) }))
    let state = sent ?? saved
    return postForm(
      Path.batch(batch.id, of: tenant).appending("fields"), frame.secrets("fields"), version: batch.version,
      state: state, leaving: .silent, refused: "Nothing was changed"
    ) {
      p(.class("help")) {
        "Of records that are here already, where the source says something else now. As usual, what was edited here "
        "since it was imported waits for somebody’s decision. What is taken over can be undone with the batch"
        batch.entity == .case ? "; who reported never comes to light by a rule." : "."
      }
      div(.class("constants")) {
        for field in file.fields {
          selectField(
            field.control, label: field.label, state: state,
            options: FieldPolicy.allCases.map { ($0.rawValue, $0.label) })
        }
      }
      formActs { submitButton("Save rules and check again", style: .plain) }
    }
  }
}

extension ReimportField {
  /// Stands before the names of all controls of rules.
  static let mark = "r."

  /// The name of its control.
  var control: String { Self.mark + name }

  /// As people call it, with all that it takes along.
  var label: String {
    let names = columns.map(ConflictView.fieldLabel)
    return ([names[0]] + names.dropFirst().map { $0.lowercased() }).joined(separator: ", ")
  }
}
