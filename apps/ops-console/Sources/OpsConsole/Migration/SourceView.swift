// Where data comes from, with the forms that say it: of a move as a whole, and of one batch.

import Access
import EthicoTypes
import Markup
import Migration
import Web

enum SourceView {
  /// Of a move, beside its files.
  static func panel(_ tenant: Tenant, _ desk: MigrationDesk, _ sent: FormState?, _ frame: Frame) -> HTML {
    let sources = desk.sources
    let found = sources.found.flatMap { $0.isNamed ? " (\($0.label))" : nil } ?? ""
    let state = sent ?? FormState([(SourceFields.system, sources.said?.code ?? "")])
    return Web.panel("Where it comes from") {
      postForm(
        Path.migration(tenant).appending("source"), frame.secrets("source"), version: desk.project.version,
        state: state, leaving: .silent, refused: "Nothing was changed"
      ) {
        fields(
          [("", "As the files say" + found)] + choices(sources.offered.filter(\.isNamed)), need: .optional, state)
        p(.class("help")) {
          "Records find their parents, and what they refer to, within one system alone. Files that come now count as "
          "coming from this one, and so do batches of which nobody has said it: their rows are checked again."
        }
        if sources.found?.isNamed == false {
          p(.class("help")) {
            "Records came over of which nobody had said it. The same rows would come a second time from a system that "
            "is named now: undo those imports first, or leave it as the files say."
          }
        }
        formActs { submitButton("Save system", style: .plain) }
      }
    }
  }

  /// Of a batch that is not imported yet.
  static func fold(_ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms, _ frame: Frame) -> HTML {
    let batch = file.batch
    return HTML {
      doubt(batch)
      details(.class("fold"), .id("source"), forms.source?.errors.isEmpty ?? true ? nil : .open) {
        summary {
          "Where it comes from: "
          clientText(batch.source.label)
        }
        if forms.may, !batch.isBeingRead { form(tenant, file, forms.source, frame) }
      }
    }
  }

  private static func form(_ tenant: Tenant, _ file: BatchFile, _ sent: FormState?, _ frame: Frame) -> HTML {
    let batch = file.batch
    let state = sent ?? FormState([(SourceFields.system, batch.source.code)])
    return postForm(
      Path.batch(batch.id, of: tenant).appending("source"), frame.secrets("source"), version: batch.version,
      state: state, leaving: .silent, refused: "Nothing was changed"
    ) {
      fields(choices(file.sources.offered), need: .required, state)
      p(.class("help")) {
        batch.state == .staged || batch.state == .validated
          ? "Which rows are here already depends on it: they have to be checked again."
          : "Records find their parents, and what they refer to, within one system alone."
      }
      formActs { submitButton("Save system", style: .plain) }
    }
  }

  private static func fields(_ choices: [Choice], need: FieldNeed, _ state: FormState) -> HTML {
    div(.class("constants")) {
      selectField(
        SourceFields.system, label: "Former system", state: state,
        options: choices + [(SourceFields.other, "Another system …")], need: need)
      textField(
        SourceFields.name, label: "Its name", help: "Only of another system.", state: state, need: .optional,
        maxLength: SourceSystem.nameLimit)
    }
  }

  private static func choices(_ systems: [SourceSystem]) -> [Choice] {
    systems.map { system in
      let label = system.label
      return (system.code, label.capitalizedFirst)
    }
  }

  /// What somebody should look at before the rows are checked.
  private static func doubt(_ batch: Batch) -> HTML {
    let words: String
    if let detected = batch.detected, detected != batch.source {
      words =
        "It looks like an export of \(detected.label), and counts as coming from \(batch.source.label). Say where it "
        + "comes from before its rows are checked."
    } else if !batch.source.isNamed {
      words =
        "Nobody has said which system it comes from. Its rows find their parents, and what they refer to, only among "
        + "rows of which that is not said either."
    } else {
      return .nothing
    }
    return div(.class("notice"), .data("meaning", "info")) { p(.dirAuto) { words } }
  }
}
