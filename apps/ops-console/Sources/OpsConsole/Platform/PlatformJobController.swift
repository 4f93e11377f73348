// What waits everywhere and at whom it has died; and the platform's own jobs: whether the trail was verified last
// night, and what was cleaned.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Jobs
import Markup
import Web

struct PlatformJobController: Sendable {
  private typealias Operator = StaffContext<OperatePlatform>
  private typealias Watching = StaffContext<Watch<OperatePlatform>>

  let kinds: JobKinds

  func routes(_ routes: Routes) {
    let operators = routes.group("platform/jobs", context: Operator.self)
    operators.get("", name: "platform.jobs", use: list)
    routes.group("platform/jobs", context: Watching.self).live(name: "live.platform_jobs", feed: feed)
    operators.get("{job}", name: "platform.job", use: show)
    operators.post("{job}/retry", name: "platform.job_retry") { try await act(.retry, $0) }
    operators.post("{job}/run-now", name: "platform.job_run_now") { try await act(.runNow, $0) }
    operators.post("{job}/cancel", name: "platform.job_cancel") { try await act(.cancel, $0) }
  }

  private func list(_ context: Operator) async throws -> Answer {
    let filter = try JobFilter(context)
    let fleet = try await context.ledger.fleetJobs()
    return try await context.ledger.platformJobs(by: context.author) { tx in
      .page(JobListView.page(try await JobDesk.read(filter, in: tx), filter, .platform, fleet: fleet, at: tx.at))
    }
  }

  private func feed(_ context: Watching) throws -> LiveFeed<Watching> {
    let watch = try JobWatch(context)
    return LiveFeed(on: [.jobs(of: .platform)]) { context in
      try await context.ledger.platformJobs(by: context.author) { tx in
        try await watch.values(at: JobPlace.platform.list, in: tx)
      }
    }
  }

  private func show(_ context: Operator) async throws -> Answer {
    .page(try await screen(try context.id("job"), JobScreen(), context))
  }

  private func screen(_ id: ID<JobRecord>, _ screen: JobScreen, _ context: Operator) async throws -> Page {
    try await context.ledger.platformJobs(by: context.author) { tx in
      guard let job = try await JobRecord.find(id, in: tx) else { throw Problem.notFound }
      let file = try await job.file(of: kinds, in: tx)
      let acts = try await JobActs.read(job, context.ledger, in: tx)
      return JobView.page(file, screen, kinds.named(job.kind), acts, .platform, at: tx.at)
    }
  }

  private func act(_ act: JobAct, _ context: Operator) async throws -> Answer {
    let id = try context.id("job", of: JobRecord.self)
    do {
      let done = try await context.ledger.platformJobs(by: context.author) { tx in
        guard let job = try await JobRecord.hold(id, in: tx) else { throw Problem.notFound }
        try job.demand(context.form.version)
        try await job.perform(act, in: tx)
        return act.done(to: job, at: tx.at)
      }
      return .redirect(JobPlace.platform.list.appending(id).query("done", done))
    } catch let refusal as any Refusal {
      let setback = refusal.setback
      try await context.ledger.refuse(
        context.author, action: "job." + act.rawValue, object: JobRecord.object(id), outcome: setback.outcome,
        status: setback.status.code)
      guard context.wantsHTML else { throw setback.problem }
      return .page(try await screen(id, JobScreen(setback: setback), context), status: setback.status)
    }
  }
}
