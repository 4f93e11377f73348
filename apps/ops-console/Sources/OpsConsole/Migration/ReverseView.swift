// What taking an undo back would do, before it does it: which records return, which stay away, and the one button.

import Access
import EthicoTypes
import Markup
import Migration
import Web

enum ReverseView {
  static func page(
    _ tenant: Tenant, _ batch: Batch, _ undo: ID<MigrationUndo>, _ plan: UndoPlan, setback: Setback?
  ) -> Page {
    Page(
      "Take an undo back", section: "/tenants", crumbs: MapperView.crumbs(tenant, batch), trace: batch.title,
      value: UndoBody(plan)
    ) { frame in
      setbackPanel(setback)
      pageHead("Take an undo back", facts: [clientText(batch.title)])
      if plan.total == 0 {
        nothingYet("Nothing to bring back", "That undo took nothing away.")
      } else {
        for bucket in UndoBucket.allCases {
          let (title, meaning) = words(bucket)
          UndoView.bucketPanel(bucket, plan, title, meaning)
        }
        form(tenant, batch, undo, plan, frame)
      }
    }
  }

  private static func form(
    _ tenant: Tenant, _ batch: Batch, _ undo: ID<MigrationUndo>, _ plan: UndoPlan, _ frame: Frame
  ) -> HTML {
    postForm(
      Path.migration(tenant).appending("undos").appending(undo).appending("reverse"), frame.secrets("reverse"),
      leaving: .silent
    ) {
      p { consequence(plan) }
      formActs {
        if plan.unseen > 0 {
          submitButton("Bring the records back")
        } else if plan.acting > 0 {
          submitButton("Bring \(counted(plan.acting, "record")) back")
        }
        linkButton("Leave everything as it is", to: .batch(batch.id, of: tenant), style: .quiet)
      }
    }
  }

  private static func consequence(_ plan: UndoPlan) -> String {
    guard plan.unseen == 0 else {
      return
        "Of \(grouped(plan.looked)) records from all over it \(grouped(plan.acting)) would come back, with the ids "
        + "that they had. Each of the others is looked at when its turn comes; what stays away is listed afterwards."
    }
    return plan.acting == 0
      ? "None of them can come back."
      : "\(grouped(plan.acting)) of \(grouped(plan.looked)) come back, with the ids that they had."
  }

  private static func words(_ bucket: UndoBucket) -> (title: String, meaning: String) {
    switch bucket {
    case .clean: ("As it was", "Nothing stands against it: it returns whole.")
    case .needsCascade: ("With what came along", "What was undone with it returns too.")
    case .edited: ("Changed here since", "It returns; the fields changed since the undo stay as they are now.")
    case .superseded:
      ("Its place is taken", "It was imported again, or something else has its number or part by now: it stays away.")
    case .gone: ("Cannot return", "What it belonged to is not here any more, or it was erased meanwhile.")
    case .held, .blockedNative, .errored: (bucket.title, bucket.meaningWords)
    }
  }
}
