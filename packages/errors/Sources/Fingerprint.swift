// What makes two errors one: where they happened and what they say once its variables are replaced.

import Crypto
import EthicoTypes
import FoundationEssentials

/// What alike errors have in common: SHA-256 of kind, place and message, a line each.
package struct Fingerprint: Sendable, Hashable {
  let bytes: [UInt8]

  /// - Parameter place: the name of a route, or the kind of a job.
  package init(_ kind: ErrorKind, _ place: String, _ message: ErrorText) {
    let text = [kind.rawValue, place, message.description].joined(separator: "\n")
    bytes = Array(SHA256.hash(data: Data(text.utf8)))
  }

  /// In hexadecimal.
  package var text: String {
    bytes.hexadecimal
  }
}
