// Everything about a request that a view may show.

package import Access
import EthicoTypes
package import Markup

/// What a layout and a view know besides the page's own content.
package struct Frame: Sendable {
  package let signedIn: SignedIn?
  /// Set on every page under `/i/`.
  package let acting: ActingContext?
  package let request: RequestFacts
  /// The path and query of the request, to lead back to.
  package let address: String
  package let nonce: String
  package let csrf: String
  package let face: ClockFace
  package let release: String
  package let assets: Assets
  /// A fresh idempotency key for the forms of this page.
  package let key: String
  /// What the request before this one did, as a code that the page knows.
  package let done: String?

  /// The hidden fields of a form on this page.
  package var secrets: FormSecrets { FormSecrets(csrf: csrf, key: key) }

  /// The hidden fields of one of several forms on this page: each has a key of its own.
  package func secrets(_ form: String) -> FormSecrets { FormSecrets(csrf: csrf, key: key + "." + form) }
}

/// One step on the way from the top to a page.
package struct Crumb: Sendable, Hashable {
  package let label: String
  package let path: Path

  package init(_ label: String, _ path: Path) {
    self.label = label
    self.path = path
  }
}

/// A page: a value with two faces. `Accept: application/json` gets the value, a browser its view.
package struct Page: Sendable {
  package var title: String
  package var crumbs: [Crumb]
  /// The entry of the navigation that this page belongs to, by its path.
  package var section: Path
  /// Where its stream is, for a page on which more may change than the right to look at it.
  package var live: Path?
  /// What the audit trail calls the record that the page shows, kept beside the event and erasable.
  package let trace: String?
  package let value: any Encodable & Sendable
  package let content: @Sendable (Frame) -> HTML

  package init(
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
