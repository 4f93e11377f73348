// What goes over a stream, from its opening to its end. The right to look is proven anew before each event, as for a
// request: a stream that is woken because a right ended says so and is over.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

extension LiveStreams {
  /// Opens a stream for who was admitted.
  /// - Throws: `Problem` when there are too many.
  func body<Context: WatchedContext>(for context: Context, _ feed: LiveFeed<Context>) throws -> ResponseBody {
    let stream = try open(
      for: context.signedIn.session.id, on: context.rights.union(feed.keys), channel: context.arrival.channel)
    let telling = LiveTelling(arrival: context.arrival, feed: feed, stream: stream, pace: limits.pace)
    return ResponseBody { writer in
      try await telling.run(&writer)
      try await writer.finish(nil)
    }
  }
}

/// One stream being told what changes.
private struct LiveTelling<Context: WatchedContext>: Sendable {
  let arrival: Arrival
  let feed: LiveFeed<Context>
  let stream: LiveStream
  let pace: Duration

  private static var retryMilliseconds: Int { 1_000 }

  func run(_ writer: inout any ResponseBodyWriter) async throws {
    guard arrival.channel != nil else { return try await tell(&writer) }
    try await arrival.request.body.consumeWithInboundCloseHandler { _ in
      try await tell(&writer)
    } onInboundClosed: { [stream] in
      stream.end()
    }
  }

  private func tell(_ writer: inout any ResponseBodyWriter) async throws {
    try await write(EventText.retry(milliseconds: Self.retryMilliseconds), to: &writer)
    var known = LiveValues()
    for await _ in stream.signals {
      let turn = await look(stream.take(), &known)
      for event in turn.events { try await write(event, to: &writer) }
      if turn.isLast { return }
      try await Task.sleep(for: pace)
    }
  }

  /// What there is to tell, and whether that is the end.
  private func look(_ dirty: Set<LiveKey>, _ known: inout LiveValues) async -> (events: [String], isLast: Bool) {
    var events: [String] = []
    do {
      let context = try await Context.admit(arrival)
      let isBeat = dirty.contains(.beat)
      if isBeat || !dirty.isDisjoint(with: feed.keys), !feed.keys.isEmpty,
        let news = try await feed.read(context).news(to: known)
      {
        known.learn(news)
        events.append(EventText.event("values", try text(news)))
      }
      // An event and not a comment, which no page would hear: silence is how a page knows that it is stale.
      if isBeat { events.append(EventText.event("beat", "{}")) }
      return (events, false)
    } catch {
      return (parting(error), true)
    }
  }

  /// Why the right to look ended; nothing for what the page may ask again about.
  private func parting(_ error: any Error) -> [String] {
    let reason: any Encodable & Sendable
    switch error {
    case let ended as AccessEnded:
      reason = EndedBody(ended.impersonation, arrival.frame(signedIn: ended.signedIn))
    case is SignInExpired: reason = ProblemBody(.signInExpired, correlation: arrival.facts.id.description)
    case let refused as Refused: reason = ProblemBody(refused.problem, correlation: arrival.facts.id.description)
    case let problem as Problem: reason = ProblemBody(problem, correlation: arrival.facts.id.description)
    default:
      arrival.console.logger.warning(
        "A stream broke off.",
        metadata: ["request": "\(arrival.facts.id)", "error": "\(String(reflecting: error))"])
      return []
    }
    return (try? [EventText.event("ended", text(reason))]) ?? []
  }

  private func text(_ value: any Encodable & Sendable) throws -> String {
    String(decoding: try JSONEncoder.ours.encode(value), as: UTF8.self)
  }

  private func write(_ text: String, to writer: inout any ResponseBodyWriter) async throws {
    try await writer.write(ByteBuffer(string: text))
  }
}
