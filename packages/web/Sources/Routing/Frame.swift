// Everything about a request that a view may show.

public import Access
import EthicoTypes
public import Markup

/// What a layout and a view know besides the page's own content.
public struct Frame: Sendable {
  /// `nil` where nobody is signed in, as on the sign-in page.
  public let signedIn: SignedIn?
  /// Set on every page under `/i/`.
  public let acting: ActingContext?
  /// Its id stands at the foot of the page as the correlation id.
  public let request: RequestFacts
  /// The path and query of the request, to lead back to.
  public let address: String
  /// What a script of the page has to carry so that it runs.
  public let nonce: String
  /// The token for forms of this sign-in; empty where nobody is signed in.
  public let csrf: String
  /// Times in the person's zone, else in UTC, as seen when the frame was made.
  public let face: ClockFace
  /// The program's, shown at the foot of the page.
  public let release: String
  /// The addresses of style sheets, scripts and icons.
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
  /// What the step is called, which may be a client's name: it is set in its own direction.
  public let label: String
  /// The page that it leads to.
  public let path: Path

  /// A step by its words and the page that they lead to.
  public init(_ label: String, _ path: Path) {
    self.label = label
    self.path = path
  }
}

/// A page: a value with two faces. `Accept: application/json` gets the value, a browser its view.
public struct Page: Sendable {
  /// Of the window, and of the last step of the breadcrumbs.
  public var title: String
  /// From the top down, without the page itself.
  public var crumbs: [Crumb]
  /// The entry of the navigation that this page belongs to, by its path.
  public var section: Path
  /// Where its stream is, for a page on which more may change than the right to look at it.
  public var live: Path?
  /// What the audit trail calls the record that the page shows, kept beside the event and erasable.
  public let trace: String?
  /// What programs get; inside a workspace an object, since `acting` is added to it.
  public let value: any Encodable & Sendable
  /// What stands within the layout.
  public let content: @Sendable (Frame) -> HTML

  /// - Parameter live: without one, the page's stream tells only that the right to look has ended.
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
