// Everything about a request that a view may show.

public import Access
import EthicoTypes
public import Markup

/// What a layout and a view know besides the page's own content.
public struct Frame: Sendable {
  public let signedIn: SignedIn?
  /// Set on every page under `/i/`.
  public let acting: ActingContext?
  public let request: RequestFacts
  /// The path and query of the request, to lead back to.
  public let address: String
  public let nonce: String
  public let csrf: String
  public let face: ClockFace
  public let release: String
  public let assets: Assets
  /// A fresh idempotency key for the forms of this page.
  public let key: String
  /// What the request before this one did, as a code that the page knows.
  public let done: String?

  /// The hidden fields of a form on this page.
  public var secrets: FormSecrets { FormSecrets(csrf: csrf, key: key) }

  /// The hidden fields of one of several forms on this page: each has a key of its own.
  public func secrets(_ form: String) -> FormSecrets { FormSecrets(csrf: csrf, key: key + "." + form) }
}

/// One step on the way from the top to a page.
public struct Crumb: Sendable, Hashable {
  public let label: String
  public let path: Path

  public init(_ label: String, _ path: Path) {
    self.label = label
    self.path = path
  }
}

/// A page: a value with two faces. `Accept: application/json` gets the value, a browser its view.
public struct Page: Sendable {
  public var title: String
  public var crumbs: [Crumb]
  /// The entry of the navigation that this page belongs to, by its path.
  public var section: Path
  /// Where its stream is, for a page on which more may change than the right to look at it.
  public var live: Path?
  /// What the audit trail calls the record that the page shows, kept beside the event and erasable.
  public let trace: String?
  public let value: any Encodable & Sendable
  public let content: @Sendable (Frame) -> HTML

  public init(
    _ title: String, section: Path, crumbs: [Crumb] = [], trace: String? = nil, live: Path? = nil,
    value: some Encodable & Sendable,
    @HTMLBuilder content: @escaping @Sendable (Frame) -> [HTML]
  ) {
    self.title = title
    self.section = section
    self.crumbs = crumbs
    self.trace = trace
    self.live = live
    self.value = value
    self.content = { .group(content($0)) }
  }
}
