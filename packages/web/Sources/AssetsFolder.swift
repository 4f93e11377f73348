// Reads the folder of static files from the disk.

import FoundationEssentials

/// A folder, read as a whole. Links are refused like any other thing that is neither a file nor a folder.
struct AssetsFolder {
  private let root: String

  init(_ root: String) {
    self.root = root
  }

  /// The bytes of every file, by its path in the folder. Names that begin with a dot are left out.
  func read() throws(AssetsError) -> [String: Data] {
    var files: [String: Data] = [:]
    try read(into: &files, folder: "", depth: 0)
    return files
  }

  private func read(into files: inout [String: Data], folder: String, depth: Int) throws(AssetsError) {
    guard depth <= Assets.depthLimit else { throw .tooMany }
    for name in try names(folder) where !name.hasPrefix(".") {
      let path = folder.isEmpty ? name : folder + "/" + name
      switch try kind(path) {
      case .typeDirectory:
        try read(into: &files, folder: path, depth: depth + 1)
      case .typeRegular:
        guard files.count < Assets.countLimit else { throw .tooMany }
        files[path] = try bytes(path)
      default:
        throw .unknownKind(path)
      }
    }
  }

  private func names(_ folder: String) throws(AssetsError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).sorted()
    } catch {
      throw .missing(root + "/" + folder)
    }
  }

  private func kind(_ path: String) throws(AssetsError) -> FileAttributeType {
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: root + "/" + path)
      guard (attributes[.size] as? Int).map({ $0 <= Assets.bytesLimit }) ?? true else {
        throw AssetsError.tooLarge(path)
      }
      return attributes[.type] as? FileAttributeType ?? .typeUnknown
    } catch let error as AssetsError {
      throw error
    } catch {
      throw .missing(path)
    }
  }

  private func bytes(_ path: String) throws(AssetsError) -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: root + "/" + path))
    } catch {
      throw .missing(path)
    }
  }
}
