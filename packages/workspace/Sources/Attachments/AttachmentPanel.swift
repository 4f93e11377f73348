// The files of a record, and the form that attaches another.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

/// The files of the record at `owner`, each a link that downloads it.
/// - Parameters:
///   - form: what the form holds; `nil` for who may not attach.
///   - mayBeInternal: whether a file can be for fewer people than see the page.
func attachmentPanel(
  _ files: AttachedFiles, form: FormState?, mayBeInternal: Bool = false, _ owner: Path, _ acting: ActingContext,
  _ frame: Frame
) -> HTML {
  let attachments = owner.appending("attachments")
  return panel("Files") {
    if files.all.isEmpty {
      p(.class("muted")) { "No files yet." }
    } else {
      div(.class("notes")) {
        for file in files.all { attachmentEntry(file, files.origin(of: file), attachments, acting, frame) }
      }
    }
    if let form { attachmentForm(form, mayBeInternal: mayBeInternal, attachments, frame) }
  }
}

private func attachmentEntry(
  _ file: Attachment, _ origin: ImportedFrom?, _ attachments: Path, _ acting: ActingContext, _ frame: Frame
) -> HTML {
  article(.class("note")) {
    header {
      strong { a(.href(attachments.appending(file.id)), .dirAuto, .download) { file.fileName } }
      span { "\(file.kind.label), \(byteCount(file.byteCount))" }
      span(.dirAuto) { file.author ?? origin.map(\.systemName) ?? "Ethico Support" }
      frame.face.ago(file.attachedAt)
      if file.isInternal { badge("Internal", .neutral) }
    }
    if !file.description.isEmpty { p(.dirAuto) { file.description } }
    if let origin { origin.fileLine(acting) }
  }
}

private func attachmentForm(
  _ state: FormState, mayBeInternal: Bool, _ attachments: Path, _ frame: Frame
) -> HTML {
  postForm(
    attachments, frame.secrets("attach"), state: state, refused: "Nothing was attached yet", encoding: .files
  ) {
    textField(
      "description", label: "Description of the file", state: state, need: .optional,
      maxLength: AttachmentDraft.descriptionLimit, size: .long)
    fileField(
      "file", label: "File", help: "At most \(Attachment.sizeLimit). \(AttachmentKind.list).", state: state,
      accept: AttachmentKind.accept)
    if mayBeInternal {
      checkbox(
        "internal", label: "Only for whoever works on policies",
        help: "Otherwise whoever may read this policy sees the file.", state: state)
    }
    formActs { submitButton("Attach file", style: .plain) }
  }
}

/// A file as a page gives it to programs.
struct AttachmentBody: Encodable, Sendable {
  let id: ID<Attachment>
  let name: String
  let kind: AttachmentKind
  let description: String
  let bytes: Int
  let sha256: String
  let author: String?
  let attached: Date
  let isInternal: Bool

  enum CodingKeys: String, CodingKey {
    case id, name, kind, description, bytes, sha256, author, attached
    case isInternal = "is_internal"
  }

  init(_ file: Attachment) {
    id = file.id
    name = file.fileName
    kind = file.kind
    description = file.description
    bytes = file.byteCount
    sha256 = file.sha256.hexadecimal
    author = file.author
    attached = file.attachedAt
    isInternal = file.isInternal
  }
}
