// What the addresses and forms of jobs say, checked, and what a refusal says to a person.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
package import Jobs
import Markup
package import Web

extension JobFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for a position of another list.
  init(_ context: some GuardedContext) throws {
    self.init(
      states: context.queries("state").compactMap(JobState.init(rawValue:)),
      queues: context.queries("queue").compactMap(JobQueue.init(rawValue:)), kind: context.query("kind"),
      only: context.query("only").flatMap(Only.init(rawValue:)), limit: context.limit)
    after = try context.position(in: self, of: JobRecord.self)?.id
  }

  /// Reads the filter from a form that an act on all that match was sent with.
  init(fields: FormFields) {
    self.init(
      states: fields.all("state").compactMap(JobState.init(rawValue:)),
      queues: fields.all("queue").compactMap(JobQueue.init(rawValue:)), kind: fields.given("kind"),
      only: fields["only"].flatMap(Only.init(rawValue:)))
  }

  /// The filter as parameters of the address.
  package var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = states.map { ("state", $0.rawValue) }
    conditions += queues.map { ("queue", $0.rawValue) }
    if let kind { conditions.append(("kind", kind)) }
    if let only { conditions.append(("only", only.rawValue)) }
    return conditions
  }

  /// The acts that some job of this list may take.
  var acts: [JobAct] {
    let possible = states.isEmpty ? JobState.allCases : states
    return [JobAct.retry, .runNow, .cancel].filter { act in
      possible.contains { act.applies(to: $0, isStuck: only == .stuck) }
    }
  }
}

extension JobAct {
  /// `Retry`, `Run now`, `Cancel`.
  var verb: String { label }

  /// What is done to them, to the end of a sentence: "37 jobs will …".
  var future: String {
    switch self {
    case .retry: "be tried again at once, as often as at first"
    case .runNow: "run at once instead of waiting for their time"
    case .cancel: "be cancelled: those that wait at once, those that run at their next sign of life"
    }
  }

  /// What the page after it is told.
  func done(to job: JobRecord, at moment: Date) -> String {
    let isRunning = job.state == .running && !job.isStuck(at: moment)
    return self == .cancel && isRunning ? "cancel_asked" : rawValue
  }

  /// What was done, for the line after it.
  var past: String {
    switch self {
    case .retry, .runNow: "put in line"
    case .cancel: "cancelled, or asked to stop"
    }
  }
}

extension JobRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(
        title: "This job moved on while you looked at it.",
        advice: "Nothing was changed. It is \(now.state.label.lowercased()) now, as shown below.")
    case .badTransition(let act, let state):
      Setback(
        .conflict, "bad_transition", "“\(act.verb)” does not fit a job that is \(state.label.lowercased()).",
        "Nothing was changed. What fits stands below.")
    case .already:
      Setback(
        .conflict, "job_already", "The same work waits or runs already.",
        "Nothing was changed. Let that job end, or cancel it first.")
    case .counted(let shown, let now):
      .stale(
        title: "The number changed: \(grouped(shown)) when you looked, \(grouped(now)) now.",
        advice: "Nothing was changed. Look at the new number and decide again.")
    case .tooMany:
      Setback(
        .unprocessableContent, "too_many", "One act takes at most \(grouped(JobBulk.limit)) jobs.",
        "Nothing was changed. Narrow the filter, and do it in parts.")
    }
  }
}

extension JobState {
  /// What it means to who looks: the same on every page.
  var meaning: Meaning {
    switch self {
    case .queued: .info
    case .running: .away
    case .retrying: .attention
    case .succeeded: .good
    case .dead: .bad
    case .cancelled: .neutral
    }
  }
}
