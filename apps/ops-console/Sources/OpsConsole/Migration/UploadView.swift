// The way to add a file, and the files that are not all here yet.

import Access
import EthicoTypes
import Mapping
import Markup
import Migration
import Web

enum UploadView {
  /// One file by a form; with JavaScript any number of them, however large, each going on where it was cut off.
  /// Below it templates for who has no export of what comes over.
  static func form(_ tenant: Tenant, _ choices: [ImportChoice], _ state: FormState, _ frame: Frame) -> HTML {
    let home = Path.migration(tenant)
    return panel("Add a file") {
      custom("file-upload", .data("to", home.appending("uploads").description), .data("home", home.description)) {
        postForm(
          home.appending("files"), frame.secrets("upload"), state: state, leaving: .silent,
          refused: "Nothing was uploaded", encoding: .files
        ) {
          fileField(
            "file", label: "File",
            help:
              "CSV, TSV, XLSX, JSON or ZIP, at most 2 GB. It is kept sealed, and deleted 30 days after the client has "
              + "signed off, unless a setting of the client says otherwise.",
            state: state, accept: ".csv,.tsv,.txt,.xlsx,.json,.ndjson,.jsonl,.zip")
          formActs { submitButton("Upload file") }
        }
        p(.class("visually-hidden"), .role("status")) {}
      }
      templates(tenant, choices)
    }
  }

  /// What to fill in where there is no export: what comes over stands first, and people come with everything.
  private static func templates(_ tenant: Tenant, _ choices: [ImportChoice]) -> HTML {
    let chosen = Set(choices.map(\.rawValue) + [ImportEntity.person.rawValue])
    let order = ImportEntity.commitOrder
    let entities =
      order.filter { chosen.contains($0.rawValue) } + order.filter { !chosen.contains($0.rawValue) }
    return p(.class("muted")) {
      "No export to hand? Templates: "
      for (index, entity) in entities.enumerated() {
        index > 0 ? " · " : ""
        a(.href(Path.migration(tenant).appending("templates").appending(entity.rawValue))) { entity.pluralLabel }
      }
    }
  }

  static func unfinished(_ tenant: Tenant, _ uploads: [FileUpload], _ frame: Frame, may: Bool) -> HTML {
    guard !uploads.isEmpty else { return .nothing }
    return panel("Not all here yet") {
      p(.class("muted")) {
        "Choose the same file again, and it goes on where it was cut off. "
        "What nothing is added to for 7 days is removed."
      }
      ul(.class("uploads")) {
        for upload in uploads { li { line(upload, tenant, frame, may: may) } }
      }
    }
  }

  private static func line(_ upload: FileUpload, _ tenant: Tenant, _ frame: Frame, may: Bool) -> HTML {
    let here = Path.upload(upload.id, of: tenant)
    return HTML {
      strong { clientText(upload.name) }
      span(.class("muted")) {
        "\(byteCount(upload.offset)) of \(byteCount(upload.byteCount)) · "
        frame.face.ago(upload.touchedAt)
        upload.canGoOn ? "" : " · where it was cut off it has to be sent again"
      }
      if may {
        div(.class("form-acts")) {
          if upload.isWhole {
            postButton(
              "Finish upload", to: here.appending("finish"), frame.secrets("finish-\(upload.id)"), style: .small,
              name: "Finish upload of \(upload.name)")
          }
          postButton(
            "Remove upload", to: here.appending("remove"), frame.secrets("remove-\(upload.id)"),
            style: [.quiet, .small], name: "Remove upload of \(upload.name)")
        }
      }
    }
  }
}
