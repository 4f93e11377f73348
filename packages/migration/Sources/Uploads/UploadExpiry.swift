// What nobody goes on with is removed: looked at a week after it began, and again a week after it was last added to.

import Access
package import EthicoTypes
import FoundationEssentials
package import Jobs

/// Lets go of an upload that nothing was added to for a week.
package struct UploadExpiry: Job {
  package static let kind = "migration.upload_expire"
  package static let tries = 3
  package static let safeArguments: Set<String> = ["upload"]

  package let upload: ID<FileUpload>

  package init(upload: ID<FileUpload>) {
    self.upload = upload
  }

  package func run(_ run: JobRun) async throws -> String {
    let id = upload
    return try await run.inside { tx in
      guard let upload = try await FileUpload.hold(id, in: tx) else { return "It was gone before." }
      let end = upload.touchedAt.addingTimeInterval(FileUpload.restSeconds)
      guard end <= tx.at else {
        try await order(at: end, in: tx)
        return "It went on since, and is looked at again later."
      }
      try await upload.remove(in: tx)
      return upload.file == nil ? "It was removed, unfinished." : "It had become a file; nothing is left of the upload."
    }
  }

  /// A look at a moment of its own has a key of its own: the one that runs must not stand in its way.
  func order(at moment: Date, in tx: AuditedTransaction) async throws {
    try await tx.order(self, at: moment, uniqueKey: "\(upload) \(Int(moment.timeIntervalSince1970))")
  }
}
