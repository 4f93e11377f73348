// What changes on the pages of jobs while they are open: counts, where the jobs shown stand, and how many came since.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Markup
import Web

/// What an open page of jobs asks for: the address of its stream says what the page shows.
struct JobWatch: Sendable {
  var filter = JobFilter()
  /// The newest job of the page; `nil` where newer ones are none of its business.
  var newest: ID<JobRecord>?
  /// The jobs shown that may still move, each as it was seen.
  var seen: [(job: ID<JobRecord>, version: Int)] = []

  /// So many jobs of a page are watched: those that stand first.
  static let seenLimit = 20
  /// Before all jobs.
  private static let none = ID<JobRecord>(ID<Tenant>.platform.uuid)

  /// Of a list that shows these.
  init(_ desk: JobDesk, _ filter: JobFilter) {
    self.filter = filter
    newest = filter.after == nil ? desk.page.jobs.first?.id ?? Self.none : nil
    seen = desk.page.jobs.filter { !$0.state.next.isEmpty }.prefix(Self.seenLimit).map { ($0.id, $0.version) }
  }

  /// Of the page of one job.
  init(_ job: JobRecord) {
    seen = [(job.id, job.version)]
  }

  /// Reads what `parameters` says.
  init(_ context: some GuardedContext) throws {
    filter = try JobFilter(context)
    newest = context.query("newest").flatMap { ID($0) }
    seen = try context.queries("seen").map { text in
      let parts = text.split(separator: ".")
      guard parts.count == 2, let id = ID<JobRecord>(String(parts[0])), let version = Int(parts[1]) else {
        throw Problem.badRequest
      }
      return (id, version)
    }
    guard seen.count <= Self.seenLimit else { throw Problem.badRequest }
  }

  var parameters: [(name: String, value: String)] {
    filter.conditions + (newest.map { [("newest", $0.description)] } ?? [])
      + seen.map { ("seen", "\($0.job).\($0.version)") }
  }

  /// The values as they are now.
  func values(at place: Path, in tx: AuditedTransaction) async throws -> LiveValues {
    var slots: [LiveSlot] = []
    let versions = Dictionary(seen.map { ($0.job, $0.version) }) { $1 }
    for job in try await JobRecord.find(seen.map(\.job), in: tx) {
      slots += JobSlots(job, seen: versions[job.id], at: place, now: tx.at).all
    }
    if let newest {
      let counts = try await JobRecord.counts(in: tx)
      let stuck = try await JobRecord.stuckCounts(in: tx)
      for queue in JobQueue.allCases {
        slots += JobState.allCases.flatMap { CountSlots(queue, $0, counts, at: place).all }
        slots += CountSlots(stuckIn: queue, stuck, at: place).all
      }
      let newer = try await JobRecord.count(newerThan: newest, filter, in: tx)
      slots.append(Self.newer(newer, filter, at: place))
    }
    return LiveValues(slots)
  }

  /// The line above a list to which jobs have come; the rows stay where they are.
  static func newer(_ count: Int, _ filter: JobFilter, at place: Path) -> LiveSlot {
    let number = count > JobRecord.newerLimit ? "More than \(JobRecord.newerLimit)" : String(count)
    let link = LiveValue.Link(
      "\(number) newer \(count == 1 ? "job" : "jobs"): reload the list", place.query(filter.parameters))
    return LiveSlot("newer", .link(count == 0 ? nil : link))
  }
}

/// The places of one job.
struct JobSlots {
  let state: LiveSlot
  let stuck: LiveSlot
  let stopping: LiveSlot
  let progress: ProgressSlots
  let words: LiveSlot
  /// Leads to the job as it is now, where the page shows it as it was.
  let moved: LiveSlot

  init(_ job: JobRecord, seen: Int?, at place: Path, now: Date) {
    let name = "job.\(job.id)."
    let isStuck = job.isStuck(at: now)
    state = LiveSlot(name + "state", .badge(LiveValue.Badge(job.state.label, job.state.meaning)))
    stuck = LiveSlot(name + "stuck", .badge(isStuck ? LiveValue.Badge("Stuck", .bad) : nil))
    let isStopping = job.state == .running && job.cancelAskedAt != nil && !isStuck
    stopping = LiveSlot(name + "stopping", .badge(isStopping ? LiveValue.Badge("Asked to stop", .attention) : nil))
    progress = ProgressSlots(name + "progress", job.progress(at: now))
    words = LiveSlot(name + "words", .text(progressText(job) ?? "–"))
    let hasMoved = seen.map { $0 != job.version } ?? false
    moved = LiveSlot(
      name + "moved", .link(hasMoved ? LiveValue.Link("It moved on: reload the page", place.appending(job.id)) : nil))
  }

  var all: [LiveSlot] { [state, stuck, stopping, words, moved] + progress.all }

  /// Where the job stands, and whether it is stuck there.
  var badges: HTML {
    HTML {
      state.view
      " "
      stuck.view
      " "
      stopping.view
    }
  }
}

/// The places of one number among the counts: a link to its jobs, or nothing.
struct CountSlots {
  let number: LiveSlot
  let nothing: LiveSlot

  init(_ queue: JobQueue, _ state: JobState, _ counts: [JobCount], at place: Path) {
    self.init(
      "count.\(queue.rawValue).\(state.rawValue)",
      counts.first { $0.queue == queue && $0.state == state }?.count ?? 0,
      place.query("queue", queue.rawValue).query("state", state.rawValue),
      "\(state.label.lowercased()) in \(queue.label)")
  }

  /// How many of a queue's running jobs are stuck.
  init(stuckIn queue: JobQueue, _ stuck: [JobCount], at place: Path) {
    self.init(
      "count.\(queue.rawValue).stuck", stuck.first { $0.queue == queue }?.count ?? 0,
      place.query("queue", queue.rawValue).query("only", JobFilter.Only.stuck.rawValue), "stuck in \(queue.label)")
  }

  private init(_ name: String, _ count: Int, _ jobs: Path, _ suffix: String) {
    let link = LiveValue.Link(CappedCount(count, limit: JobPage.countLimit).label, jobs, suffix: suffix)
    number = LiveSlot(name, .link(count == 0 ? nil : link))
    nothing = LiveSlot(name + ".nothing", .text(count == 0 ? "0" : nil))
  }

  var all: [LiveSlot] { [number, nothing] }
}

extension JobRecord {
  /// How far it is, and while it runs how fast it goes; nothing of a job that says nothing. One that is stuck does not
  /// go on: a rate up to now would fall by itself, and the time left with it would be nobody's.
  fileprivate func progress(at now: Date) -> WorkProgress? {
    let seconds = state == .running && !isStuck(at: now) ? startedAt.map { now.timeIntervalSince($0) } : nil
    return done.map { WorkProgress($0, of: total, seconds: seconds) }
  }
}
