// What is known of a batch once its rows have been read: what is wrong, by rule and column, and the rows themselves.

import EthicoTypes
package import FoundationEssentials

/// How often a rule was broken in one column.
package struct IssueGroup: Sendable, Hashable {
  package let code: IssueCode
  package let position: Int?
  package let count: Int
  /// The first row, and what stood there.
  package let row: Int
  package let value: String?
}

/// A row as it came and as it would be.
package struct PreviewRow: Sendable, Hashable {
  package let number: Int
  package let cells: [String]
  /// The record by the names of the target schema, as JSON.
  package let parsed: String
  package let legacy: String
  package let key: String?
  package let decision: StagedDecision?
  package let target: UUID?
  package let issues: [RowIssue]
}
