// What somebody is told who asks more often than a minute allows, and what the trail keeps of it.

public import Access
import HTTPTypes
import Markup

extension GuardedContext {
  /// Writes down that somebody reached a limit, once a minute each.
  public func note(_ exceeded: RateExceeded, by author: Author) async throws {
    guard exceeded.isFirst else { return }
    try await ledger.refuse(author, action: "access.rate_limited", status: 429, detail: exceeded.meter.rawValue)
  }
}

extension Answer {
  /// A page that keeps what was asked or typed, and says when to ask again.
  public static func exceeded(_ exceeded: RateExceeded, _ page: Page) -> Answer {
    var answer = Answer.page(page, status: .tooManyRequests)
    answer.headers[.retryAfter] = String(exceeded.retryAfterSeconds)
    return answer
  }
}

extension Setback {
  /// The same, as the panel on top of a page.
  public init(_ exceeded: RateExceeded) {
    let problem = Problem(exceeded)
    self.init(problem.status, problem.code, problem.title, problem.advice)
  }
}
