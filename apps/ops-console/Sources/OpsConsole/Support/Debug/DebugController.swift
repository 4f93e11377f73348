// The debug view of a client: Ethico's own look behind its workspace, whatever the subject. Each tab is a capability's.

import Access
import EthicoTypes
import Markup
import Web

enum DebugController {
  static func routes(_ routes: Routes) {
    let group = routes.group("i/{impersonation}/debug", context: WorkspaceContext<ReadDebug>.self)
    group.get("", name: "debug") { context in .redirect(DebugTab.all[0].path(context.acting)) }
  }
}

/// A page of the debug view.
struct DebugTab: Sendable, Hashable {
  let label: String
  let segment: String

  static let errors = DebugTab(label: "Errors", segment: "errors")
  static let configuration = DebugTab(label: "Configuration", segment: "configuration")
  static let jobs = DebugTab(label: "Jobs", segment: "jobs")
  static let search = DebugTab(label: "Search", segment: "search")
  static let flags = DebugTab(label: "Flags", segment: "flags")

  /// In the order in which they stand.
  static let all = [errors, configuration, jobs, search, flags]

  func path(_ acting: ActingContext) -> Path {
    acting.path("debug", segment)
  }

  /// The tabs with this one marked.
  func bar(_ acting: ActingContext) -> HTML {
    tabs("Debug view", Self.all.map { ($0.label, $0.path(acting)) }, current: path(acting))
  }
}

extension ActingContext {
  /// Where the debug view stands in the rail.
  var debugSection: Path { path("debug") }
}
