// A file of a client's former system, as it came: its name, its size, and its bytes sealed in the database.

package import EthicoTypes
package import FoundationEssentials

/// A file that was brought in.
package struct SourceFileRecord: Sendable, Hashable {
  package let id: ID<SourceFileRecord>
  package let name: String
  /// What its bytes say it is, as `csv`; `nil` while it has not been read.
  package let kind: String?
  package let byteCount: Int
  package let sha256: [UInt8]
  package let uploadedAt: Date
  /// Whether a job is to read it, for the first time or again.
  package let isBeingRead: Bool
  /// Why it cannot be read, if that is so.
  package let refusal: Refusal?
  /// When its bytes were removed, some time after the client had signed off.
  package let purgedAt: Date?
  let blob: ID<StoredBytes>

  /// What is wrong with a file: a word for programs and a sentence for people.
  package struct Refusal: Sendable, Hashable {
    package let code: String
    package let text: String

    /// Of a file whose reading ended before anything was known of it.
    static let givenUp = Refusal(
      code: "unread", text: "Reading it was given up. Delete it and bring it again, or have its job tried again.")
  }

  /// The longest name, in characters.
  package static let nameLimit = 200
  /// The largest file, in bytes.
  package static let byteLimit = 2_147_483_648
}

/// The bytes of a file, for ids.
package enum StoredBytes {}

/// A file whose bytes are stored.
struct StoredFile: Sendable {
  let name: String
  let byteCount: Int
  let sha256: [UInt8]
  let blob: ID<StoredBytes>
}

/// Why a file was not taken in.
package enum FileRefusal: Error, Sendable, Hashable {
  /// The same bytes are here already.
  case known(SourceFileRecord)
  /// The program has no key to seal it with.
  case noKey
  /// Nothing comes over yet: what does has to be chosen first.
  case noProject
  /// Records came from it.
  case used(SourceFileRecord)
  /// A batch of it is on its way.
  case open(SourceFileRecord)
  /// Nothing can be made of it: it was not read, or its bytes are gone.
  case unreadable(SourceFileRecord)
}
