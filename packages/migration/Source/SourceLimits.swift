// How much of anything is read. Each limit has a code of its own.

/// The bounds of a source file. Tests set smaller ones.
package struct SourceLimits: Sendable {
  /// Bytes of a file, and of a table inside a ZIP.
  package var fileBytes = 2 << 30
  /// Rows of a table.
  package var rows = 5_000_000
  /// Columns of a table.
  package var columns = 1000
  /// Bytes of a cell as UTF-8.
  package var cellBytes = 1 << 20
  /// Bytes of a row in all; cells beyond it are cut as those that are too long themselves.
  package var rowBytes = 8 << 20
  /// Entries of a ZIP.
  package var entries = 200_000
  /// Levels of JSON within JSON.
  package var depth = 64
  /// Tables offered of one file: sheets, entries, arrays.
  package var tables = 500

  /// Those of the platform.
  package static let standard = SourceLimits()

  /// These bounds.
  package init() {}
}
