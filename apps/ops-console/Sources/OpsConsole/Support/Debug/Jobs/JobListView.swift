// The jobs tab: how many stand where, and the list, newest first.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Markup
import Web

enum JobListView {
  /// - Parameter fleet: what waits everywhere, above the platform's own jobs.
  static func page(
    _ desk: JobDesk, _ filter: JobFilter, _ place: JobPlace, fleet: FleetJobs? = nil, at moment: Date
  ) -> Page {
    let here = place.list
    let next = desk.page.next.map { filter.position(behind: "", $0) }
    let body = JobListBody(
      items: desk.page.jobs.map { JobBody($0, at: moment) }, count: desk.page.count, next: next,
      counts: desk.counts.map(JobListBody.Tally.init), fleet: fleet.map(FleetJobsBody.init))
    let live = here.appending("live").query(JobWatch(desk, filter).parameters)
    return Page("Jobs", section: place.section, crumbs: place.crumbs, live: live, value: body) { frame in
      doneLine(frame)
      pageHead("Jobs")
      place.tabs
      if let fleet { FleetJobsPanel.panels(fleet, frame) }
      liveRegion {
        counts(desk, here)
        filters(filter, desk, here)
        if place.acts == .oneAndAllThatMatch, filter.isFiltered, !desk.page.jobs.isEmpty { bulkLinks(filter, here) }
        p(.class("newer")) { JobWatch.newer(0, filter, at: here).view }
        if desk.page.jobs.isEmpty {
          nothing(filter, here)
        } else {
          table(desk.page.jobs, here, frame)
          pagination(filter, at: here, shown: desk.page.jobs.count, after: filter.after, next: next)
        }
      }
    }
  }

  /// The line after an act on all that matched: `retry 37 2` where two of the same work were left.
  private static func doneLine(_ frame: Frame) -> HTML {
    let parts = (frame.done ?? "").split(separator: " ")
    guard parts.count == 3, let act = JobAct(rawValue: String(parts[0])), let count = Int(parts[1]),
      let left = Int(parts[2])
    else { return .nothing }
    let done = counted(count, "job was", "jobs were") + " \(act.past)."
    let rest = left == 0 ? "" : " " + JobBulkView.left(left, "was left as it was", "were left as they were")
    return resultLine(.text(done + rest))
  }

  /// A row a queue, a column a state; each number leads to its jobs.
  private static func counts(_ desk: JobDesk, _ here: Path) -> HTML {
    guard !desk.counts.isEmpty else { return .nothing }
    let queues = JobQueue.allCases.filter { queue in desk.counts.contains { $0.queue == queue } }
    let states: [JobState] = [.queued, .running, .retrying, .dead, .succeeded, .cancelled]
    let head = Column<JobQueue>("Queue", kind: .link) { queue in
      a(.href(here.query("queue", queue.rawValue))) { queue.label }
    }
    let cells = states.map { state in
      Column<JobQueue>(state.label, kind: .number) { queue in
        count(CountSlots(queue, state, desk.counts, at: here))
      }
    }
    let stuck = Column<JobQueue>("Stuck", kind: .number) { queue in
      count(CountSlots(stuckIn: queue, desk.stuck, at: here))
    }
    return dataTable("How many jobs stand where", queues, columns: [head] + cells + [stuck])
  }

  private static func count(_ slots: CountSlots) -> HTML {
    HTML {
      slots.number.view
      span(.class("muted")) { slots.nothing.view }
    }
  }

  private static func filters(_ filter: JobFilter, _ desk: JobDesk, _ here: Path) -> HTML {
    filterBar(
      filter, at: here,
      [
        .several("state", label: "State", options: choices(JobState.self), chosen: filter.states.map(\.rawValue)),
        .several(
          "queue", label: "Queue", options: choices(JobQueue.self), chosen: filter.queues.map(\.rawValue),
          prefix: "Queue: "),
        .one("kind", label: "Kind", any: "Any kind", options: desk.kinds.map { ($0, $0) }, chosen: filter.kind),
        .one(
          "only", label: "Stuck", any: "Stuck or not", options: choices(JobFilter.Only.self),
          chosen: filter.only?.rawValue),
      ],
      count: CappedCount(desk.page.count, limit: JobPage.countLimit).of("job", "jobs") + ", newest first")
  }

  private static func bulkLinks(_ filter: JobFilter, _ here: Path) -> HTML {
    div(.class("form-acts")) {
      for act in filter.acts {
        linkButton(
          "\(act.verb) all that match …",
          to: here.appending("bulk").query(filter.parameters).query("act", act.rawValue), style: .small)
      }
    }
  }

  private static func nothing(_ filter: JobFilter, _ here: Path) -> HTML {
    filter.isFiltered
      ? nothingMatches("", clear: here)
      : nothingYet("No jobs yet", "Work that is done later appears here: mails, checks, cleaning.")
  }

  private static func table(_ jobs: [JobRecord], _ here: Path, _ frame: Frame) -> HTML {
    dataTable(
      "Jobs", jobs,
      columns: [
        Column("Kind", kind: .link) { job in a(.href(here.appending(job.id))) { job.kind } },
        Column("State") { slots($0, here, frame).badges },
        Column("Queue") { $0.queue.label },
        Column("Attempts", kind: .number) { "\($0.attempts)" },
        Column("Progress", kind: .number) { slots($0, here, frame).words.view },
        Column("What it said") { job in clientText(job.result ?? job.lastError) },
        Column("Ordered") { frame.face.ago($0.createdAt) },
      ])
  }

  private static func slots(_ job: JobRecord, _ here: Path, _ frame: Frame) -> JobSlots {
    JobSlots(job, seen: job.version, at: here, now: frame.face.now)
  }
}

/// `1,240 of 2,400`; `nil` where a job has said nothing.
func progressText(_ job: JobRecord) -> String? {
  guard let done = job.done else { return nil }
  return job.total.map { "\(grouped(done)) of \(grouped($0))" } ?? grouped(done)
}
