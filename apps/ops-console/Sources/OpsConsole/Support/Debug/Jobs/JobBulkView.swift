// Before an act on all jobs that match a filter: how many they are, and what will happen to them.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Markup
import Web

enum JobBulkView {
  static func page(
    _ act: JobAct, _ filter: JobFilter, _ bulk: JobBulk, setback: Setback?, _ acting: ActingContext
  ) -> Page {
    let list = DebugTab.jobs.path(acting)
    let back = list.query(filter.parameters)
    let body = JobBulkBody(act: act, count: bulk.taken, left: bulk.left, limit: JobBulk.limit)
    let title = "\(act.verb) all that match"
    return Page(title, section: acting.debugSection, crumbs: [Crumb("Jobs", list)], value: body) { frame in
      setbackPanel(setback)
      pageHead(title)
      section(.class("panel")) {
        properties(conditions(filter))
        p { strong { sentence(act, bulk.taken) } }
        if bulk.left > 0 { p { left(bulk.left, "is left as it is", "are left as they are") } }
        if (1...JobBulk.limit).contains(bulk.taken) {
          form(act, filter, bulk.taken, list, frame)
        } else {
          linkButton("Back to the list", to: back, style: .primary)
        }
      }
    }
  }

  private static func conditions(_ filter: JobFilter) -> [(name: String, value: HTML)] {
    [
      ("State", .text(filter.states.isEmpty ? "Any" : filter.states.map(\.label).joined(separator: ", "))),
      ("Queue", .text(filter.queues.isEmpty ? "Any" : filter.queues.map(\.label).joined(separator: ", "))),
      ("Kind", filter.kind.map { clientText($0) } ?? .text("Any")),
      ("Stuck", .text(filter.only == .stuck ? "Only those" : "Stuck or not")),
    ]
  }

  private static func sentence(_ act: JobAct, _ count: Int) -> String {
    switch count {
    case 0: "No job that matches takes this."
    case 1: "1 job will \(act.future)."
    case ...JobBulk.limit: "\(grouped(count)) jobs will \(act.future)."
    default:
      "More than \(grouped(JobBulk.limit)) jobs match. One act takes at most that many: narrow the filter."
    }
  }

  /// How many keep still while the others move, and why.
  static func left(_ count: Int, _ one: String, _ many: String) -> String {
    "\(counted(count, one, many)): another job does the same work."
  }

  private static func form(_ act: JobAct, _ filter: JobFilter, _ count: Int, _ list: Path, _ frame: Frame) -> HTML {
    postForm(list.appending("bulk"), frame.secrets("bulk"), leaving: .silent) {
      hiddenField("act", act.rawValue)
      hiddenField("count", String(count))
      for parameter in filter.parameters where parameter.name != "limit" {
        hiddenField(parameter.name, parameter.value)
      }
      formActs {
        submitButton("\(act.verb) \(counted(count, "job"))")
        linkButton("Leave them as they are", to: list.query(filter.parameters), style: .quiet)
      }
    }
  }
}
