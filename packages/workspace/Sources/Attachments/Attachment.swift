// A file that belongs to a case, a disclosure or a policy. Its bytes are kept as they came, and given out to be
// downloaded only.

import Access
import EthicoTypes
import FoundationEssentials
import Web

/// What a file belongs to.
enum AttachmentOwner: Sendable, Hashable {
  case ofCase(ID<Case>)
  case ofDisclosure(ID<Disclosure>)
  /// As far as somebody sees policies: what is internal is for whoever sees drafts.
  case ofPolicy(ID<Policy>, PolicySight)

  var object: AuditObject {
    switch self {
    case .ofCase(let id): Case.object(id)
    case .ofDisclosure(let id): Disclosure.object(id)
    case .ofPolicy(let id, _): Policy.object(id)
    }
  }
}

/// A file as a page lists it.
struct Attachment: Sendable, Hashable {
  let id: ID<Attachment>
  let fileName: String
  let kind: AttachmentKind
  let description: String
  let byteCount: Int
  let sha256: [UInt8]
  /// The client user who attached it; `nil` for Ethico Support.
  let author: String?
  let attachedAt: Date
  /// Of a policy's file: whether it is for whoever works on policies alone.
  let isInternal: Bool

  static let byteLimit = 26_214_400
  static let upload = UploadLimit(fileBytes: byteLimit)
  static let sizeLimit = "\(byteLimit / 1_048_576) MiB"
}

/// The files of a record, and where those came from that came from another system.
struct AttachedFiles: Sendable {
  let all: [Attachment]
  private let imports: [UUID: ImportedFrom]

  init(_ all: [Attachment], _ imports: [ImportedFrom]) {
    self.all = all
    self.imports = Dictionary(imports.map { ($0.target, $0) }) { first, _ in first }
  }

  func origin(of file: Attachment) -> ImportedFrom? { imports[file.id.uuid] }
}

/// A file as somebody wants to attach it, checked.
struct AttachmentDraft: Sendable, Hashable {
  let fileName: String
  let kind: AttachmentKind
  let description: String
  let isInternal: Bool
  let bytes: Data
  let sha256: [UInt8]

  static let descriptionLimit = 500

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ form: SubmittedForm) throws {
    var errors: [FieldError] = []
    description = form.fields["description"] ?? ""
    isInternal = form.fields["internal"] == "true"
    if let error = FieldError(tooLong: description, "description", "A description", limit: Self.descriptionLimit) {
      errors.append(error)
    }
    let file = form.files.first { $0.field == "file" }
    let kind = file.flatMap { AttachmentKind(fileName: $0.name) }
    if let problem = Self.problem(file, kind) { errors.append(FieldError("file", problem)) }
    guard errors.isEmpty, let file, let kind else { throw Invalid(errors.map(Self.asking)) }
    fileName = file.name
    self.kind = kind
    bytes = file.bytes
    sha256 = file.sha256
  }

  /// The rule that a file breaks.
  private static func problem(_ file: SubmittedFile?, _ kind: AttachmentKind?) -> String? {
    guard let file else { return "Choose a file." }
    if file.isTooLarge { return "“\(file.name)” is too large: a file has at most \(Attachment.sizeLimit)." }
    if file.bytes.isEmpty { return "“\(file.name)” is empty." }
    if file.name.unicodeScalars.count > 200 { return "The name of a file has at most 200 characters." }
    if file.name.contains(where: \.isControl) { return "The name of a file has no control characters." }
    guard let kind else { return "“\(file.name)” is of a kind that is not taken. Taken are: \(AttachmentKind.list)." }
    if !kind.fits(file.bytes) {
      return "“\(file.name)” is not what its name says: its content does not begin as that of a \(kind.label) file."
    }
    return nil
  }

  /// A browser does not keep a file that was chosen: with another thing to change it has to be chosen anew.
  private static func asking(_ error: FieldError) -> FieldError {
    error.field == "file" ? error : FieldError(error.field, error.message + " Choose the file again as well.")
  }
}
