// What has come to stand where rows are to come back: another one has their number by now, and only one may have it.

import Postgres

extension UndoReversal {
  /// Of the rows that were kept, those whose number another one has.
  var taken: [SQL] {
    TargetTable.numbers.map { table, name, column in
      """
      INSERT INTO undo_finding (record_id, bucket, needs, reason)
      SELECT DISTINCT k.record_id, 'superseded', 'never', \(Self.reason(table, name))
      FROM undo_kept k
      WHERE k.target_table = \(table.rawValue) AND k.names ->> \(name) IS NOT NULL
        AND EXISTS (SELECT FROM \(fragment: table.name) t WHERE \(fragment: column) = k.names ->> \(name) OFFSET 0)
      """
    } + Dependant.foreignKeys.flatMap(madeAnew)
  }

  /// What an import had made on the way comes back with the rows that name it, unless another one has its number.
  private func madeAnew(_ dependant: Dependant) -> [SQL] {
    let parent = dependant.parent
    guard TargetTable.implied.contains(parent), let named = dependant.idColumn else { return [] }
    return TargetTable.numbers.filter { $0.table == parent }.map { _, name, column in
      """
      INSERT INTO undo_finding (record_id, bucket, needs, reason)
      SELECT DISTINCT k.record_id, 'superseded', 'never', \(Self.reason(parent, name))
      FROM undo_kept k
      CROSS JOIN LATERAL (SELECT (k.names ->> \(named))::uuid AS id) w
      CROSS JOIN LATERAL (
        SELECT a.archived ->> \(name) AS number
        FROM migration_undo_archive a
        JOIN migration_provenance p ON p.id = a.provenance_id AND p.action = 'implied' AND p.undone_by = a.undo_id
        WHERE a.target_id = w.id AND a.target_table = \(parent.rawValue) AND a.position >= 0
        ORDER BY a.undo_id DESC
        LIMIT 1
      ) a
      WHERE k.target_table = \(dependant.child.rawValue) AND a.number IS NOT NULL
        AND NOT EXISTS (SELECT FROM \(fragment: parent.name) t WHERE t.id = w.id OFFSET 0)
        AND EXISTS (SELECT FROM \(fragment: parent.name) t WHERE \(fragment: column) = a.number OFFSET 0)
      """
    }
  }

  private static func reason(_ table: TargetTable, _ column: String) -> String {
    "the \(column) of the \(table.rawValue) is another one's by now"
  }
}
