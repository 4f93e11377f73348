// What keeps an open page fresh: one stream, which also says when the right to look at the page has ended.

import Access
import Markup
import Web

enum LivePage {
  /// The addresses of pages on which nothing changes but the right to look at them.
  static func routes(_ routes: Routes) {
    routes.group("", context: StaffContext<Watch<ReadTenants>>.self).live(name: "live.staff") { _ in .rightsAlone }
    routes.group("i/{impersonation}", context: WorkspaceContext<Watch<ActInWorkspace>>.self)
      .live(name: "live.workspace") { _ in .rightsAlone }
  }

  /// Above the page, and hidden until it has something to say. Without scripts the next request says the same.
  static func view(_ page: Page, _ frame: Frame) -> HTML {
    let source = page.live ?? frame.acting?.path("live") ?? "/live"
    return custom("live-page", .data("src", source.description), .data("zone", frame.face.timezone)) {
      div(.class("ended"), .role("alert"), .tabindex(-1), .hidden) {
        p {}
        linkButton("Go to Home", to: "/")
      }
      p(.class("visually-hidden"), .role("status")) {}
    }
  }
}
