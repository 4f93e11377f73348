// What has come to stand where rows are to come back, and what is missing under them: another one has their number by
// now, which only one may have; or what an import had made on the way for them cannot be made again.

import Postgres

extension UndoReversal {
  /// Of the rows that were kept, those whose number another one has, or for whose sake something would have to be made
  /// again that cannot be.
  var displaced: [SQL] {
    TargetTable.numbers.map { table, name, column in
      """
      INSERT INTO undo_finding (record_id, bucket, needs, reason)
      SELECT DISTINCT k.record_id, 'superseded', 'never', \(Self.taken(name, of: table))
      FROM undo_kept k
      WHERE k.target_table = \(table.rawValue)
        AND EXISTS (SELECT FROM \(fragment: table.name) t WHERE \(fragment: column) = k.names ->> \(name) OFFSET 0)
      """
    } + Dependant.foreignKeys.filter { TargetTable.implied.contains($0.parent) }.flatMap(madeAgain)
      + Dependant.foreignKeys.filter { $0.parent == .campaign }.map(stranded)
  }

  private func madeAgain(_ dependant: Dependant) -> [SQL] {
    let parent = dependant.parent
    return TargetTable.numbers.filter { $0.table == parent }.map { _, name, column in
      """
      INSERT INTO undo_finding (record_id, bucket, needs, reason)
      SELECT DISTINCT c.record_id, 'superseded', 'never', \(Self.taken(name, of: parent))
      FROM (\(fragment: cleared(dependant))) c
      WHERE EXISTS (
        SELECT FROM \(fragment: parent.name) t WHERE \(fragment: column) = c.archived ->> \(name) OFFSET 0)
      """
    }
  }

  /// A campaign that an import had made asked for a version of a policy, which is here or comes back with it.
  private func stranded(_ dependant: Dependant) -> SQL {
    """
    INSERT INTO undo_finding (record_id, bucket, needs, reason)
    SELECT DISTINCT c.record_id, 'gone', 'never', 'policy_version is not here any more'
    FROM (\(fragment: cleared(dependant))) c
    CROSS JOIN LATERAL (
      SELECT (c.archived ->> 'policy_id')::uuid AS target_id, c.archived ->> 'policy_version' AS target_part
    ) l
    WHERE NOT EXISTS (
        SELECT FROM policy_version t WHERE \(fragment: TargetTable.policyVersion.isNamed) OFFSET 0)
      AND NOT EXISTS (
        SELECT FROM migration_undo_archive a
        JOIN migration_provenance p ON p.id = a.provenance_id
        WHERE a.target_id = l.target_id AND a.target_table = \(TargetTable.policyVersion.rawValue)
          AND a.archived ->> 'number' = l.target_part AND \(fragment: returns(beside: "c.record_id"))
        OFFSET 0)
    """
  }

  /// The records of rows that name what an import had made on the way and an undo has cleared, each with that as it was
  /// kept, `archived`; of what is not here.
  private func cleared(_ dependant: Dependant) -> SQL {
    let parent = dependant.parent
    return """
      SELECT k.record_id, a.archived
      FROM undo_kept k
      CROSS JOIN LATERAL (SELECT (k.names ->> \(dependant.columns))::uuid AS id) w
      CROSS JOIN LATERAL (
        SELECT a.archived
        FROM migration_undo_archive a
        JOIN migration_provenance p ON p.id = a.provenance_id AND p.action = 'implied' AND p.undone_by = a.undo_id
        WHERE a.target_id = w.id AND a.target_table = \(parent.rawValue) AND a.position >= 0
        ORDER BY a.undo_id DESC
        LIMIT 1
      ) a
      WHERE k.target_table = \(dependant.child.rawValue)
        AND NOT EXISTS (SELECT FROM \(fragment: parent.name) t WHERE t.id = w.id OFFSET 0)
      """
  }

  private static func taken(_ column: String, of table: TargetTable) -> String {
    "the \(column) of the \(table.rawValue) is another one's by now"
  }
}
