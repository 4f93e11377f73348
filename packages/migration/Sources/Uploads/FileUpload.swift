// A file on its way in: how much of it is here. Its bytes lie sealed like those of a file that is whole, so that any
// instance of the console can take what follows.

package import EthicoTypes
package import FoundationEssentials

/// A file that comes a piece at a time, and may be cut off anywhere.
package struct FileUpload: Sendable, Hashable {
  package let id: ID<FileUpload>
  package let name: String
  package let byteCount: Int
  /// So many of its bytes are here.
  package let offset: Int
  package let touchedAt: Date
  /// The file that came of it; `nil` while it is not finished.
  package let file: ID<SourceFileRecord>?
  /// Whether it goes on where it was cut off when the same file is chosen again: it came with the moment of its last
  /// change, so that the file can be told. What came by a form is sent again as a whole.
  package let canGoOn: Bool
  let blob: ID<StoredBytes>

  /// Whether all its bytes are here.
  package var isWhole: Bool { offset == byteCount }

  /// Bytes are stored in pieces that end at multiples of this.
  package static let pieceBytes = StoredBytes.pieceBytes
  /// One request brings at most so many bytes.
  package static let requestBytes = 8 * StoredBytes.pieceBytes
  /// So many of one client may be unfinished.
  package static let openLimit = 50
  /// What nothing was added to for so long is removed.
  package static let restSeconds: TimeInterval = 7 * 86_400
}

/// A file that is about to come.
package struct NewUpload: Sendable, Hashable {
  package let name: String
  package let byteCount: Int
  /// When its owner's machine says it was last changed, in milliseconds since 1970; `nil` where that was not said.
  package let modifiedMilliseconds: Int?

  package init(name: String, byteCount: Int, modifiedMilliseconds: Int?) {
    self.name = name
    self.byteCount = byteCount
    self.modifiedMilliseconds = modifiedMilliseconds
  }
}

/// What came of a file that is whole.
package enum UploadEnd: Sendable, Hashable {
  case file(ID<SourceFileRecord>)
  /// The same bytes are here as another file; these were let go.
  case known(SourceFileRecord)
}

/// Why bytes were not taken in.
package enum UploadRefusal: Error, Sendable, Hashable {
  /// More, or less, of the file is here than the sender thought.
  case moved(FileUpload)
  /// They go beyond the length that was announced.
  case beyondEnd(FileUpload)
  /// The file was to be finished before all of it is here.
  case incomplete(FileUpload)
  /// What is here cannot be opened any more.
  case sealedOtherwise
  /// It became a file meanwhile.
  case finished
  /// Too many files of this client are unfinished.
  case tooMany
}
