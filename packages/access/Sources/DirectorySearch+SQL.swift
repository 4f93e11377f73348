// The directory's search: exact matches, names that begin with the words, names with a word that does, then anything
// that holds all words. What matches is read once for page and count; of more than can be counted, each rank is a query
// that an index answers in order, so a page stops reading when it is full.

public import EthicoTypes
import FoundationEssentials
public import Postgres

/// The queries of one search.
public struct DirectorySearch: Sendable {
  private let query: DirectoryQuery
  private let staff: ID<Staff>
  private let words: [String]
  private let number: String?

  /// An address looks for its domain, a number also for how it is dialled, any other text for all of its words.
  /// - Parameter staff: who looks, for what is theirs: open accesses, pins and tickets.
  public init(_ query: DirectoryQuery, staff: ID<Staff>) {
    self.query = query
    self.staff = staff
    let sought = DirectoryWords(query.words)
    words = sought.words
    number = sought.number
  }

  static let columns: SQL = """
    t.tenant_id, t.slug, t.name, t.name_folded, t.status, t.tier, t.industry, t.employee_count,
    (
      SELECT count(*) FROM ticket k WHERE k.tenant_id = t.tenant_id AND k.state NOT IN ('resolved', 'closed')
    ) AS open_tickets, u.errors_24h, u.jobs_dead, u.index_state, a.access
    """

  /// Where the columns are read: the clients that were found, how each is doing, and the access that a person has open
  /// there. These are few: they are read once, not once a client.
  static func tables(for staff: ID<Staff>) -> SQL {
    """
    JOIN tenant_directory t USING (tenant_id)
    LEFT JOIN tenant_pulse u ON u.tenant_id = t.tenant_id
    LEFT JOIN (
      SELECT DISTINCT ON (i.tenant_id) i.tenant_id, i.id AS access
      FROM impersonation i
      WHERE i.staff_id = \(staff) AND i.ended_at IS NULL
      ORDER BY i.tenant_id, i.started_at DESC
    ) a ON a.tenant_id = t.tenant_id
    """
  }

  var isFirstPage: Bool { query.after == nil }

  /// The page and the count by one reading of all that matches, up to as many as are counted; `nil` where the order of
  /// an index gives the page at once.
  public var scan: SQL? {
    guard !words.isEmpty, !isShort else { return nil }
    let place: SQL =
      query.after.map {
        "(m.rank, m.name_folded COLLATE \"C\", m.tenant_id) > (\($0.rank), \($0.name) COLLATE \"C\", \($0.id))"
      } ?? "true"
    return """
      WITH matched AS MATERIALIZED (
        SELECT t.tenant_id, t.name_folded,
          CASE WHEN \(fragment: exact) THEN 0 WHEN \(fragment: start) THEN 1 WHEN \(fragment: word) THEN 2 ELSE 3 END
            AS rank
        FROM tenant_directory t
        WHERE \(fragment: anyRank) AND \(fragment: filters)
        LIMIT \(DirectoryPage.countLimit + 1)
      )
      SELECT \(fragment: Self.columns), hit.rank, (SELECT count(*) FROM matched) AS matches
      FROM (
        SELECT m.tenant_id, m.rank FROM matched m
        WHERE \(fragment: place)
        ORDER BY m.rank, m.name_folded COLLATE "C", m.tenant_id
        LIMIT \(query.limit + 1)
      ) hit
      \(fragment: Self.tables(for: staff))
      ORDER BY hit.rank, t.name_folded COLLATE "C", t.tenant_id
      """
  }

  /// One more row than a page holds, in order.
  public var page: SQL {
    let ranked = ranks.map { rank in
      SQL.parenthesized(
        """
        SELECT t.tenant_id, \(rank.number) AS rank
        FROM tenant_directory t
        WHERE \(fragment: rank.condition) AND \(fragment: filters) AND \(fragment: isAfter(rank.number))
        ORDER BY t.name_folded COLLATE "C", t.tenant_id
        LIMIT \(query.limit + 1)
        """)
    }
    return """
      SELECT \(fragment: Self.columns), hit.rank
      FROM (
        SELECT * FROM (\(fragment: .unionAll(ranked))) ranks
        LIMIT \(query.limit + 1)
      ) hit
      \(fragment: Self.tables(for: staff))
      ORDER BY hit.rank, t.name_folded COLLATE "C", t.tenant_id
      """
  }

  /// How many clients match, up to the limit.
  public var count: SQL {
    """
    SELECT count(*) FROM (
      SELECT 1 FROM tenant_directory t
      WHERE \(fragment: anyRank) AND \(fragment: filters)
      LIMIT \(DirectoryPage.countLimit + 1)
    ) counted
    """
  }

