// The files in a project's archives, given out by their paths while attachments are imported.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Postgres
import SourceFiles

extension JobRun {
  /// The files of every archive of a batch's project, newest first. An archive is opened when the first path is asked
  /// for.
  func attachments(of batch: ID<Batch>) -> AttachmentSource {
    let archives = ProjectArchives(run: self, batch: batch)
    return AttachmentSource { path in try await archives.content(of: path) }
  }
}

/// The archives of one project, opened once.
actor ProjectArchives {
  private let run: JobRun
  private let batch: ID<Batch>
  private var opened: [ZipArchive]?

  init(run: JobRun, batch: ID<Batch>) {
    self.run = run
    self.batch = batch
  }

  /// The largest file that becomes an attachment, in bytes: what the workspace takes.
  private static let byteLimit = 26_214_400

  /// The bytes of a file; `nil` where no archive has it, or it is larger than an attachment may be.
  func content(of path: String) async throws -> [UInt8]? {
    for archive in try await archives() {
      guard let entry = archive.entry(named: path) else { continue }
      return entry.size <= Self.byteLimit ? try archive.open(entry).readAll() : nil
    }
    return nil
  }

  /// What the archives hold, the newest of a name; with the digests of some of them.
  func contents(tables: Set<String>, digesting expected: Set<String>) async throws -> ArchiveContents {
    var contents = ArchiveContents()
    var seen: Set<String> = []
    var digested = 0
    for archive in try await archives() {
      for entry in archive.entries where seen.insert(entry.name).inserted {
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

  private func archives() async throws -> [ZipArchive] {
    if let opened { return opened }
    let id = batch
    let files = try await run.inside { tx in
      try await tx.query(
        """
        SELECT \(fragment: SourceFileRecord.columns)
        FROM migration_source_file f
        JOIN migration_batch b ON b.tenant_id = f.tenant_id AND b.project_id = f.project_id
        WHERE b.id = \(id) AND f.kind = 'zip' AND f.purged_at IS NULL
        ORDER BY f.uploaded_at DESC, f.id DESC
        LIMIT 20
        """, as: SourceFileRecord.self)
    }
    var archives: [ZipArchive] = []
    for file in files { archives.append(try ZipArchive(try await run.bytes(of: file))) }
    opened = archives
    return archives
  }
}
