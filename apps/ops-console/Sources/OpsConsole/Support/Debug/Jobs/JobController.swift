// The addresses of a client's jobs: what waits, what went wrong, and what support does about it.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import HTTPTypes
import Jobs
import Markup
import Web

struct JobController: Sendable {
  typealias Reading = WorkspaceContext<ReadDebug>
  typealias Writing = WorkspaceContext<WriteJobs>
  typealias Watching = WorkspaceContext<Watch<ReadDebug>>

  let kinds: JobKinds

  func routes(_ routes: Routes) {
    let readers = routes.group("i/{impersonation}/debug/jobs", context: Reading.self)
    readers.get("", name: "job.list", use: list)
    readers.get("{job}", name: "job.show", use: show)
    readers.post("{job}/reveal", name: "reveal.job_arguments", use: reveal)
    routes.group("i/{impersonation}/debug/jobs", context: Watching.self).live(name: "live.jobs", feed: feed)
    let writers = routes.group("i/{impersonation}/debug/jobs", context: Writing.self)
    writers.get("bulk", name: "job.bulk_form", use: bulkForm)
    writers.post("bulk", name: "job.bulk", use: bulk)
    writers.post("{job}/retry", name: "job.retry") { try await act(.retry, $0) }
    writers.post("{job}/run-now", name: "job.run_now") { try await act(.runNow, $0) }
    writers.post("{job}/cancel", name: "job.cancel") { try await act(.cancel, $0) }
  }

  // MARK: Reading

  private func list(_ context: Reading) async throws -> Answer {
    let filter = try JobFilter(context)
    return try await context.look { tx in
      let desk = try await JobDesk.read(filter, in: tx)
      return JobListView.page(desk, filter, JobPlace(context.acting), at: tx.at)
    }
  }

  private func feed(_ context: Watching) throws -> LiveFeed<Watching> {
    let watch = try JobWatch(context)
    return LiveFeed(on: [.jobs(of: context.acting.tenant.id)]) { context in
      try await context.ledger.tenant(context.acting) { tx in
        try await watch.values(at: DebugTab.jobs.path(context.acting), in: tx)
      }
    }
  }

  private func show(_ context: Reading) async throws -> Answer {
    let id = try context.id("job", of: JobRecord.self)
    return try await context.look(at: JobRecord.object(id)) { tx in
      try await screen(id, JobScreen(), context.acting, context.ledger, in: tx)
    }
  }

  private func screen(
    _ id: ID<JobRecord>, _ screen: JobScreen, _ acting: ActingContext, _ ledger: Ledger, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let job = try await JobRecord.find(id, in: tx) else { throw RecordMissing() }
    let file = try await job.file(of: kinds, screen.arguments, in: tx)
    let acts = try await JobActs.read(job, ledger, in: tx)
    return JobView.page(file, screen, kinds.named(job.kind), acts, JobPlace(acting), at: tx.at)
  }

  /// Shows the job with all its arguments. One POST, never refused; the look is an event of its own.
  private func reveal(_ context: Reading) async throws -> Answer {
    let id = try context.id("job", of: JobRecord.self)
    let page = try await context.ledger.tenant(context.acting) { tx -> Page? in
      guard try await JobRecord.find(id, in: tx) != nil else { return nil }
      let page = try await screen(
        id, JobScreen(arguments: .revealed), context.acting, context.ledger, in: tx)
      try await tx.record("reveal.job_arguments", object: JobRecord.object(id), detail: page.trace)
      return page
    }
    guard let page else {
      try await context.ledger.refuse(
        context.acting.author, action: "access.denied", object: JobRecord.object(id), status: 404)
      throw Problem.notFound
    }
    return .page(page)
  }

  // MARK: Acts

  private func act(_ act: JobAct, _ context: Writing) async throws -> Answer {
    let id = try context.id("job", of: JobRecord.self)
    return try await context.attempt(JobRecord.object(id)) { tx in
      guard let job = try await JobRecord.hold(id, in: tx) else { throw RecordMissing() }
      try job.demand(context.form.version)
      try await job.perform(act, in: tx)
      return DebugTab.jobs.path(context.acting).appending(id).query("done", act.done(to: job, at: tx.at))
    } otherwise: { setback, tx in
      try await screen(id, JobScreen(setback: setback), context.acting, context.ledger, in: tx)
    }
  }

  private func bulkForm(_ context: Writing) async throws -> Answer {
    let filter = try JobFilter(context)
    guard let act = context.query("act").flatMap(JobAct.init(rawValue:)) else { throw Problem.notFound }
    return try await context.look { tx in
      let bulk = try await JobBulk.count(act, on: filter, in: tx)
      return JobBulkView.page(act, filter, bulk, setback: nil, context.acting)
    }
  }

  private func bulk(_ context: Writing) async throws -> Answer {
    let fields = context.form.fields
    let filter = JobFilter(fields: fields)
    guard let act = fields["act"].flatMap(JobAct.init(rawValue:)) else { throw Problem.badRequest }
    return try await context.attempt { tx in
      let bulk = try await JobBulk.perform(act, on: filter, shown: fields["count"].flatMap(Int.init) ?? 0, in: tx)
      return DebugTab.jobs.path(context.acting).query("done", "\(act.rawValue) \(bulk.taken) \(bulk.left)")
    } otherwise: { setback, tx in
      let bulk = try await JobBulk.count(act, on: filter, in: tx)
      return JobBulkView.page(act, filter, bulk, setback: setback, context.acting)
    }
  }
}

/// Everything that the list of jobs shows.
struct JobDesk: Sendable {
  let page: JobPage
  let counts: [JobCount]
  /// Of those that run: how many of a queue are stuck.
  let stuck: [JobCount]
  /// The kinds of which there are jobs.
  let kinds: [String]

  static func read(_ filter: JobFilter, in tx: AuditedTransaction) async throws -> JobDesk {
    JobDesk(
      page: try await JobRecord.page(filter, in: tx), counts: try await JobRecord.counts(in: tx),
      stuck: try await JobRecord.stuckCounts(in: tx), kinds: try await JobRecord.kinds(in: tx))
  }
}

/// What people did to a job.
struct JobActs: Sendable {
  /// Newest first.
  let steps: [TrailStep]
  /// Of staff people, by the actor.
  let names: [String: String]

  static func read(_ job: JobRecord, _ ledger: Ledger, in tx: AuditedTransaction) async throws -> JobActs {
    let steps = try await tx.history(
      of: JobRecord.object(job.id), in: tx.author.tenant ?? .platform,
      sweep: (action: JobBulk.action, since: job.createdAt))
    return JobActs(steps: steps, names: try await ledger.names(of: steps.map(\.actorText)))
  }
}

/// How a job's page is shown this time.
struct JobScreen: Sendable {
  var arguments = JobArgumentScope.safe
  var setback: Setback?
}
