// The document around every page. Under /i/ the banner and the frame come first, and nothing closes them.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum Layout {
  static func page(_ page: Page, _ frame: Frame) -> HTML {
    html(
      .lang("en"), .data("keys", frame.signedIn?.staff.singleKeys == .off ? "off" : "on")
    ) {
      documentHead(page, frame)
      if let acting = frame.acting {
        body(.class("inside"), .data("hue", String(acting.tenant.hue))) {
          skipLink
          AccessBanner.view(acting, frame)
          AccessBanner.frame
          LivePage.view(page, frame)
          shell(page, frame)
        }
      } else if frame.signedIn == nil {
        body {
          skipLink
          main(.id("main"), .tabindex(-1), .class("sign-in")) { page.content(frame) }
        }
      } else {
        body {
          skipLink
          LivePage.view(page, frame)
          shell(page, frame)
        }
      }
    }
  }

  private static func documentHead(_ page: Page, _ frame: Frame) -> HTML {
    head {
      meta(.charset("utf-8"))
      meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
      meta(.name("color-scheme"), .content("light dark"))
      title { documentTitle(page, frame) }
      link(
        .rel("icon"),
        .href(frame.assets.path(frame.acting == nil ? "icons/favicon.svg" : "icons/favicon-inside.svg")))
      link(.rel("stylesheet"), .href(frame.assets.path("css/console.css")))
      script(.type("module"), .nonce(frame.nonce), .src(frame.assets.path("js/console.js")))
    }
  }

  private static func documentTitle(_ page: Page, _ frame: Frame) -> String {
    if let acting = frame.acting { return "⚠ \(acting.tenant.name) · \(page.title)" }
    return "\(page.title) · Ethico Ops"
  }

  private static var skipLink: HTML {
    a(.class("skip"), .href(fragment: "main")) { "Skip to content" }
  }

  private static func shell(_ page: Page, _ frame: Frame) -> HTML {
    HTML {
      div(.class("shell")) {
        topbar(page, frame)
        Navigation.rail(page, frame)
        main(.id("main"), .tabindex(-1)) {
          if let acting = frame.acting { AccessBanner.ticketLine(acting, frame) }
          page.content(frame)
        }
        foot(frame)
      }
      custom("tenant-switcher", .data("src", "/tenants"), .data("csrf", frame.csrf))
      if let signedIn = frame.signedIn { StaySignedIn.offer(signedIn, frame) }
    }
  }

  private static func topbar(_ page: Page, _ frame: Frame) -> HTML {
    header(.class("topbar")) {
      a(.class("brand"), .href("/")) {
        "Ethico "
        span { "Ops" }
      }
      breadcrumbs(page)
      a(.class("switcher-link"), .href("/tenants"), .data("switcher")) {
        span { "Find a client" }
        kbd { "Ctrl K" }
      }
      if let signedIn = frame.signedIn { personMenu(signedIn, frame) }
    }
  }

  private static func breadcrumbs(_ page: Page) -> HTML {
    nav(.class("breadcrumbs"), .aria("label", "Breadcrumb")) {
      ol {
        for crumb in page.crumbs {
          li { a(.href(crumb.path), .dirAuto) { crumb.label } }
        }
        li(.aria("current", "page"), .dirAuto) { page.title }
      }
    }
  }

  private static func personMenu(_ signedIn: SignedIn, _ frame: Frame) -> HTML {
    details(.class("me-menu")) {
      summary(.aria("label", "Signed in as \(signedIn.staff.name)")) { signedIn.staff.initials }
      div {
        p {
          strong { signedIn.staff.name }
          br()
          span(.class("muted")) { signedIn.staff.email }
        }
        ul {
          li { a(.href("/me")) { "My accesses, sign-ins and settings" } }
        }
        postButton("Sign out", to: "/sign-out", frame.secrets("sign-out"))
      }
    }
  }

  private static func foot(_ frame: Frame) -> HTML {
    footer(.class("foot")) {
      span { "Release \(frame.release)" }
      span {
        "Correlation "
        copyText(frame.request.id.description, name: "correlation id")
      }
      span { "Times in \(frame.signedIn?.staff.timezone ?? "UTC")" }
    }
  }
}
