// The places of how an index stands, on the list of all and on the page of one.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Markup
import Web
import Workspace

/// The places of how one index stands.
struct IndexSlots {
  let records: LiveSlot
  let found: LiveSlot
  let waiting: LiveSlot
  let missing: FaultSlots
  let surplus: FaultSlots
  let mapping: LiveSlot
  let rebuild: RebuildSlots

  /// Whether a rebuild ended while the page was open.
  enum Ending {
    case seen, unseen
  }

  init(_ standing: IndexStanding, _ ending: Ending, _ acting: ActingContext, at moment: Date) {
    let name = standing.entity.rawValue
    records = LiveSlot(name + ".records", .text(grouped(standing.records)))
    found = LiveSlot(name + ".found", .text(grouped(standing.found)))
    waiting = LiveSlot(name + ".waiting", .text(grouped(standing.waiting)))
    missing = FaultSlots(name + ".missing", standing.missing, .bad)
    surplus = FaultSlots(name + ".surplus", standing.surplus, .attention)
    let isCurrent = standing.outdated == 0
    let words = isCurrent ? "Current" : "Stale, \(grouped(standing.outdated))"
    mapping = LiveSlot(name + ".mapping", .badge(LiveValue.Badge(words, isCurrent ? .good : .attention)))
    rebuild =
      standing.rebuild.map { RebuildSlots(of: standing.entity, $0, acting, at: moment) }
      ?? RebuildSlots(without: standing, ending, acting)
  }

  var all: [LiveSlot] { [records, found, waiting, mapping] + missing.all + surplus.all + rebuild.all }
}

/// A number that should be nothing stands out where it is something.
struct FaultSlots {
  let nothing: LiveSlot
  let number: LiveSlot

  init(_ name: String, _ count: Int, _ meaning: Meaning) {
    nothing = LiveSlot(name + ".nothing", .text(count == 0 ? "0" : nil))
    number = LiveSlot(name, .badge(count == 0 ? nil : LiveValue.Badge(grouped(count), meaning)))
  }

  var all: [LiveSlot] { [nothing, number] }
  var view: HTML { .group(all.map(\.view)) }
}

/// The places of a rebuild: how far it is, leading to its job; whether one was begun and ended before its work did.
struct RebuildSlots {
  let nothing: LiveSlot
  let state: LiveSlot
  let job: LiveSlot
  let progress: ProgressSlots
  /// Leads to the page of the index as it is now.
  let again: LiveSlot

  /// Of one that waits or runs.
  init(of entity: SearchEntity, _ rebuild: IndexRebuild, _ acting: ActingContext, at moment: Date) {
    let link = LiveValue.Link("Job", DebugTab.jobs.path(acting).appending(rebuild.job), suffix: entity.label)
    self.init(
      entity, LiveValue.Badge(rebuild.state.label, .away), job: link, progress: rebuild.progress(at: moment),
      again: nil)
  }

  /// Of an index that is not being made anew.
  init(without standing: IndexStanding, _ ending: IndexSlots.Ending, _ acting: ActingContext) {
    var badge: LiveValue.Badge?
    if standing.building != nil {
      badge = LiveValue.Badge("Ended early", .attention)
    } else if ending == .seen {
      badge = LiveValue.Badge("Rebuilt, generation \(standing.generation)", .good)
    }
    let page = DebugTab.search.path(acting).appending(standing.entity.rawValue)
    let again = LiveValue.Link("The rebuild has ended: reload the page", page)
    self.init(standing.entity, badge, job: nil, progress: nil, again: ending == .seen ? again : nil)
  }

  private init(
    _ entity: SearchEntity, _ badge: LiveValue.Badge?, job link: LiveValue.Link?, progress: WorkProgress?,
    again: LiveValue.Link?
  ) {
    let name = entity.rawValue + ".rebuild"
    nothing = LiveSlot(name + ".nothing", .text(badge == nil ? "–" : nil))
    state = LiveSlot(name + ".state", .badge(badge))
    job = LiveSlot(name + ".job", .link(link))
    self.progress = ProgressSlots(name, progress)
    self.again = LiveSlot(name + ".again", .link(again))
  }

  var all: [LiveSlot] { [nothing, state, job, again] + progress.all }

  var view: HTML {
    HTML {
      span(.class("muted")) { nothing.view }
      state.view
      " "
      job.view
      progress.view
    }
  }
}
