// What is done later when data comes over.

package import Jobs

/// The kinds of work of a migration.
package let migrationJobs: [any Job.Type] = [
  UploadExpiry.self, ReadFile.self, ReadAgain.self, ReadHidden.self, StageBatch.self, ReadCorrected.self,
  ImportCommit.self, UndoJob.self,
  MigrationPurge.self,
]
