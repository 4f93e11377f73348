// Places on a page that a stream changes while the page is open. Without scripts they show what the page was made with.

public import Markup

extension LiveSlot {
  /// The place with its value, hidden while it has none.
  public var view: HTML {
    switch value {
    case .text(let text): span(place, hidden(text)) { text ?? "" }
    case .badge(let badge):
      span(.class("badge"), .data("meaning", (badge?.meaning ?? .neutral).rawValue), place, hidden(badge)) {
        span(.class("badge-mark"), .aria("hidden", "true")) { "●" }
        " " + (badge?.word ?? "")
      }
    case .bar(let portion):
      .element(
        "progress",
        [place, hidden(portion), .value(String(portion?.done ?? 0)), .max(max(1, portion?.total ?? 1))]
          + [.aria("label", "Progress")], [])
    case .link(let link):
      a(.href(link?.path ?? "/"), place, hidden(link)) {
        span { link?.text ?? "" }
        span(.class("visually-hidden")) { link.map { " " + $0.suffix } ?? "" }
      }
    }
  }

  private var place: Attribute { .data("live", name) }

  private func hidden(_ value: (some Sendable)?) -> Attribute { value == nil ? .hidden : nil }
}

/// The part of a page that a stream changes. When the stream is lost it turns grey and says since when.
public func liveRegion(@HTMLBuilder content: () -> [HTML]) -> HTML {
  div(.class("live"), .data("live-region")) {
    p(.class("live-note"), .role("status"), .hidden) {}
    content()
  }
}

/// How far long work is, how fast it goes and how long it will take.
public struct WorkProgress: Sendable, Hashable {
  private let done: Int
  private let total: Int?
  private let seconds: Double?

  /// - Parameter seconds: for how long it has been going on; `nil` for work that is over.
  public init(_ done: Int, of total: Int?, seconds: Double?) {
    self.done = done
    self.total = total
    self.seconds = seconds
  }

  /// `1,240 of 2,400 · 310/s · 4 s left`.
  public var words: String {
    let portion = total.map { "\(grouped(done)) of \(grouped($0))" } ?? grouped(done)
    // In its first second a rate would be chance.
    guard let seconds, seconds >= 1, done > 0 else { return portion }
    let rate = Double(done) / seconds
    let parts = [portion, rate < 1 ? "\(grouped(Int(rate * 60)))/min" : "\(grouped(Int(rate)))/s", left(at: rate)]
    return parts.compactMap(\.self).joined(separator: " · ")
  }

  private func left(at rate: Double) -> String? {
    guard let total, total > done else { return nil }
    return preciseDurationText(seconds: (Double(total - done) / rate).rounded(.up)) + " left"
  }

  /// What a bar shows of it: nothing when it is over.
  var portion: LiveValue.Portion? {
    seconds == nil ? nil : total.map { LiveValue.Portion(done, of: $0) }
  }
}

/// The places of long work: a bar while it goes on, and its words.
public struct ProgressSlots: Sendable {
  /// `{name}.bar`: hidden once the work is over, and where nobody knows how much there is.
  public let bar: LiveSlot
  /// `{name}.words`: as `WorkProgress` puts them.
  public let words: LiveSlot

  /// - Parameter progress: `nil` for work that says nothing of itself, which hides both places.
  public init(_ name: String, _ progress: WorkProgress?) {
    bar = LiveSlot(name + ".bar", .bar(progress?.portion))
    words = LiveSlot(name + ".words", .text(progress?.words))
  }

  /// The bar and its words beside each other, as the page shows them.
  public var view: HTML {
    span(.class("work-progress")) {
      bar.view
      words.view
    }
  }

  /// Both places, for a stream to send.
  public var all: [LiveSlot] { [bar, words] }
}
