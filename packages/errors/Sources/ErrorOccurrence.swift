// Something that has just gone wrong, as it is about to be written down.

package import Access
package import EthicoTypes
import Postgres

/// One time that something went wrong.
package struct ErrorOccurrence: Sendable, Hashable {
  package let kind: ErrorKind
  /// The name of a route, or the kind of a job.
  package let place: String
  package let message: ErrorText
  /// What the request was answered with.
  package var status: Int?
  package var staff: ID<Staff>?
  package var subject: ID<ClientUser>?
  package private(set) var context: [ErrorContextKey: String] = [:]

  package init(_ kind: ErrorKind, at place: String, _ message: ErrorText) {
    self.kind = kind
    self.place = place
    self.message = message
  }

  package init(_ kind: ErrorKind, at place: String, _ error: any Error) {
    self.init(kind, at: place, ErrorText(error))
    keep(String(describing: type(of: error)), as: .type)
    if let error = error as? PostgresError {
      keep(error.sqlState.rawValue, as: .sqlState)
      keep(error.constraint, as: .constraint)
    }
  }

  /// Keeps something beside it, as far as it is short.
  package mutating func keep(_ text: String?, as key: ErrorContextKey) {
    context[key] = text.map { String($0.prefix(80)) }
  }
}
