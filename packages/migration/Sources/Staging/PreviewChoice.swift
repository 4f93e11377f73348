// Which rows of a batch a preview shows: fifty, chosen so that a person sees the usual and the unusual, and no row
// twice.

import EthicoTypes

/// Why a row is among those of a preview.
package enum PreviewSample: String, Sendable, CaseIterable {
  case first, issues, longest, rarest, random

  package var label: String {
    switch self {
    case .first: "First rows"
    case .issues: "With issues"
    case .longest: "Longest"
    case .rarest: "Rarest values"
    case .random: "Picked at random"
    }
  }

  /// How many rows of that kind a preview shows.
  package var limit: Int {
    switch self {
    case .first, .issues: 10
    case .longest, .rarest: 5
    case .random: 20
    }
  }
}

/// The rows of a preview, by their numbers.
package struct PreviewChoice: Sendable, Hashable {
  private var chosen: [PreviewSample: [Int]] = [:]
  /// The numbers of the first and the last row; `nil` where there are none.
  package let ends: ClosedRange<Int>?

  /// - Parameter candidates: more rows of each kind than are shown, the best first. A row is shown as the first kind
  ///   that has it.
  init(_ candidates: [PreviewSample: [Int]], within ends: ClosedRange<Int>?) {
    self.ends = ends
    var taken: Set<Int> = []
    for sample in PreviewSample.allCases {
      var rows: [Int] = []
      for number in candidates[sample] ?? [] where rows.count < sample.limit {
        if taken.insert(number).inserted { rows.append(number) }
      }
      chosen[sample] = rows
    }
  }

  /// The numbers of the rows of one kind, in the order of the file.
  package func numbers(_ sample: PreviewSample) -> [Int] { (chosen[sample] ?? []).sorted() }
}
