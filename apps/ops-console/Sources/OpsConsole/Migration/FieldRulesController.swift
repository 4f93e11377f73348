// The address at which somebody says what becomes of the fields of records that are here already.

import Access
import EthicoTypes
import Mapping
import Markup
import Migration
import Web

enum FieldRulesController {
  private typealias Running = TenantContext<RunMigration>

  static func routes(_ routes: Routes) {
    let runners = routes.group("t/{slug}/migration/batches", context: Running.self)
    runners.post("{batch}/fields", name: "migration.field_rules", use: say)
  }

  private static func say(_ context: Running) async throws -> Answer {
    let id = try context.id("batch", of: Batch.self)
    return try await context.attempt(Batch.object(id)) { tx in
      guard let batch = try await Batch.hold(id, in: tx) else { throw RecordMissing() }
      try batch.demand(context.form.version)
      let offered = ReimportField.mapped(by: try await BatchMapping.current(of: batch, in: tx), as: batch.entity)
      let policies = try FieldPolicies.read(context.form.fields, offered, of: batch)
      try await batch.treat(policies, in: tx)
      return Path.batch(id, of: context.tenant).query("done", policies == batch.policies ? "rules-same" : "rules")
    } otherwise: { setback, tx in
      var forms = BatchForms(may: true)
      forms.rules = FormState(context.form.fields, errors: setback.errors)
      // What is wrong with a field stands at this form alone.
      if setback.errors.isEmpty { forms.setback = setback }
      return try await BatchController.screen(id, forms, context, in: tx)
    }
  }
}

extension FieldPolicies {
  /// Reads the form: `r.title` is the rule for the title. A field that was not sent keeps its rule.
  /// - Parameter offered: the fields that have a rule in this batch; no other one keeps any.
  /// - Throws: `Invalid` with every field that cannot be accepted.
  static func read(_ fields: FormFields, _ offered: [ReimportField], of batch: Batch) throws -> FieldPolicies {
    var policies = FieldPolicies()
    var errors: [FieldError] = []
    for field in offered {
      policies[field] = batch.policies[field]
      guard let chosen = fields[field.control] else { continue }
      if let policy = FieldPolicy(rawValue: chosen) {
        policies[field] = policy
      } else {
        errors.append(FieldError(field.control, "\(field.label): choose one of the four rules."))
      }
    }
    let known = Set(offered.map(\.control))
    let unknown = Set(fields.pairs.map(\.name)).filter { $0.hasPrefix(ReimportField.mark) && !known.contains($0) }
    errors += unknown.sorted().prefix(20).map { name in
      FieldError(name, "“\(name.dropFirst(2).prefix(60))” is no field that this batch sets in records that are here.")
    }
    guard errors.isEmpty else { throw Invalid(errors) }
    return policies
  }
}
