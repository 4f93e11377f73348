// Which columns of a source may say who reported: what stands in them never leaves the sealed file with an anonymous
// report.

package import Mapping
import SourceFiles
import Synchronization

/// Columns that may say who reported.
package enum ReporterIdentity {
  /// The fields of a case that say who reported.
  package static let targets = ["reporter_email", "reporter_name", "reporter_phone", "reporter_relationship"]

  /// The fields of a record that may say who reported the case it is or belongs to; each is guarded where they stay
  /// anonymous.
  package static func targets(of entity: ImportEntity) -> [String] {
    switch entity {
    case .case: targets
    case .attachment: ["uploaded_by.employee_id", "uploaded_by.email", "uploaded_by.name"]
    case .auditEvent: ["actor.employee_id", "actor.email", "actor.name", "ip"]
    case .person, .policy, .attestation, .disclosure: []
    }
  }

  /// The fields of a former system's event that say what something was and became.
  static let changes = ["old_value", "new_value"]

  /// What stands instead of a cell.
  static let withheld = "«withheld»"

  /// Whether a header seems to name something of a reporter's.
  package static func isNamed(by header: String) -> Bool {
    if let known = known.withLock({ $0[header] }) { return known }
    let isNamed = ReporterNames.isNamed(by: header)
    known.withLock { if $0.count < knownLimit { $0[header] = isNamed } }
    return isNamed
  }

  /// A trail names the same few fields in every row.
  private static let known = Mutex<[String: Bool]>([:])
  private static let knownLimit = 2_000

  /// The columns of a mapping that may say who reported. What says only whether they are known says nothing of them.
  static func columns(_ columns: [ColumnDecision]) -> Set<Int> {
    Set(
      columns.filter { column in
        column.act == .quarantined || column.target.map(targets.contains) ?? false
          || column.target != "reporter_type" && isNamed(by: column.name)
      }.map(\.index))
  }
}

extension ImportEntity {
  /// Whether a record of it is a case or may belong to one, so that its columns may say who reported.
  var mayNameReporter: Bool { !ReporterIdentity.targets(of: self).isEmpty }
}

extension ColumnProfile {
  /// The same without anything that stood in the column.
  func withheld(_ isWithheld: (Int) -> Bool) -> ColumnProfile {
    isWithheld(index) ? withoutValues() : self
  }
}

extension SourceShape {
  /// The same without what stands in the table.
  var withoutGrid: SourceShape {
    var shape = self
    shape.grid = []
    return shape
  }

  /// The first rows, without what may say who reported.
  func grid(withholding columns: Set<Int>) -> [GridRow] { grid.map { $0.withholding(columns) } }
}

extension SourceShape.GridRow {
  /// The same without what stands in some columns.
  func withholding(_ columns: Set<Int>) -> Self {
    Self(
      number: number,
      cells: cells.enumerated().map { index, cell in
        columns.contains(index) && !cell.isEmpty ? ReporterIdentity.withheld : cell
      })
  }
}
