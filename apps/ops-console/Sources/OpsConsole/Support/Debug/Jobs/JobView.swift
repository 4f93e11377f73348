// The page of one job: each attempt and its error on the left; where it stands, what it was given and what fits on the
// right.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Markup
import Web

enum JobView {
  static func page(
    _ file: JobFile, _ screen: JobScreen, _ kind: JobKind?, _ acts: JobActs, _ place: JobPlace, at moment: Date
  ) -> Page {
    let list = place.list
    let job = file.job
    return Page(
      job.kind, section: place.section, crumbs: [Crumb("Jobs", list)], trace: job.kind,
      live: list.appending("live").query(JobWatch(job).parameters), value: JobFileBody(file, at: moment)
    ) { frame in
      let slots = JobSlots(job, seen: job.version, at: list, now: frame.face.now)
      result(frame, done)
      setbackPanel(screen.setback)
      liveRegion {
        pageHead(job.kind, facts: facts(job, slots)) { buttons(job, list.appending(job.id), place, frame) }
        place.tabs
        p(.class("newer")) { slots.moved.view }
        advice(job, kind, frame)
        columns {
          div {
            attempts(file.attempts, frame)
            debugHistory(acts.steps, acts.names, effectOn: job.id.description, frame)
          }
          div {
            standing(job, slots, frame)
            arguments(file.arguments, list.appending(job.id), frame)
          }
        }
      }
    }
  }

  private static let done = [
    "retry": "It is in line again, and tried as often as at first.", "run_now": "It is in line now.",
    "cancel": "It is cancelled.", "cancel_asked": "It was asked to stop, and does at its next sign of life.",
  ]

  private static func facts(_ job: JobRecord, _ slots: JobSlots) -> [HTML] {
    [
      slots.badges, .text("queue \(job.queue.label.lowercased())"),
      .text(counted(job.attempts, "attempt")),
    ]
  }

  @HTMLBuilder private static func buttons(
    _ job: JobRecord, _ here: Path, _ place: JobPlace, _ frame: Frame
  ) -> [HTML] {
    if place.acts != .none {
      let isStuck = job.isStuck(at: frame.face.now)
      for act in [JobAct.retry, .runNow, .cancel] where act.applies(to: job.state, isStuck: isStuck) {
        postButton(
          label(act, isStuck: isStuck), to: here.appending(act.segment), frame.secrets(act.rawValue),
          fields: [("version", String(job.version))], style: act == .cancel ? .plain : style(act, job))
      }
    }
  }

  private static func label(_ act: JobAct, isStuck: Bool) -> String {
    switch act {
    case .retry: isStuck ? "Take it and try again" : "Retry job"
    case .runNow: "Run now"
    case .cancel: "Cancel job"
    }
  }

  /// One primary button: what most likely repairs.
  private static func style(_ act: JobAct, _ job: JobRecord) -> ButtonStyle {
    act == .runNow && job.state == .retrying ? .plain : .primary
  }

  /// What a person has to know before they act.
  private static func advice(_ job: JobRecord, _ kind: JobKind?, _ frame: Frame) -> HTML {
    var sentences: [String] = []
    if job.isStuck(at: frame.face.now) {
      sentences.append("Nobody has heard of its worker for more than 90 seconds.")
      if job.losses > 1 {
        sentences.append("It has taken a worker with it twice, so that no worker takes it over unasked.")
      }
    }
    if job.effect == .begun {
      sentences.append(
        "What it does outside was begun and never ended: it may have happened. A retry does not do it again.")
    }
    if kind == nil, job.state == .queued || job.state == .retrying {
      sentences.append("This release does not know this kind of job; it waits for one that does.")
    }
    guard !sentences.isEmpty else { return .nothing }
    return section(.class("notice"), .data("meaning", "attention")) {
      p { sentences.joined(separator: " ") }
    }
  }

  private static func attempts(_ attempts: [JobAttempt], _ frame: Frame) -> HTML {
    panel("Attempts") {
      if attempts.isEmpty {
        p(.class("muted")) { "None yet." }
      } else {
        dataTable(
          "Attempts, newest first", attempts,
          columns: [
            Column("No.") { "\($0.number)" },
            Column("Began") { frame.face.ago($0.startedAt) },
            Column("Took", kind: .number) { took($0) },
            Column("Came out") { outcome($0) },
            Column("Error") { clientText($0.error) },
            Column("Worker") { clientText($0.worker) },
          ])
      }
    }
  }

  private static func outcome(_ attempt: JobAttempt) -> HTML {
    guard let outcome = attempt.outcome else { return badge("Under way", .away) }
    return switch outcome {
    case .succeeded: badge(outcome.label, .good)
    case .failed: badge(outcome.label, .bad)
    case .lost: badge(outcome.label, .attention)
    case .cancelled, .handedBack: badge(outcome.label, .neutral)
    }
  }

  private static func standing(_ job: JobRecord, _ slots: JobSlots, _ frame: Frame) -> HTML {
    panel("Where it stands") {
      properties(
        [
          ("State", slots.badges),
          ("What came of it", clientText(job.result)),
          ("Progress", job.done == nil && hasEnded(job) ? dash : slots.progress.view),
          ("Tries left", .text(String(job.attemptsLeft))),
          ("Ordered", frame.face.moment(job.createdAt)),
          ("Not before", frame.face.moment(job.runAt)),
          ("Began", job.startedAt.map(frame.face.moment) ?? dash),
          ("Last sign of life", job.heartbeatAt.map(frame.face.ago) ?? dash),
          ("Ended", job.finishedAt.map(frame.face.moment) ?? dash),
          ("Effect outside", effect(job.effect, frame)),
          ("Correlation", copyText(job.id.description, name: "job id")),
        ])
    }
  }

  /// Whether nothing happens to it unless somebody orders it again.
  private static func hasEnded(_ job: JobRecord) -> Bool {
    job.state == .dead || job.state.next.isEmpty
  }

  private static func effect(_ mark: JobRecord.EffectMark, _ frame: Frame) -> HTML {
    switch mark {
    case .none: span(.class("muted")) { "None so far" }
    case .begun: badge("Begun, end unknown", .attention)
    case .done(let moment):
      HTML {
        "Done "
        frame.face.ago(moment)
      }
    }
  }

  private static func took(_ attempt: JobAttempt) -> HTML {
    attempt.endedAt.map { .text(preciseDurationText(seconds: $0.timeIntervalSince(attempt.startedAt))) } ?? dash
  }

  private static func arguments(_ arguments: [JobArgument], _ here: Path, _ frame: Frame) -> HTML {
    let hidden = arguments.filter { $0.text == nil }.count
    return panel("Arguments") {
      if arguments.isEmpty {
        p(.class("muted")) { "It has none." }
      } else {
        properties(arguments.map { argument in (argument.name, value(argument)) })
      }
      if hidden > 0 {
        postButton(
          "Reveal \(counted(hidden, "argument"))", to: here.appending("reveal"),
          frame.secrets("reveal"), style: .small)
        p(.class("muted")) { "What you reveal is written down." }
      }
    }
  }

  private static func value(_ argument: JobArgument) -> HTML {
    if let text = argument.text { return code(.dirAuto) { text } }
    return span(.class("muted")) { "hidden, \(counted(argument.bytes, "byte"))" }
  }
}

extension JobAct {
  /// Its place in the address.
  var segment: String { self == .runNow ? "run-now" : rawValue }
}
