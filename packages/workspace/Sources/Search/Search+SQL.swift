// Finds records in one client. The text index gives ids; every row that is shown is read here, under row-level
// security.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

extension SearchFilter {
  /// So long a search may take.
  private static let timeoutMilliseconds = 2_000

  /// What is found, as far as the acting person may read it.
  /// - Throws: `PostgresError` 57014 when it takes too long.
  func page(_ acting: ActingContext, in tx: AuditedTransaction) async throws -> SearchPage {
    try await tx.execute("SELECT set_config('statement_timeout', \(String(Self.timeoutMilliseconds)), true)")
    let found = try await tx.query(pageSQL(acting), as: Found.self)
    let hits = found.prefix(limit).map(\.hit)
    let last = found.count > limit ? hits.last : nil
    return SearchPage(
      hits: Array(hits), count: found.first?.count ?? 0,
      next: last.map { Cursor(rank: $0.rank, id: $0.id, entity: $0.entity) }, named: try await named(acting, in: tx))
  }

  /// The records that the words may be the number of, as far as the acting person may open them. A case and its report
  /// share a reference, under which the case is told.
  private func named(_ acting: ActingContext, in tx: AuditedTransaction) async throws -> [NamedRecord] {
    guard after == nil, kinds.isEmpty, let ending = words.ending else { return [] }
    return try await tx.query(
      """
      SELECT n.reference, max(n.title) AS title
      FROM (
        SELECT reference, title FROM "case"
        WHERE \(acting.may(.readCases)) AND reference = ANY (\(ending.candidates))
        UNION ALL
        SELECT reference, NULL FROM report
        WHERE \(acting.may(.readCases)) AND reference = ANY (\(ending.candidates))
        UNION ALL
        SELECT reference, title FROM disclosure
        WHERE \(acting.may(.readDisclosures)) AND reference = ANY (\(ending.candidates))
      ) n
      GROUP BY n.reference
      ORDER BY substr(n.reference, 5) DESC, n.reference
      LIMIT \(SearchPage.namedLimit)
      """, as: NamedRecord.self)
  }

  private struct Found: Sendable, RowDecodable {
    let hit: SearchHit
    let count: Int

    init(row: Row) throws {
      hit = try SearchHit(row: row)
      count = try row["total"]
    }
  }

  private func pageSQL(_ acting: ActingContext) -> SQL {
    let position: SQL =
      after.map { "(h.rank, h.id, h.entity) < (\($0.rank), \($0.id), \($0.entity))" } ?? "true"
    return """
      WITH said AS MATERIALIZED (
        SELECT \(fragment: query) AS query
      ), sought AS MATERIALIZED (
        SELECT array_agg(e.entity) AS entities, array_agg(COALESCE(x.generation, 1)) AS generations
        FROM unnest(\(entities(acting))::text[]) AS e (entity)
        LEFT JOIN search_index x ON x.entity = e.entity
      ), hit AS MATERIALIZED (
        SELECT h.entity, h.id, h.generation, h.rank
        FROM sought
        CROSS JOIN search_hit(
          (SELECT query FROM said), \(SearchPage.countLimit + 1)::integer, COALESCE(sought.entities, '{}'),
          sought.generations) h
        WHERE \(fragment: sight(acting)) AND \(fragment: exclusion)
      )
      SELECT p.entity, p.id, p.rank, d.language, (SELECT count(*) FROM hit) AS total,
        search_marked(d.language, d.title, said.query, 'HighlightAll=true') AS title,
        search_marked(d.language, d.body, said.query,
          'MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=" … "') AS snippet,
        c.id AS case_id, c.reference AS case_reference, g.id AS disclosure_id, g.reference AS disclosure_reference,
        y.id AS policy_id, COALESCE(y.number, y.title) AS policy_reference
      FROM (
        SELECT h.entity, h.id, h.generation, h.rank
        FROM hit h
        WHERE \(fragment: position)
        ORDER BY h.rank DESC, h.id DESC, h.entity DESC
        LIMIT \(limit + 1)
      ) p
      CROSS JOIN said
      JOIN search_document d ON d.entity = p.entity AND d.generation = p.generation AND d.id = p.id
      LEFT JOIN note n ON p.entity = 'note' AND n.id = p.id
      LEFT JOIN case_message m ON p.entity = 'case_message' AND m.id = p.id
      LEFT JOIN attachment a ON p.entity = 'attachment' AND a.id = p.id
      LEFT JOIN "case" c
        ON c.id = CASE p.entity WHEN 'note' THEN n.case_id WHEN 'case_message' THEN m.case_id ELSE a.case_id END
      LEFT JOIN disclosure g ON g.id = a.disclosure_id
      LEFT JOIN policy y ON y.id = a.policy_id
      ORDER BY p.rank DESC, p.id DESC, p.entity DESC
      """
  }

