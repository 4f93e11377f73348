// One time that an error happened: its facts, and what the trail says of the request behind it.

import Access
import Errors
import EthicoTypes
import FoundationEssentials
import Jobs
import Markup
import Web

enum ErrorSampleView {
  static func page(_ file: ErrorSampleFile, _ place: ErrorPlace) -> Page {
    let group = file.group
    let title = "No. \(grouped(file.sample.number)) of \(grouped(group.total))"
    return Page(
      title, section: place.section,
      crumbs: [Crumb("Errors", place.list), Crumb(group.place, place.list.appending(group.id))],
      trace: group.place, value: ErrorSampleFileBody(file)
    ) { frame in
      pageHead(title, facts: [clientText(group.message)]) {
        if group.kind == .job {
          linkButton("Open job", to: place.jobs.appending(ID<JobRecord>(file.sample.request.uuid)), style: .primary)
        }
      }
      place.tabs
      columns {
        trail(file, place, frame)
        panel("What is known") { facts(file, frame) }
      }
    }
  }

  private static func facts(_ file: ErrorSampleFile, _ frame: Frame) -> HTML {
    let sample = file.sample
    var facts: [(name: String, value: HTML)] = [
      ("When", frame.face.moment(sample.at)),
      (file.group.kind == .request ? "Route" : "Kind of job", code { file.group.place }),
      ("Answer", sample.status.map { .text(String($0)) } ?? dash),
      ("Who", clientText(file.names.staff(of: sample))),
      ("As", clientText(file.names.subject(of: sample))),
      ("Release", clientText(sample.release)),
      ("Correlation", copyText(sample.request.description, name: "correlation id")),
    ]
    for key in ErrorContextKey.allCases {
      guard let text = sample.context[key] else { continue }
      facts.append((key.label, code { text }))
    }
    return properties(facts)
  }

  /// The events of the request, a link to each one's access where the trail may be read there.
  private static func trail(_ file: ErrorSampleFile, _ place: ErrorPlace, _ frame: Frame) -> HTML {
    panel("What the trail says of it") {
      if file.steps.isEmpty {
        p(.class("muted")) { "This client’s trail has no event of it within an hour." }
      } else {
        let names = TrailNames(file.steps)
        timeline(
          file.steps.map { step in
            TimelineStep(
              at: step.at, kind: step.outcome == .ok ? .other : .refused,
              text: HTML {
                strong { actorName(step.actorText, file.names.staff) }
                " "
                step.sentence(names)
              },
              note: HTML {
                if let access = step.impersonation, place.mayRead(access) {
                  a(.href(.timeline(access))) { "access" }
                  " · "
                }
                code { step.action }
                step.seq.map { " · sealed #" + grouped($0) } ?? " · not sealed yet"
              })
          }, frame.face)
      }
    }
  }
}
