// What a source said of a record last, and whether a row that comes again says anything else.

import Mapping
import Postgres

/// The newest layer of a record that stands, as `l`.
enum NewestLayer {
  static func of(_ record: SQL) -> SQL {
    """
    SELECT l.content_hash, l.batch_id, l.row_no, l.imported_fields
    FROM migration_provenance l
    WHERE l.record_id = \(fragment: record) AND l.content_hash IS NOT NULL AND l.undone_at IS NULL
    ORDER BY l.seq DESC
    LIMIT 1
    """
  }

  /// Whether a staged row `s` says what `l` said. The same days are something else where they begin at another moment,
  /// because the zone of their column was put right, and the record can still be moved to it; when they began then is
  /// known until that row is purged.
  static func isRepeated(in entity: ImportEntity) -> SQL {
    guard [.case, .disclosure, .attestation].contains(entity) else { return "s.content_hash = l.content_hash" }
    return """
      (s.content_hash = l.content_hash AND NOT (s.days <> '{}' AND EXISTS (
        SELECT FROM migration_staged_row o
        WHERE o.batch_id = l.batch_id AND o.row_no = l.row_no AND o.days NOT IN ('{}', s.days))))
      """
  }
}
