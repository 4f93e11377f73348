// The files in a project's archives, given out by their paths while attachments are imported.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Postgres
import SourceFiles

extension JobRun {
  /// The files of every archive of a batch's project, newest first. An archive is opened when a path is asked for that
  /// none of the newer ones has.
  func attachments(of batch: ID<Batch>) -> AttachmentSource {
    let archives = ProjectArchives(run: self, batch: batch)
    return AttachmentSource { path in try await archives.content(of: path) }
  }
}

/// The archives of one project. Which of them has a path is known of all that have been looked into; few are kept open.
actor ProjectArchives {
  private let run: JobRun
  private let batch: ID<Batch>
  private var files: [SourceFileRecord]?
  /// Where the newest file of a path is, by its place among the archives.
  private var places: [PathKey: Int] = [:]
  private var looked = 0
  /// The one that was used last at the end.
  private var stored: [(place: Int, bytes: any ByteSource)] = []
  private var opened: [(place: Int, archive: ZipArchive)] = []

  init(run: JobRun, batch: ID<Batch>) {
    self.run = run
    self.batch = batch
  }

  /// The largest file that becomes an attachment, in bytes: what the workspace takes.
  private static let byteLimit = 26_214_400
  /// So many archives lie unsealed on disk.
  private static let mostStored = 20
  /// The directories of so many are in memory.
  private static let mostOpened = 2

  /// The bytes of a file; `nil` where no archive has it, or it is larger than an attachment may be.
  /// - Throws: `SourceError` where the archive is sound and this one file in it is not.
  func content(of path: String) async throws -> [UInt8]? {
    guard let place = try await place(of: path) else { return nil }
    let archive = try await archive(place)
    guard let entry = archive.entry(named: path), entry.size <= Self.byteLimit else { return nil }
    return try archive.open(entry).readAll()
  }

  /// What the archives hold, the newest of a name; with the digests of some of them.
  func contents(tables: Set<String>, digesting expected: Set<String>) async throws -> ArchiveContents {
    var contents = ArchiveContents()
    var digested = 0
    for place in try await all().indices {
      let archive = try await archive(place)
      note(archive, at: place)
      for entry in archive.entries where places[PathKey(entry.name)] == place {
        var found = ArchiveContents.Entry(
          path: entry.name, byteCount: entry.size,
          isTable: tables.contains(entry.name) || Self.isOfPrograms(entry.name))
        if expected.contains(entry.name), entry.size <= Self.byteLimit {
          found.digest(entry, in: archive)
          digested += 1
          if digested.isMultiple(of: Self.digestsAtOnce) { try await run.progress(digested, of: expected.count) }
        }
        contents.entries.append(found)
      }
    }
    return contents
  }

  /// So many files are read between two signs of life.
  private static let digestsAtOnce = 20

  /// What programs put beside what somebody packed.
  private static func isOfPrograms(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    return parts.first == "__MACOSX" || parts.last?.hasPrefix(".") ?? true
  }

  // MARK: The archives

  private func place(of path: String) async throws -> Int? {
    let key = PathKey(path)
    let count = try await all().count
    while places[key] == nil, looked < count { note(try await archive(looked), at: looked) }
    return places[key]
  }

  /// Writes down what an archive has that no newer one had; they are looked into in their order.
  private func note(_ archive: ZipArchive, at place: Int) {
    guard place == looked else { return }
    for entry in archive.entries where places[PathKey(entry.name)] == nil { places[PathKey(entry.name)] = place }
    looked += 1
  }

  private func archive(_ place: Int) async throws -> ZipArchive {
    if let index = opened.firstIndex(where: { $0.place == place }) {
      opened.append(opened.remove(at: index))
    } else {
      let bytes = try await bytes(place)
      if opened.count == Self.mostOpened { opened.removeFirst() }
      opened.append((place, try await open(place, bytes)))
    }
    return opened[opened.count - 1].archive
  }

  /// An archive that was sound when it was brought in and cannot be opened now stops whatever needs it.
  private func open(_ place: Int, _ bytes: any ByteSource) async throws -> ZipArchive {
    do {
      return try ZipArchive(bytes)
    } catch {
      guard error.code != .fileUnreadable else { throw error }
      throw JobFailure.permanent("“\(try await all()[place].name)”: \(error.message)")
    }
  }

  private func bytes(_ place: Int) async throws -> any ByteSource {
    if let index = stored.firstIndex(where: { $0.place == place }) {
      stored.append(stored.remove(at: index))
    } else {
      if stored.count == Self.mostStored { stored.removeFirst() }
      stored.append((place, try await run.bytes(of: try await all()[place])))
    }
    return stored[stored.count - 1].bytes
  }

  /// Newest first.
  private func all() async throws -> [SourceFileRecord] {
    if let files { return files }
    let id = batch
    let found = try await run.inside { tx in
      try await tx.query(
        """
        SELECT \(fragment: SourceFileRecord.columns)
        FROM migration_source_file f
        JOIN migration_batch b ON b.tenant_id = f.tenant_id AND b.project_id = f.project_id
        WHERE b.id = \(id) AND f.kind = 'zip' AND f.purged_at IS NULL
        ORDER BY f.uploaded_at DESC, f.id DESC
        """, as: SourceFileRecord.self)
    }
    files = found
    return found
  }
}

/// A path in two hashes: a name of any length in sixteen bytes, equal for all forms of its letters.
private struct PathKey: Hashable {
  private let first: Int
  private let second: Int

  init(_ path: String) {
    first = path.hashValue
    var other = Hasher()
    other.combine(1)
    other.combine(path)
    second = other.finalize()
  }
}
