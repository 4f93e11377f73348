// How a client's pages look: a name, a colour, a logo. The logo's bytes lie in a machine table, its digest in the row.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Postgres
import Web

/// How a client's pages look.
struct Branding: Sendable, Hashable {
  let id: ID<Branding>
  let name: String
  let colour: BrandColour
  let logo: Logo?
  let version: Int

  static let nameLimit = 80

  var object: AuditObject { AuditObject("branding", id) }

  /// What is known of the logo without its bytes.
  struct Logo: Sendable, Hashable {
    let kind: LogoKind
    let width: Int
    let height: Int
    let byteCount: Int
  }

  /// The stored values, as the form shows them.
  var fields: [(name: String, value: String)] {
    [("name", name), ("colour", colour.text)]
  }
}

/// Name and colour as somebody wants them, checked.
struct BrandingDraft: Sendable, Hashable {
  let name: String
  let colour: BrandColour

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    var errors: [FieldError] = []
    name = fields["name"] ?? ""
    if name.isEmpty || name.contains(where: \.isControl) {
      errors.append(FieldError("name", "Say what the client calls itself, on one line."))
    }
    if let error = FieldError(tooLong: name, "name", "A name", limit: Branding.nameLimit) { errors.append(error) }
    do {
      colour = try BrandColour(fields["colour"] ?? "")
    } catch let invalid as Invalid {
      throw Invalid(errors + invalid.errors)
    }
    guard errors.isEmpty else { throw Invalid(errors) }
  }
}

/// Why the branding was left as it was.
enum BrandingRefusal: Refusal, Hashable {
  case stale
  /// A logo stands beside a name and a colour.
  case noBranding

  var setback: Setback {
    switch self {
    case .stale:
      .stale("The branding")
    case .noBranding:
      Setback(
        .conflict, "no_branding", "There is no name and no colour yet.",
        "Nothing was changed. Save them first, then the logo.")
    }
  }
}

extension Branding {
  private static let columns: SQL = """
    id, name, colour, logo_kind, logo_width, logo_height, logo_byte_count, version
    """

  /// The branding; `nil` where the client has none.
  static func find(in tx: AuditedTransaction) async throws -> Branding? {
    try await tx.first("SELECT \(fragment: columns) FROM branding", as: Branding.self)
  }

  /// The same, for a rule that is about to change it: throws when somebody saved it after version `seen`.
  static func hold(_ seen: Int, in tx: AuditedTransaction) async throws -> Branding? {
    let found = try await tx.first("SELECT \(fragment: columns) FROM branding FOR UPDATE", as: Branding.self)
    guard (found?.version ?? 0) == seen else { throw BrandingRefusal.stale }
    return found
  }

  /// Saves name and colour.
  static func save(_ draft: BrandingDraft, over stored: Branding?, in tx: AuditedTransaction) async throws {
    let detail = "\(draft.name), \(draft.colour.text)"
    if let stored {
      try await tx.execute(
        "UPDATE branding SET name = \(draft.name), colour = \(draft.colour.text) WHERE id = \(stored.id)")
      return try await tx.record("branding.edit", object: stored.object, status: 303, detail: detail)
    }
    let id: ID<Branding> = tx.newID()
    do {
      try await tx.execute(
        """
        INSERT INTO branding (tenant_id, id, name, colour)
        VALUES (\(tx.author.tenant), \(id), \(draft.name), \(draft.colour.text))
        """)
    } catch let error as PostgresError where error.constraint == "branding_once" {
      throw BrandingRefusal.stale
    }
    try await tx.record("branding.edit", object: AuditObject("branding", id), status: 303, detail: detail)
  }

  /// Puts a logo in the place of what there was.
  func replaceLogo(with picture: LogoPicture, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE branding SET logo_kind = \(picture.kind), logo_width = \(picture.width), logo_height = \(picture.height),
        logo_byte_count = \(picture.bytes.count), logo_sha256 = \(picture.sha256)
      WHERE id = \(id)
      """)
    try await tx.execute(
      """
      INSERT INTO branding_logo (tenant_id, branding_id, content)
      VALUES (\(tx.author.tenant), \(id), \(Array(picture.bytes)))
      ON CONFLICT (tenant_id, branding_id) DO UPDATE SET content = EXCLUDED.content
      """)
    try await tx.record(
      "branding.logo", object: object, status: 303,
      detail: "\(picture.kind.label), \(picture.width) × \(picture.height), \(byteCount(picture.bytes.count))")
  }

  /// The logo with its bytes.
  static func logoFile(in tx: AuditedTransaction) async throws -> Download {
    let found = try await tx.first(
      """
      SELECT b.logo_kind, l.content
      FROM branding b
      JOIN branding_logo l ON l.tenant_id = b.tenant_id AND l.branding_id = b.id
      """, as: StoredLogo.self)
    guard let found else { throw RecordMissing() }
    return found.download
  }
}

private struct StoredLogo: RowDecodable {
  let kind: LogoKind
  let content: [UInt8]

  init(row: Row) throws {
    kind = try row["logo_kind"]
    content = try row["content"]
  }

  var download: Download {
    Download(name: "logo." + kind.rawValue, contentType: kind.mediaType, bytes: Data(content))
  }
}

extension Branding: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    colour = BrandColour(stored: try row["colour"])
    version = try row["version"]
    let kind: LogoKind? = try row["logo_kind"]
    if let kind {
      logo = Logo(
        kind: kind, width: try row["logo_width"], height: try row["logo_height"], byteCount: try row["logo_byte_count"])
    } else {
      logo = nil
    }
  }
}
