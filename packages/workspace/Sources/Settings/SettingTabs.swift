// The pages of a client's settings.

import Access
import Markup
import Web

/// One of the pages under Settings.
enum SettingTab: CaseIterable {
  case general, categories, domains, signIn, branding, retention

  var label: String {
    switch self {
    case .general: "General"
    case .categories: "Categories"
    case .domains: "Domains"
    case .signIn: "Sign-in"
    case .branding: "Branding"
    case .retention: "Retention"
    }
  }

  func path(_ acting: ActingContext) -> Path {
    switch self {
    case .general: acting.path("settings")
    case .categories: acting.path("settings", "categories")
    case .domains: acting.path("settings", "domains")
    case .signIn: acting.path("settings", "sign-in")
    case .branding: acting.path("settings", "branding")
    case .retention: acting.path("settings", "retention")
    }
  }

  /// The links between the pages that the acting person may open, this one marked.
  func tabs(_ acting: ActingContext) -> HTML {
    let shown = Self.allCases.filter { $0 != .signIn || acting.may(.manageSettings) }
    return Web.tabs("Settings", shown.map { ($0.label, $0.path(acting)) }, current: path(acting))
  }

  /// A page of this tab.
  func page(
    _ context: Inside, value: some Encodable & Sendable, acts: HTML = .nothing,
    above: @escaping @Sendable (Frame) -> HTML, @HTMLBuilder content: @escaping @Sendable (Frame) -> [HTML]
  ) -> Page {
    let settings = context.acting.path("settings")
    return Page(label, section: settings, crumbs: [Crumb("Settings", settings)], value: value) { frame in
      above(frame)
      pageHead(label) { acts }
      tabs(context.acting)
      content(frame)
    }
  }
}
