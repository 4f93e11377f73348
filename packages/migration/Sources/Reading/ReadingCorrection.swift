// What a person says about how a file is to be read, beside what was found out.

package import SourceFiles

/// A correction of how a batch's file was read. What is `nil` stays as it was; what is to be found out anew is said so.
package struct ReadingCorrection: Sendable, Hashable {
  package var encoding: Part<String>?
  package var delimiter: Part<String>?
  package var headerRow: Part<Int>?
  /// A sheet, an entry of a ZIP, or a JSON pointer.
  package var table: String?
  package var hidden: HiddenCells?

  /// One thing about a reading.
  package enum Part<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The console looks for itself.
    case foundOut
    case chosen(Value)

    fileprivate var value: Value? {
      switch self {
      case .foundOut: nil
      case .chosen(let value): value
      }
    }
  }

  package init() {}
}

extension Batch {
  /// How the file is read with a correction. In another table the console looks for everything itself that is not said.
  func options(with correction: ReadingCorrection) -> ReadingOptions {
    let isOther = correction.table != nil && correction.table != table
    var options = isOther ? ReadingOptions(hidden: options.hidden) : options
    if let table = correction.table { options.sheet = table }
    if let encoding = correction.encoding { options.encoding = encoding.value }
    if let delimiter = correction.delimiter { options.delimiter = delimiter.value }
    if let headerRow = correction.headerRow { options.headerRow = headerRow.value }
    if let hidden = correction.hidden { options.hidden = hidden }
    return options
  }
}
