// A table that its file hides, as a sheet of a workbook: somebody says whether its rows come over too.

package import EthicoTypes
import Mapping
import SourceFiles

/// A hidden table with rows.
package struct HiddenTable: Sendable, Hashable {
  package let file: ID<SourceFileRecord>
  /// Where it stands among the hidden ones, from 0.
  package let position: Int
  package let name: String
  /// Whether it is being read.
  package let isBeingRead: Bool
  /// Why it cannot be read, a sentence.
  package let refused: String?

  /// So many are looked at in a file.
  private static let limit = 40

  /// The hidden tables of a file that hold at least one row.
  static func withRows(of source: SourceFile, _ shape: SourceShape) throws(SourceError) -> [String] {
    var names: [String] = []
    for table in shape.tables.filter(\.isHidden).prefix(limit) where isNamed(table.name, beside: names) {
      if try hasRows(table.name, source) { names.append(table.name) }
    }
    return names
  }

  /// Whether a table can be asked for by its name: programs give each a short one of its own, a file may not.
  private static func isNamed(_ name: String, beside others: [String]) -> Bool {
    !name.isEmpty && name.count <= nameLimit && !others.contains(name)
  }

  private static let nameLimit = 500

  private static func hasRows(_ table: String, _ source: SourceFile) throws(SourceError) -> Bool {
    do throws(SourceError) {
      let shape = try source.inspect(ReadingOptions(sheet: table))
      return try source.profile(shape, rowLimit: 1).table.rows > 0
    } catch {
      // A bomb is one for the whole file; one sheet that cannot be read is nothing to ask about.
      guard error.code != .zipRatio, error.code != .zipOverlap else { throw error }
      return false
    }
  }
}
