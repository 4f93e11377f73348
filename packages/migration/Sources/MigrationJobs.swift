// What is done later when data comes over.

package import Jobs

/// The kinds of work of a migration.
package let migrationJobs: [any Job.Type] = [
  UploadExpiry.self, ReadFile.self, ReadAgain.self, ReadHidden.self, StageBatch.self, ReadCorrected.self,
  CheckAgain.self, ImportCommit.self, UndoJob.self,
  Reckon.self, MigrationPurge.self, VoteCount.self,
]

extension JobKinds {
  /// The same, with somebody to ask about columns that the console knows no field for.
  package func asking(_ adviser: MappingAdviser) -> JobKinds {
    doing(ReadFile.self) { job, run in try await job.work(run, adviser) }
      .doing(ReadAgain.self) { job, run in try await job.work(run, adviser) }
      .doing(ReadHidden.self) { job, run in try await job.work(run, adviser) }
  }
}