  /// Names that are nearly the words, for when few match; `nil` for words too short to be mistyped. The filters hold
  /// before the nearest are taken: else a name that they ask for would be missing behind twenty that they do not.
  public var near: SQL? {
    guard text.count >= 4 else { return nil }
    return """
      SELECT \(fragment: Self.columns), \(DirectoryEntry.Match.near.rawValue) AS rank
      FROM (
        SELECT t.tenant_id, word_similarity((SELECT directory_fold(\(text)::text)), t.name_folded) AS likeness
        FROM tenant_directory t
        WHERE t.name_folded %> (SELECT directory_fold(\(text)::text)) AND \(fragment: filters)
        ORDER BY likeness DESC, t.name_folded COLLATE "C"
        LIMIT 20
      ) hit
      \(fragment: Self.tables(for: staff))
      WHERE hit.likeness >= 0.5
      ORDER BY hit.likeness DESC, t.name_folded COLLATE "C", t.tenant_id
      """
  }

  private struct Rank {
    let number: Int
    let condition: SQL
  }

  private var ranks: [Rank] {
    guard !words.isEmpty else { return [Rank(number: 1, condition: "true")] }
    guard !isShort else {
      return [
        Rank(number: 0, condition: "t.slug = \(text)"),
        Rank(number: 1, condition: "\(fragment: start) AND t.slug <> \(text)"),
        Rank(number: 3, condition: "\(fragment: slugStart) AND NOT \(fragment: start) AND t.slug <> \(text)"),
      ]
    }
    return [
      Rank(number: 0, condition: exact),
      Rank(number: 1, condition: "\(fragment: start) AND NOT \(fragment: exact)"),
      Rank(
        number: 2,
        condition: "\(fragment: within) AND \(fragment: word) AND NOT \(fragment: start) AND NOT \(fragment: exact)"),
      Rank(
        number: 3,
        condition: "\(fragment: within) AND NOT \(fragment: word) AND NOT \(fragment: start) AND NOT \(fragment: exact)"
      ),
    ]
  }

  /// A client matches once, whatever its rank: what matches exactly or from its start is within the folded text too.
  private var anyRank: SQL {
    guard !words.isEmpty else { return "true" }
    return isShort ? .any([slugStart, start]) : within
  }

  // What the server makes of the words is a query of its own each time: it then runs once, not once a row.

  private var text: String { words.joined(separator: " ") }

  private var isShort: Bool { text.count <= 2 }

  private var exact: SQL {
    if let id = ID<Tenant>(text) { return "t.tenant_id = \(id)" }
    // Only a domain has a dot.
    return text.contains(".") ? "(t.slug = \(text) OR t.domains @> ARRAY[\(text)::text])" : "t.slug = \(text)"
  }

  private var start: SQL {
    """
    (t.name_folded COLLATE "C" >= (SELECT directory_fold(\(text)::text)) COLLATE "C"
    AND t.name_folded COLLATE "C" < (SELECT directory_fold(\(text)::text) || U&'\\+10FFFF') COLLATE "C")
    """
  }

  private var slugStart: SQL { "t.slug LIKE \(SQL.pattern(text) + "%")::text" }

  private var within: SQL {
    let holdsAll = SQL.all(
      words.map { "t.folded LIKE (SELECT '%' || directory_fold(\(SQL.pattern($0))::text) || '%')" })
    guard let number else { return holdsAll }
    // The ids of whose number it is are read once: to work out a row's numbers takes longer than to read it.
    return .any([
      holdsAll,
      """
      t.tenant_id = ANY (ARRAY (
        SELECT n.tenant_id FROM tenant_directory n
        WHERE directory_numbers(n.lines, n.contract_number) @> ARRAY[\(number)::text]
        LIMIT \(DirectoryPage.countLimit + 1)
      ))
      """,
    ])
  }

  private var word: SQL {
    "(' ' || t.name_folded) LIKE (SELECT '% ' || directory_fold(\(SQL.pattern(text))::text) || '%')"
  }

  private var filters: SQL {
    var conditions: [SQL] = []
    if !query.statuses.isEmpty { conditions.append("t.status = ANY(\(query.statuses.map(\.rawValue)))") }
    if !query.tiers.isEmpty { conditions.append("t.tier = ANY(\(query.tiers.map(\.rawValue)))") }
    if !query.industries.isEmpty { conditions.append("t.industry = ANY(\(query.industries.map(\.rawValue)))") }
    switch query.only {
    case nil: break
    case .openTicket:
      conditions.append(
        "EXISTS (SELECT 1 FROM ticket k WHERE k.tenant_id = t.tenant_id AND k.state NOT IN ('resolved', 'closed'))")
    case .mine:
      conditions.append(
        """
        (EXISTS (SELECT 1 FROM staff_pin p WHERE p.staff_id = \(staff) AND p.tenant_id = t.tenant_id)
        OR EXISTS (SELECT 1 FROM impersonation i
          WHERE i.staff_id = \(staff) AND i.tenant_id = t.tenant_id AND i.ended_at IS NULL)
        OR EXISTS (SELECT 1 FROM ticket k
          WHERE k.assignee_id = \(staff) AND k.tenant_id = t.tenant_id AND k.state NOT IN ('resolved', 'closed')))
        """)
    }
    return .all(conditions)
  }

  private func isAfter(_ rank: Int) -> SQL {
    guard let after = query.after else { return "true" }
    if rank < after.rank { return "false" }
    if rank > after.rank { return "true" }
    return "(t.name_folded COLLATE \"C\", t.tenant_id) > (\(after.name) COLLATE \"C\", \(after.id))"
  }
}
