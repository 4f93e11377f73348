// The address of the first page inside a client.

import Access
import EthicoTypes
import Markup
import Web

enum OverviewController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("", name: "workspace.overview", use: page)
  }

  private static func page(_ context: Inside) async throws -> Answer {
    try await context.look { tx in
      let counts = try await WorkspaceCounts.read(in: tx)
      return OverviewView.page(counts, context)
    }
  }
}
