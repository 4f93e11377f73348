// Where the figures of each kind of record come from: what its rows say of it, and what stands here.

import Mapping
import Postgres

/// What is counted of one kind of record. `s` is a record that stands, with what its newest row said (`parsed`) and
/// what it kept without a field here (`kept`); `t` is the record here.
struct FigureSource: Sendable {
  let table: TargetTable
  /// What else has to be read beside a record.
  var joins: SQL = ""
  var dimensions: [Dimension] = []
  var money: Money?

  struct Dimension: Sendable {
    let name: String
    let source: SQL
    let here: SQL
    /// The column that holds it; `nil` where that is written once.
    var column: String?
  }

  /// An amount with its currency, on both sides.
  struct Money: Sendable {
    let source: SQL
    let sourceCurrency: SQL
    let here: SQL
    let hereCurrency: SQL
    /// The column that holds it; `nil` where that is written once.
    var column: String?
  }

  static func of(_ entity: ImportEntity) -> FigureSource {
    switch entity {
    case .person: person
    case .policy: policy
    case .attestation: attestation
    case .case: `case`
    case .disclosure: disclosure
    case .attachment: attachment
    case .auditEvent: auditEvent
    }
  }

  /// The year at the client: there a day begins that has no time.
  private static func year(_ moment: SQL) -> SQL {
    "extract(year FROM (\(fragment: moment)) AT TIME ZONE (SELECT timezone FROM tenant))::integer::text"
  }

  private static func said(_ field: SQL) -> SQL { "(s.parsed ->> '\(fragment: field)')" }

  private static func sayingYear(_ field: SQL) -> SQL {
    year("(s.parsed ->> '\(fragment: field)')::timestamptz")
  }

  private static let person = FigureSource(
    table: .employee,
    dimensions: [
      Dimension(
        name: "status",
        source: "CASE WHEN s.parsed ? 'active' AND s.parsed -> 'active' = 'false' THEN 'ended' ELSE 'active' END",
        here: "CASE WHEN t.ended_at IS NULL THEN 'active' ELSE 'ended' END", column: "ended_at")
    ])

  /// A row is a version: it is counted under the policy that it is a version of.
  private static let policy = FigureSource(
    table: .policy,
    joins: """
      LEFT JOIN LATERAL (
        SELECT w.published_at
        FROM migration_provenance q
        JOIN policy_version w ON w.policy_id = q.target_id AND w.number::text = q.target_part
        WHERE q.record_id = s.record_id AND q.target_table = 'policy_version' AND q.undone_at IS NULL
        LIMIT 1
      ) v ON true
      """,
    dimensions: [
      Dimension(
        name: "status", source: said("status"),
        here: "CASE WHEN s.action = 'link' THEN COALESCE(t.working_status, t.status) ELSE t.status END",
        column: "status"),
      Dimension(
        name: "year effective",
        source: "CASE WHEN s.parsed ->> 'status' IN ('published', 'retired') THEN \(fragment: year(published)) END",
        here: year("v.published_at")),
      Dimension(name: "type", source: said("policy_type"), here: "t.type", column: "type"),
    ])

  private static let published: SQL = """
    COALESCE(s.parsed ->> 'published_at', s.parsed ->> 'effective_date', s.parsed ->> 'source_created_at')::timestamptz
    """

  private static let attestation = FigureSource(
    table: .attestation,
    joins: "JOIN campaign c ON c.tenant_id = t.tenant_id AND c.id = t.campaign_id",
    dimensions: [
      Dimension(name: "status", source: said("status"), here: "t.state", column: "state"),
      Dimension(
        name: "year attested",
        source: "CASE WHEN s.parsed ->> 'status' = 'completed' THEN \(fragment: sayingYear("attested_at")) END",
        here: year("t.completed_at"), column: "completed_at"),
      Dimension(name: "kind", source: "COALESCE(s.parsed ->> 'kind', 'checkbox')", here: "c.kind"),
    ])

  private static let `case` = FigureSource(
    table: .case,
    joins: """
      LEFT JOIN LATERAL (
        SELECT o.received_at
        FROM case_report l
        JOIN report o ON o.tenant_id = l.tenant_id AND o.id = l.report_id
        WHERE l.tenant_id = t.tenant_id AND l.case_id = t.id AND l.link = 'primary'
        ORDER BY o.received_at, o.id
        LIMIT 1
      ) r ON true
      LEFT JOIN category k ON k.tenant_id = t.tenant_id AND k.id = t.category_id
      LEFT JOIN category u ON u.tenant_id = k.tenant_id AND u.id = k.parent_id
      """,
    dimensions: [
      Dimension(name: "status", source: said("status"), here: "t.status", column: "stage"),
      Dimension(name: "year received", source: sayingYear("received_at"), here: year("r.received_at")),
      // A category is the same in whatever case it is written, and a subcategory counts under what it stands below.
      Dimension(
        name: "category", source: "btrim(s.parsed ->> 'category')",
        here: """
          CASE
            WHEN lower(btrim(s.parsed ->> 'category')) IN (lower(k.name), lower(u.name), lower(k.code), lower(u.code))
            THEN btrim(s.parsed ->> 'category') ELSE COALESCE(u.name, k.name) END
          """,
        column: "category_id"),
    ],
    money: Money(
      source: "(s.parsed ->> 'amount')::numeric", sourceCurrency: said("amount_currency"),
      here: "(s.kept ->> 'amount')::numeric", hereCurrency: "s.kept ->> 'amount_currency'"))

  private static let disclosure = FigureSource(
    table: .disclosure,
    dimensions: [
      Dimension(name: "status", source: said("status"), here: "t.state", column: "state"),
      Dimension(
        name: "year submitted", source: sayingYear("submitted_at"), here: year("t.submitted_at"),
        column: "submitted_at"),
      Dimension(name: "type", source: said("disclosure_type"), here: "t.kind", column: "kind"),
    ],
    money: Money(
      source: "(s.parsed ->> 'value')::numeric", sourceCurrency: said("value_currency"),
      here: "COALESCE(t.amount_minor / 100.0, (s.kept ->> 'value')::numeric)",
      hereCurrency: "COALESCE(t.currency, s.kept ->> 'value_currency')", column: "amount_minor"))

  private static let attachment = FigureSource(
    table: .attachment,
    dimensions: [
      Dimension(
        name: "attached to", source: said("parent_entity"),
        here: """
          CASE
            WHEN t.case_id IS NOT NULL THEN 'case' WHEN t.disclosure_id IS NOT NULL THEN 'disclosure' ELSE 'policy' END
          """),
      Dimension(
        name: "year uploaded",
        source: year("COALESCE(s.parsed ->> 'uploaded_at', s.parsed ->> 'source_created_at')::timestamptz"),
        here: year("t.attached_at")),
    ])

  private static let auditEvent = FigureSource(
    table: .importedHistory,
    dimensions: [
      Dimension(name: "action", source: said("action"), here: "t.action"),
      Dimension(name: "year", source: sayingYear("occurred_at"), here: year("t.occurred_at")),
    ])
}
