// What people call a record by. It stands in the subject of a ticket, in a link, in the field of search.

/// The reference of a report, its case or a disclosure: `RPT-2026-00412`.
package struct RecordReference: Sendable, Hashable {
  package let text: String

  /// - Returns: `nil` for words that are anything but a reference.
  package init?(_ words: String) {
    let upper = words.uppercased()
    guard upper.wholeMatch(of: /(RPT|DSC)-[0-9]{4}-[0-9]{5,9}/) != nil else { return nil }
    text = upper
  }

  /// The references that a text names, each once, in its order.
  package static func all(in text: String) -> [RecordReference] {
    var found: [RecordReference] = []
    for word in text.split(whereSeparator: { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "-") }) {
      if let reference = RecordReference(String(word)), !found.contains(reference) { found.append(reference) }
    }
    return found
  }
}
