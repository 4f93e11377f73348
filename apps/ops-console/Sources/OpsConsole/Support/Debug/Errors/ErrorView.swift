// The page of one group of errors: each time that is kept on the left; how often, where it stands and what fits on the
// right.

import Access
import Errors
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum ErrorView {
  static func page(_ file: ErrorFile, _ screen: ErrorScreen, _ place: ErrorPlace, at moment: Date) -> Page {
    let group = file.group
    let here = place.list.appending(group.id)
    return Page(
      group.message, section: place.section, crumbs: [Crumb("Errors", place.list)], trace: group.place,
      value: ErrorFileBody(file, at: moment)
    ) { frame in
      result(frame, done)
      setbackPanel(screen.setback)
      pageHead(group.message, facts: facts(group, frame)) { buttons(group, here, place, frame) }
      place.tabs
      advice(group, frame)
      columns {
        div {
          samples(file, here, frame)
          debugHistory(file.steps, file.names.staff, frame)
        }
        div {
          often(group)
          standing(group, frame)
          if place.acts == .all, ErrorAct.mute.applies(to: group.state(at: frame.face.now)) {
            muting(group, screen.form, here, frame)
          }
        }
      }
    }
  }

  private static let done = [
    "resolve": "It is resolved. Should it happen in a later release, it is shown as regressed.",
    "reopen": "It is open again.", "mute": "It is muted until then.",
  ]

  private static func facts(_ group: ErrorGroup, _ frame: Frame) -> [HTML] {
    [
      errorStateBadge(group.state(at: frame.face.now)), .text("\(group.kind.label.lowercased()) \(group.place)"),
      .text(counted(group.total, "time")),
    ]
  }

  @HTMLBuilder private static func buttons(
    _ group: ErrorGroup, _ here: Path, _ place: ErrorPlace, _ frame: Frame
  ) -> [HTML] {
    if place.acts == .all {
      for act in [ErrorAct.reopen, .resolve] where act.applies(to: group.state(at: frame.face.now)) {
        postButton(
          "\(act.label) error", to: here.appending(act.rawValue), frame.secrets(act.rawValue),
          fields: [("version", String(group.version))], style: act == .resolve ? .primary : .plain)
      }
    }
  }

  /// What a person has to know before they act.
  private static func advice(_ group: ErrorGroup, _ frame: Frame) -> HTML {
    guard group.state(at: frame.face.now) == .regressed, let resolved = group.resolvedRelease else { return .nothing }
    return section(.class("notice"), .data("meaning", "attention")) {
      p { "It was resolved in release \(resolved) and happened again in a later one, last in \(group.lastRelease)." }
    }
  }

  private static func samples(_ file: ErrorFile, _ here: Path, _ frame: Frame) -> HTML {
    let isWhole = file.samples.count == file.group.total
    return panel("Times") {
      if !isWhole {
        p(.class("muted")) { "The first five and the last 95 of the last 30 days are kept." }
      }
      if file.samples.isEmpty {
        p(.class("muted")) { "None is kept any more." }
      } else {
        dataTable(
          "Times, the last one first", file.samples,
          columns: [
            Column("No.", kind: .link) { sample in
              a(.href(here.appending(String(sample.number)))) { "No. \(grouped(sample.number))" }
            },
            Column("When") { frame.face.ago($0.at) },
            Column("Who") { clientText(file.names.staff(of: $0)) },
            Column("As") { clientText(file.names.subject(of: $0)) },
            Column("Release") { clientText($0.release) },
            Column("Answer") { answer($0) },
          ])
      }
    }
  }

  /// What came of it: the answer of a request, the attempt of a job.
  private static func answer(_ sample: ErrorSample) -> HTML {
    if let status = sample.status { return .text(String(status)) }
    return sample.context[.attempt].map { .text("attempt " + $0) } ?? dash
  }

  private static func often(_ group: ErrorGroup) -> HTML {
    panel("How often") {
      sparkline("Errors a day, 14 days", group.days, unit: 16)
      properties([
        ("Last 24 hours", .text(grouped(group.lastDay))), ("Last 7 days", .text(grouped(group.lastWeek))),
        ("In all", .text(grouped(group.total))), ("Users", peopleCount(group)),
      ])
      details {
        summary { "Day by day" }
        dataTable(
          "Errors a day", Array(group.days.enumerated().reversed()),
          columns: [
            Column("Hours ago") { day in hours(day.offset, of: group.days.count) },
            Column("Errors", kind: .number) { grouped($0.element) },
          ])
      }
    }
  }

  /// `0–24`, `24–48`: how long ago a day is that ends a whole number of days before now.
  private static func hours(_ index: Int, of count: Int) -> String {
    let end = (count - 1 - index) * 24
    return "\(end)–\(end + 24)"
  }

  private static func standing(_ group: ErrorGroup, _ frame: Frame) -> HTML {
    panel("Where it stands") {
      properties([
        ("State", errorStateBadge(group.state(at: frame.face.now))),
        ("Muted until", group.mutedUntil.map(frame.face.moment) ?? dash),
        ("Resolved in", clientText(group.resolvedRelease)),
        ("First", met(group.firstAt, in: group.firstRelease, frame)),
        ("Last", met(group.lastAt, in: group.lastRelease, frame)),
        (group.kind == .request ? "Route" : "Kind of job", code { group.place }),
        ("Id", copyText(group.id.description, name: "error id")),
      ])
    }
  }

  private static func met(_ at: Date, in release: String, _ frame: Frame) -> HTML {
    HTML {
      frame.face.moment(at)
      ", release \(release)"
    }
  }

  private static func muting(_ group: ErrorGroup, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    panel("Mute") {
      postForm(
        here.appending("mute"), frame.secrets("mute"), version: group.version, state: state, leaving: .silent,
        refused: "Not muted yet"
      ) {
        textField(
          "until", label: "Until", help: "Back on that day, in UTC; it goes on being counted.", state: state,
          kind: .date, size: .short)
        formActs { submitButton("Mute error", style: .plain) }
      }
    }
  }
}
