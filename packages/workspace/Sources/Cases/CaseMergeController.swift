// The addresses of a merge: choose the other case, look at what goes over, do it.

import Access
import EthicoTypes
import HTTPTypes
import Markup
import Web

enum CaseMergeController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("cases/{case}/merge", name: "case.merge_form", use: form)
    group.post("cases/{case}/merge", name: "case.merge", use: merge)
  }

  private static func form(_ context: Inside) async throws -> Answer {
    try await context.demand(.workCases)
    let id = try context.id("case", of: Case.self)
    let filter = try CaseFilter(context)
    let target = context.query("into").map { ID<Case>($0) }
    return try await context.look(at: Case.object(id)) { tx in
      switch target {
      case .some(nil): throw RecordMissing()
      case let target?? where target != id:
        return CaseMergeView.preview(try await CaseMerge.plan(id, into: target, in: tx), nil, context)
      case .some, nil: return try await choice(id, filter, nil, context, in: tx)
      }
    }
  }

  private static func merge(_ context: Inside) async throws -> Answer {
    try await context.demand(.workCases)
    let id = try context.id("case", of: Case.self)
    let target = context.form.fields["into"].flatMap { ID<Case>($0) }
    return try await context.attempt(Case.object(id)) { tx in
      guard try await Case.find(id, in: tx) != nil else { throw RecordMissing() }
      guard let target, try await Case.find(target, in: tx) != nil else {
        throw Invalid("into", "Choose one of the client’s open cases.")
      }
      let plan = try await CaseMerge.hold(id, into: target, in: tx)
      try plan.source.demand(context.form.version)
      try plan.target.demand(context.form.fields["target_version"].flatMap(Int.init) ?? 0)
      try await plan.carryOut(in: tx)
      return context.acting.path("cases", target).query("done", "merged")
    } otherwise: { setback, tx in
      if let target, target != id, try await Case.find(target, in: tx) != nil {
        return CaseMergeView.preview(try await CaseMerge.plan(id, into: target, in: tx), setback, context)
      }
      return try await choice(id, CaseFilter(), setback, context, in: tx)
    }
  }

  /// The page on which the other case is chosen: what is open, newest first.
  private static func choice(
    _ id: ID<Case>, _ filter: CaseFilter, _ setback: Setback?, _ context: Inside, in tx: AuditedTransaction
  ) async throws -> Page {
    guard let found = try await Case.find(id, in: tx) else { throw RecordMissing() }
    var open = filter
    open.stages = CaseStage.allCases.filter { !$0.needsOutcome }
    return CaseMergeView.choice(found, try await Case.page(open, in: tx), filter, setback, context)
  }
}
