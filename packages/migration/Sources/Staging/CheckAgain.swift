// Checks the rows of a batch anew where none of them has to be read again.

package import EthicoTypes
package import Jobs

/// Decides once more what becomes of the rows of a batch. Doing it twice does what once does.
package struct CheckAgain: Job {
  package static let kind = "migration.check"
  package static let tries = 5
  package static let safeArguments: Set<String> = ["batch"]

  package let batch: ID<Batch>

  package init(batch: ID<Batch>) {
    self.batch = batch
  }

  package func run(_ run: JobRun) async throws -> String {
    let id = batch
    guard let plan = try await run.inside({ tx in try await StagingPlan.find(id, for: run.job, in: tx) }) else {
      return "The batch went another way before its rows were checked."
    }
    do {
      let counts = try await run.check(plan, rowCount: plan.batch.rowCount)
      return "\(plan.batch.rowCount) rows checked: \(counts.update) changed, \(counts.conflict) to decide."
    } catch is StagingPlan.Overtaken {
      return StagingPlan.Overtaken.sentence
    }
  }
}
