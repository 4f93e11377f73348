// Where browsers report what the content security policy stopped.

import Access
import FoundationEssentials
import HTTPTypes
import Logging
import Web

enum CSPController {
  static func routes(_ routes: Routes) {
    routes.group("", context: VisitorContext.self).post("csp", name: "csp.report", use: report)
  }

  private static func report(_ context: VisitorContext) async throws -> Answer {
    let text = context.form.fields.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    context.console.logger.warning(
      "csp report", metadata: ["request": "\(context.facts.id)", "report": "\(text.prefix(2_000))"])
    return .json(["received": "ok"], status: .accepted)
  }
}
