// Where errors are looked at: a client's behind its workspace, the platform's own beside it. The pages are the same.

import Access
import Errors
import EthicoTypes
import Jobs
import Markup
import Web

/// Where errors are looked at, and whether anything may be done about them there.
struct ErrorPlace: Sendable {
  /// The address of the list.
  let list: Path
  /// Where the pages stand in the rail.
  let section: Path
  let crumbs: [Crumb]
  /// The tabs that the pages stand among.
  let tabs: HTML
  let acts: Acts
  /// Where the jobs are whose failures stand here.
  let jobs: Path
  /// Whether the person who looks may read the timeline of that access.
  let mayRead: @Sendable (ID<Impersonation>) -> Bool

  enum Acts: Sendable {
    case none, all
  }

  /// A client's errors.
  init(_ acting: ActingContext) {
    list = DebugTab.errors.path(acting)
    section = acting.debugSection
    crumbs = [Crumb("Debug", acting.debugSection)]
    tabs = DebugTab.errors.bar(acting)
    acts = acting.staff.may(.errorsWrite) ? .all : .none
    jobs = DebugTab.jobs.path(acting)
    mayRead = { $0 == acting.impersonation.id || acting.staff.may(.auditRead) }
  }

  private init(list: Path, jobs: Path) {
    self.list = list
    self.jobs = jobs
    section = list
    crumbs = []
    tabs = .nothing
    acts = .all
    mayRead = { _ in false }
  }

  /// What belongs to no client.
  static let platform = ErrorPlace(list: "/platform/errors", jobs: JobPlace.platform.list)
}
