// What somebody has to take note of before a batch is imported, as only all its rows and the client's own records
// show it.

import Access
import EthicoTypes
import Mapping
import Postgres

extension SetRules {
  /// Says what somebody has to take note of: who is not here, whose number is taken, which files no row names.
  func warn(in tx: AuditedTransaction) async throws {
    for (code, found) in warnings {
      try await tx.execute(
        """
        INSERT INTO migration_row_issue (tenant_id, batch_id, row_no, code, level, value)
        SELECT \(tenant), \(batch.id), f.row_no, \(code.rawValue), \(code.level.rawValue),
          left(f.value, \(RowIssue.valueLimit)::integer)
        FROM (\(fragment: found)) f
        """)
    }
  }

  /// Says of each column whose days nothing proves but the custom of dots that they are read as day first, unless
  /// somebody has chosen another order.
  func noteConventions(in tx: AuditedTransaction) async throws {
    guard let mapping = try await BatchMapping.current(of: batch.id, in: tx) else { return }
    let profiles = try await Batch.profiles(of: batch.id, in: tx)
    for column in mapping.matched {
      guard let field = column.target.flatMap({ TargetSchema.field(named: $0, of: batch.entity) }),
        field.kind == .timestamp || field.kind == .date,
        let profile = profiles.first(where: { $0.index == column.index }),
        case .convention(let order) = profile.dates.verdict, column.reading.order == order
      else { continue }
      try await tx.execute(
        """
        INSERT INTO migration_row_issue (tenant_id, batch_id, row_no, position, code, level, value)
        VALUES (\(tenant), \(batch.id), 0, \(column.index), \(IssueCode.orderConvention.rawValue),
          \(IssueCode.orderConvention.level.rawValue), \(profile.samples.first { $0.contains(".") }))
        """)
    }
  }

  private var warnings: [(code: IssueCode, found: SQL)] {
    switch batch.entity {
    case .person, .auditEvent: []
    case .policy:
      [
        (.nativeExists, taken("SELECT id, number AS value FROM policy WHERE number = s.parsed ->> 'policy_number'")),
        (.policyFile, filesLeftOut),
      ]
    case .case:
      [
        (
          .nativeExists,
          taken(
            """
            SELECT id, reference AS value FROM "case" WHERE reference = s.parsed ->> 'case_number'
            UNION ALL
            SELECT id, reference FROM report WHERE reference = s.parsed ->> 'report_reference'
            UNION ALL
            SELECT id, reference FROM report
            WHERE reference = s.parsed ->> 'case_number' AND NOT s.parsed ? 'report_reference'
            """)
        ),
        (.caseWithoutLead, withoutLead),
      ]
    case .disclosure:
      [
        (
          .nativeExists,
          taken("SELECT id, reference AS value FROM disclosure WHERE reference = s.parsed ->> 'disclosure_number'")
        ),
        (.refPlaceholder, placeholders("discloser")),
      ]
    case .attestation: [(.refPlaceholder, placeholders("person"))]
    case .attachment: [(.orphan, orphans)]
    }
  }

  /// New rows whose number a record has here that did not come from this source: it was made here, or came another way.
  /// Each is looked up by its number: of a decision made a moment ago the planner has no figures yet, and it would hold
  /// every row against every record.
  /// - Parameter same: the `id` and `value` of records that have the number of a row `s`.
  private func taken(_ same: SQL) -> SQL {
    """
    SELECT DISTINCT s.row_no, t.value
    FROM migration_staged_row s
    CROSS JOIN LATERAL (\(fragment: same) OFFSET 0) t
    WHERE s.batch_id = \(batch.id) AND s.decision = 'insert' AND NOT EXISTS (
      SELECT FROM migration_provenance p
      WHERE p.target_id = t.id AND p.source_system = \(batch.sourceSystem) AND p.action = 'insert'
        AND p.undone_at IS NULL)
    """
  }

  /// New cases that were past new and not closed in their source, whose assignee may lead none here: they begin anew.
  private var withoutLead: SQL {
    """
    SELECT s.row_no, COALESCE(
      s.parsed ->> 'assignee.email', s.parsed ->> 'assignee.name', s.parsed ->> 'assignee.employee_id') AS value
    FROM migration_staged_row s
    WHERE s.batch_id = \(batch.id) AND s.decision = 'insert'
      AND \(fragment: CaseImport.stage(of: "s.parsed")) NOT IN ('new', 'closed', 'remediation', 'archived')
      AND NOT EXISTS (
        SELECT FROM client_user u
        WHERE u.email = lower(s.parsed ->> 'assignee.email')
          AND \(fragment: CaseImport.mayLead("u", isClosed: "false")))
    """
  }

  /// Rows that name somebody who is not here, by number or by address.
  private func placeholders(_ field: String) -> SQL {
    """
    SELECT s.row_no, COALESCE(w.name, w.number) AS value
    FROM migration_staged_row s
    CROSS JOIN LATERAL (\(fragment: PersonReference.facets(field, of: "s.parsed", batch.sourceSystem))) w
    WHERE s.batch_id = \(batch.id) AND s.decision IN ('insert', 'update', 'conflict') AND w.number IS NOT NULL
      AND NOT EXISTS (SELECT FROM employee e WHERE e.number = w.number)
      AND NOT EXISTS (SELECT FROM employee e WHERE e.email = w.email)
    """
  }

  /// Policies that come without the file of their text: no ZIP of the project has it, or it is not one that is taken.
  private var filesLeftOut: SQL {
    """
    SELECT s.row_no, s.parsed ->> 'body_file' AS value
    FROM migration_staged_row s
    WHERE s.batch_id = \(batch.id) AND s.decision IN ('insert', 'update', 'conflict')
      AND s.parsed ->> 'body_file' <> '' AND NOT EXISTS (
        SELECT FROM archive_entry e
        WHERE e.path = s.parsed ->> 'body_file' AND e.byte_count BETWEEN 1 AND \(AttachmentImport.mostBytes)
          AND \(fragment: AttachmentImport.kind(of: "e.path")) = ANY(\(AttachmentImport.kinds)))
    """
  }

  /// Files of the project's archives that no row names; they are no row's, so they stand under none. A policy that has
  /// come without its file names it no more. Rows are read batch by batch (`OFFSET 0`): most of what a client has
  /// brought names no file.
  private var orphans: SQL {
    """
    SELECT 0 AS row_no, e.path AS value
    FROM archive_entry e
    WHERE NOT e.is_table AND NOT EXISTS (
      SELECT FROM (
        SELECT s.path
        FROM migration_batch b
        CROSS JOIN LATERAL (
          SELECT s.parsed ->> 'path' AS path FROM migration_staged_row s WHERE s.batch_id = b.id OFFSET 0
        ) s
        WHERE b.project_id = \(project) AND b.state <> 'cancelled' AND b.entity = 'attachment'
        UNION ALL
        SELECT s.path
        FROM migration_batch b
        CROSS JOIN LATERAL (
          SELECT s.row_no, s.parsed ->> 'body_file' AS path
          FROM migration_staged_row s
          WHERE s.batch_id = b.id
          OFFSET 0
        ) s
        WHERE b.project_id = \(project) AND b.entity = 'policy' AND (
          b.state NOT IN ('cancelled', 'committed', 'undone', 'partially_undone') OR EXISTS (
            SELECT FROM migration_provenance p
            WHERE p.batch_id = b.id AND p.row_no = s.row_no AND p.entity = 'policy_file' AND p.undone_at IS NULL))
      ) n
      WHERE n.path = e.path)
    """
  }
}
