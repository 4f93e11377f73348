// The static files: read, hashed and gzipped when the program starts, then served from memory under an address that
// changes with their content. Files find each other by relative paths, so module imports and CSS `url()` work
// unchanged.

import Crypto
import EthicoTypes
import FoundationEssentials
public import Markup

/// Every file of `Public/`.
public struct Assets: Sendable {
  private let hash: String
  private let files: [String: Asset]
  private let base: Path

  static let bytesLimit = 2 << 20
  static let countLimit = 1000
  static let depthLimit = 8

  /// Reads a folder. Refuses what it would not serve, so that a page never points to a file that is missing.
  public init(directory: String) throws {
    try self.init(files: try AssetsFolder(directory).read())
  }

  /// Takes files by their path in the folder.
  init(files: [String: Data]) throws(AssetsError) {
    var digest = SHA256()
    var assets: [String: Asset] = [:]
    for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
      guard bytes.count <= Self.bytesLimit else { throw .tooLarge(path) }
      guard path.utf8.allSatisfy(Self.isOfPath), let asset = Asset(name: path, bytes: bytes) else {
        throw .unknownKind(path)
      }
      digest.update(data: Data("\(path)\n\(bytes.count)\n".utf8))
      digest.update(data: bytes)
      assets[path] = asset
    }
    hash = digest.finalize().prefix(6).hexadecimal
    self.files = assets
    base = Path("/assets").appending(hash)
  }

  /// The address of a file: `/assets/{hash of the tree}/css/console.css`.
  public func path(_ file: String) -> Path {
    file.split(separator: "/").reduce(base) { $0.appending($1) }
  }

  /// The file at that path of the tree with that hash. A path is looked up as it stands, so it leads nowhere else.
  public func find(hash: String, path: String) -> Asset? {
    hash == self.hash ? files[path] : nil
  }

  private static func isOfPath(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}

/// A file that cannot be served.
public enum AssetsError: Error, Hashable, CustomStringConvertible {
  case missing(String)
  case tooLarge(String)
  case unknownKind(String)
  case tooMany

  /// A sentence for who starts the program.
  public var description: String {
    switch self {
    case .missing(let path): "The folder of static files cannot be read at “\(path)”."
    case .tooLarge(let path): "The static file “\(path)” has more than 2 MiB."
    case .unknownKind(let path):
      "The static file “\(path)” is of no kind that is served, or its name is not of a–z, 0–9, -, _ and dots."
    case .tooMany: "There are more than \(Assets.countLimit) static files, or they lie too deep."
    }
  }
}
