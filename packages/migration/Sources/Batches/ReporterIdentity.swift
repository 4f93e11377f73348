// Which columns of a source may say who reported: what stands in them never leaves the sealed file with an anonymous
// report.

import Mapping
import SourceFiles

/// Columns that may say who reported.
package enum ReporterIdentity {
  /// The fields of a case that say who reported.
  package static let targets = ["reporter_email", "reporter_name", "reporter_phone", "reporter_relationship"]

  /// The fields of a former system's event that say what something was and became.
  static let changes = ["old_value", "new_value"]

  /// What stands instead of a cell.
  static let withheld = "«withheld»"

  /// Whether a header seems to name something of a reporter's.
  package static func isNamed(by header: String) -> Bool {
    let words = Set(ValueWords.fold(header).split(separator: "_").map(String.init))
    guard !words.isDisjoint(with: who) else { return false }
    return !words.isDisjoint(with: what)
  }

  /// The columns of a mapping that may say who reported.
  static func columns(_ columns: [ColumnDecision]) -> Set<Int> {
    Set(
      columns.filter { column in
        column.act == .quarantined || column.target.map(targets.contains) ?? false || isNamed(by: column.name)
      }.map(\.index))
  }

  private static let who: Set = [
    "reporter", "reporters", "caller", "callers", "whistleblower", "informant", "complainant", "contact",
    "hinweisgeber",
    "hinweisgebers", "hinweisgebende", "hinweisgebenden", "melder", "melders", "meldende", "meldenden", "denunciante",
    "informante", "declarant", "lanceur", "signalant", "segnalante", "denunciantes", "notificante", "klokkenluider",
  ]
  private static let what: Set = [
    "name", "names", "firstname", "lastname", "surname", "email", "mail", "phone", "telephone", "tel", "mobile", "ip",
    "address", "nachname", "vorname", "telefon", "telefonnummer", "adresse", "anschrift", "nom", "prenom", "courriel",
    "telephone", "nombre", "apellido", "apellidos", "correo", "telefono", "direccion", "nome", "cognome", "indirizzo",
    "endereco", "naam", "telefoon",
  ]
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
  func grid(withholding columns: Set<Int>) -> [GridRow] {
    grid.map { row in
      GridRow(
        number: row.number,
        cells: row.cells.enumerated().map { index, cell in
          columns.contains(index) && !cell.isEmpty ? ReporterIdentity.withheld : cell
        })
    }
  }
}
