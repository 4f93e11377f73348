// Where jobs are looked at: a client's behind its workspace, the platform's own beside it. The pages are the same.

import Access
import EthicoTypes
import Jobs
import Markup
import Web

/// Where jobs are looked at, and what may be done there.
struct JobPlace: Sendable {
  /// The address of the list.
  let list: Path
  /// Where the pages stand in the rail.
  let section: Path
  let crumbs: [Crumb]
  /// The tabs that the pages stand among.
  let tabs: HTML
  let acts: Acts

  /// What may be done to the jobs here.
  enum Acts: Sendable {
    case none
    case one
    case oneAndAllThatMatch
  }

  /// A client's jobs.
  init(_ acting: ActingContext) {
    list = DebugTab.jobs.path(acting)
    section = acting.debugSection
    crumbs = [Crumb("Debug", acting.debugSection)]
    tabs = DebugTab.jobs.bar(acting)
    acts = acting.staff.may(.jobsWrite) ? .oneAndAllThatMatch : .none
  }

  private init(list: Path, acts: Acts) {
    self.list = list
    section = list
    crumbs = []
    tabs = .nothing
    self.acts = acts
  }

  /// The platform's own jobs.
  static let platform = JobPlace(list: "/platform/jobs", acts: .one)
}