  /// The words in every language, or all but the last in every language and its beginning.
  private var query: SQL {
    guard !words.prefix.isEmpty else { return "search_words(\(words.meant))" }
    let beginning: SQL = "to_tsquery('pg_catalog.simple', \(words.prefix + ":*"))"
    guard !words.rest.isEmpty else { return "search_words(\(words.meant)) || \(fragment: beginning)" }
    return "search_words(\(words.meant)) || (search_words(\(words.rest)) && \(fragment: beginning))"
  }

  /// A word is excluded in the record's own language: the stems of another one would let it in.
  private var exclusion: SQL {
    guard words.mayExclude else { return "true" }
    var own: SQL = "search_words_in(d.language, \(words.meant))"
    if !words.prefix.isEmpty, !words.rest.isEmpty {
      own = """
        \(fragment: own) || (search_words_in(d.language, \(words.rest))
          && to_tsquery('pg_catalog.simple', \(words.prefix + ":*")))
        """
    }
    return """
      EXISTS (
        SELECT 1 FROM search_document d
        WHERE d.entity = h.entity AND d.generation = h.generation AND d.id = h.id AND d.tsv @@ (\(fragment: own)))
      """
  }

  private func entities(_ acting: ActingContext) -> [SearchEntity] {
    acting.searchable.filter { kinds.isEmpty || kinds.contains($0.kind) }
  }

  /// What of these entities the acting person may read: as on the page of each.
  private func sight(_ acting: ActingContext) -> SQL {
    var sight: SQL = "true"
    if let subject = acting.subject?.id {
      sight = """
        \(fragment: sight) AND (h.entity <> 'note' OR EXISTS (
          SELECT 1 FROM note n WHERE n.id = h.id AND (n.visibility <> 'private' OR n.author_id = \(subject))))
        """
    }
    if acting.policySight == .published {
      sight = """
        \(fragment: sight) AND (h.entity <> 'policy' OR EXISTS (
          SELECT 1 FROM policy p WHERE p.id = h.id AND p.status = 'published'))
        """
    }
    return """
      \(fragment: sight) AND (h.entity <> 'attachment' OR EXISTS (
        SELECT 1 FROM attachment a
        WHERE a.id = h.id AND (
          a.case_id IS NOT NULL AND \(acting.may(.readCases))
          OR a.disclosure_id IS NOT NULL AND \(acting.may(.readDisclosures))
          OR \(acting.may(.readPolicies)) AND EXISTS (
            SELECT 1 FROM policy p
            WHERE p.id = a.policy_id
              AND (p.status = 'published' AND NOT a.is_internal OR \(acting.policySight == .everything))))))
      """
  }
}

/// A record that is meant by its reference.
enum ReferencedRecord: Sendable, Hashable {
  case ofCase(ID<Case>)
  case ofReport(ID<Report>)
  case ofDisclosure(ID<Disclosure>)

  /// The record of that reference which the acting person may open; a case before the report it came from.
  static func find(
    _ named: RecordReference, _ acting: ActingContext, in tx: AuditedTransaction
  ) async throws -> ReferencedRecord? {
    let reference = named.text
    if acting.may(.readCases) {
      let ofCase = try await tx.first("SELECT id FROM \"case\" WHERE reference = \(reference)", as: ID<Case>.self)
      if let ofCase { return .ofCase(ofCase) }
      let report = try await tx.first("SELECT id FROM report WHERE reference = \(reference)", as: ID<Report>.self)
      if let report { return .ofReport(report) }
    }
    guard acting.may(.readDisclosures) else { return nil }
    return try await tx.first("SELECT id FROM disclosure WHERE reference = \(reference)", as: ID<Disclosure>.self)
      .map { .ofDisclosure($0) }
  }
}

extension SearchHit: RowDecodable {
  init(row: Row) throws {
    entity = try row["entity"]
    id = try row["id"]
    rank = try row["rank"]
    language = try row["language"]
    title = MarkedText(try row["title"])
    snippet = MarkedText(try row["snippet"])
    ofCase = try Parent(row["case_id"], row["case_reference"])
    ofDisclosure = try Parent(row["disclosure_id"], row["disclosure_reference"])
    ofPolicy = try Parent(row["policy_id"], row["policy_reference"])
  }
}

extension SearchHit.Parent {
  fileprivate init?(_ id: ID<Subject>?, _ reference: String?) {
    guard let id, let reference else { return nil }
    self.init(id: id, reference: reference)
  }
}

extension NamedRecord: RowDecodable {
  init(row: Row) throws {
    reference = try row["reference"]
    title = try row["title"]
  }
}
