// The pages of a merge: the cases to choose from, what would go over, and what a case's own page says of it.

import Access
import EthicoTypes
import Markup
import Web

enum CaseMergeView {
  // MARK: On the page of a case

  /// Where the case went, and which ones went into it.
  static func notice(on found: Case, _ context: Inside) -> HTML {
    HTML {
      if let target = found.mergedInto {
        panel("Merged") {
          p {
            "This case went into "
            linkedCases([target], context)
            ", with its reports and what was still being investigated. What was written here stays here."
          }
        }
      }
      if !found.mergedFrom.isEmpty {
        panel("Merged into this case") {
          p { linkedCases(found.mergedFrom, context) }
        }
      }
    }
  }

  /// The way to a merge, on the page of an open case.
  static func offer(on found: Case, _ here: Path) -> HTML {
    guard found.status != .closed else { return .nothing }
    return panel("Merge") {
      p(.class("muted")) { "Is it about the same as another open case?" }
      formActs { linkButton("Merge into…", to: here.appending("merge")) }
    }
  }

  // MARK: Choosing

  static func choice(
    _ found: Case, _ cases: CasePage, _ filter: CaseFilter, _ setback: Setback?, _ context: Inside
  ) -> Page {
    let here = context.acting.path("cases", found.id).appending("merge")
    let rows = cases.rows.filter { $0.id != found.id }
    let next = cases.next.map { filter.position(behind: CursorDate.text($0.openedAt), $0.id) }
    return page(
      found, context, value: CaseListBody(items: rows.map(CaseRowBody.init), count: cases.count, next: next)
    ) { frame in
      setbackPanel(setback)
      errorSummary(setback?.errors ?? [], "Nothing was merged")
      pageHead(
        "Merge \(found.reference) into…",
        facts: [clientText(found.title), "choose the case that goes on; the next page says what goes over to it"])
      filterBar(
        action: here, [.words("q", label: "Reference or title", value: filter.words)],
        clear: filter.words.isEmpty ? nil : here,
        count: CappedCount(rows.count, limit: CasePage.countLimit).label + " shown, open ones, newest first")
      if rows.isEmpty {
        nothing(filter, here)
      } else {
        table(rows, here, frame)
        pagination(
          shown: rows.count, first: filter.after == nil ? nil : here.query(filter.parameters),
          next: next.map { here.query(filter.parameters).query("after", $0) })
      }
    }
  }

  private static func nothing(_ filter: CaseFilter, _ here: Path) -> HTML {
    filter.words.isEmpty
      ? nothingYet("There is no other open case", "An open case is merged into another open case.")
      : nothingMatches(filter.words, clear: here)
  }

  private static func table(_ rows: [CaseRow], _ here: Path, _ frame: Frame) -> HTML {
    dataTable(
      "Open cases", rows,
      columns: [
        Column("Reference", kind: .link) { row in a(.href(here.query("into", row.id))) { row.reference } },
        Column("Title") { clientText($0.title) },
        Column("Category") { clientText($0.category) },
        Column("Stage") { stageBadge($0.stage) },
        Column("Lead") { clientText($0.lead?.name) },
        Column("Opened") { frame.face.ago($0.openedAt) },
      ])
  }

  // MARK: Looking before it is done

  static func preview(_ plan: CaseMerge, _ setback: Setback?, _ context: Inside) -> Page {
    let source = plan.source
    let target = plan.target
    let here = context.acting.path("cases", source.id).appending("merge")
    return page(source, context, value: CaseMergeBody(plan)) { frame in
      setbackPanel(setback)
      pageHead("Merge \(source.reference) into \(target.reference)")
      columns {
        side("Ends", source, context)
        side("Goes on", target, context)
      }
      columns {
        moving(plan)
        staying(plan)
      }
      if let refusal = plan.refusal {
        if setback == nil { setbackPanel(refusal.setback) }
        formActs { linkButton("Choose another case", to: here) }
      } else {
        formDanger(
          "Merge the cases",
          consequence: "\(source.reference) is closed as merged and points to \(target.reference). It is not undone."
        ) {
          postForm(here, frame.secrets("merge"), version: source.version, leaving: .silent) {
            hiddenField("into", target.id.description)
            hiddenField("target_version", String(target.version))
            formActs {
              submitButton("Merge into \(target.reference)", style: .danger)
              linkButton("Choose another case", to: here, style: .quiet)
            }
          }
        }
      }
    }
  }

  private static func side(_ title: String, _ found: Case, _ context: Inside) -> HTML {
    panel(title) {
      properties([
        ("Case", a(.href(context.acting.path("cases", found.id))) { found.reference }),
        ("Title", clientText(found.title)),
        ("Category", clientText(found.category)),
        ("Stage", stageBadge(found.stage)),
        ("Lead", clientText(found.lead?.name)),
      ])
    }
  }

  private static func moving(_ plan: CaseMerge) -> HTML {
    let tally = plan.tally
    return panel("Goes over to \(plan.target.reference)") {
      ul {
        li {
          counted(tally.reports, "report")
          if tally.shared > 0 { ", of which it has \(grouped(tally.shared)) already" }
        }
        li { counted(tally.investigations, "open investigation") }
        li { "Whom the reports are about, so that nobody works on a case in which they are accused" }
      }
    }
  }

  private static func staying(_ plan: CaseMerge) -> HTML {
    let tally = plan.tally
    return panel("Stays readable on \(plan.source.reference)") {
      ul {
        li { counted(tally.notes, "note") }
        li { counted(tally.messages, "message") }
        li { counted(tally.attachments, "file") }
        li { counted(tally.closedInvestigations, "closed investigation") }
        li { "Who worked on it, and its history" }
      }
    }
  }

  private static func page(
    _ found: Case, _ context: Inside, value: some Encodable & Sendable,
    @HTMLBuilder _ content: @escaping @Sendable (Frame) -> [HTML]
  ) -> Page {
    let cases = context.acting.path("cases")
    return Page(
      "Merge \(found.reference)", section: cases,
      crumbs: [Crumb("Cases", cases), Crumb(found.reference, cases.appending(found.id))], trace: found.reference,
      value: value, content: content)
  }
}

/// A merge as programs read it before they ask for it.
struct CaseMergeBody: Encodable, Sendable {
  let source: Side
  let target: Side
  let tally: CaseMerge.Tally
  /// The code of why it may not be.
  let refusal: String?

  struct Side: Encodable, Sendable {
    let id: ID<Case>
    let reference: String
    let title: String
    let stage: CaseStage
    let version: Int

    init(_ found: Case) {
      id = found.id
      reference = found.reference
      title = found.title
      stage = found.stage
      version = found.version
    }
  }

  init(_ plan: CaseMerge) {
    source = Side(plan.source)
    target = Side(plan.target)
    tally = plan.tally
    refusal = plan.refusal?.setback.code
  }
}
