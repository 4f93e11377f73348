// Forms whose fields are numbered by a list: `v3` is of the fourth value. What was sent is shown again only over the
// very list that it was filled in over, since another one has something else in the fourth place.

import Crypto
import EthicoTypes
import FoundationEssentials
import Markup
import Web

/// The list that numbers the fields of a form.
struct NumberedForm: Sendable {
  private let mark: String

  init(_ names: [String]) {
    // By its length no name can pass for two.
    let text = names.map { "\($0.utf8.count) \($0)" }.joined()
    mark = SHA256.hash(data: Data(text.utf8)).hexadecimal
  }

  private static let field = "list"

  /// What the form sends to tell its list from another.
  var view: HTML { hiddenField(Self.field, mark) }

  /// What was sent, unless it was sent over another list. A program that names none has made its own.
  func kept(_ fields: FormFields?) -> FormFields? {
    fields.flatMap { $0[Self.field] ?? mark == mark ? $0 : nil }
  }
}
