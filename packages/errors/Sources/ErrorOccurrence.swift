// Something that has just gone wrong, as it is about to be written down.

public import Access
public import EthicoTypes
import Postgres

/// One time that something went wrong.
public struct ErrorOccurrence: Sendable, Hashable {
  public let kind: ErrorKind
  /// The name of a route, or the kind of a job.
  public let place: String
  public let message: ErrorText
  /// What the request was answered with.
  public var status: Int?
  public var staff: ID<Staff>?
  public var subject: ID<ClientUser>?
  public private(set) var context: [ErrorContextKey: String] = [:]

  public init(_ kind: ErrorKind, at place: String, _ message: ErrorText) {
    self.kind = kind
    self.place = place
    self.message = message
  }

  public init(_ kind: ErrorKind, at place: String, _ error: any Error) {
    self.init(kind, at: place, ErrorText(error))
    self[.type] = String(describing: type(of: error))
    if let error = error as? PostgresError {
      self[.sqlState] = error.sqlState.rawValue
      self[.constraint] = error.constraint
    }
  }

  /// What is kept beside it.
  public subscript(key: ErrorContextKey) -> String? {
    get { context[key] }
    set { context[key] = newValue.map { String($0.prefix(80)) } }
  }
}
