// How long the head of a request may be, and what somebody is told whose is longer.

import HTTPTypes
package import Logging
import Metrics
package import NIOCore
import NIOHTTP1
package import NIOHTTPTypes

/// Stands behind the parser of one connection. What is beyond the limit is an error there, which the server answers
/// with an empty 400 and keeps to itself: here that answer becomes a 431 [RFC 6585, 5] in words, and a line of the log.
package final class HeadLimit: ChannelDuplexHandler, RemovableChannelHandler {
  package typealias InboundIn = HTTPRequestPart
  package typealias OutboundIn = HTTPResponsePart
  package typealias OutboundOut = HTTPResponsePart

  package static let bytes = 16_384

  private static let sentence =
    "The head of this request is longer than 16 KiB: the address or the cookies are too long.\n"

  private let logger: Logger
  /// How many requests wait for the end of their answer: the refusal stands behind all of those.
  private var unanswered = 0
  /// What comes behind a body counts as headers too, and is none of a head.
  private var isInBody = false
  private var isExceeded = false

  package init(logger: Logger) {
    self.logger = logger
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      unanswered += 1
      isInBody = true
    case .body: break
    case .end: isInBody = false
    }
    context.fireChannelRead(data)
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case HTTPParserError.headerOverflow = error, !isInBody {
      isExceeded = true
      logger.info(
        "The head of a request is too long.",
        metadata: ["peer": "\(context.remoteAddress?.ipAddress ?? "-")", "status": "431"])
      Counter(label: "http_requests_total", dimensions: [("method", "other"), ("status", "431")]).increment()
    }
    context.fireErrorCaught(error)
  }

  package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head where isExceeded && unanswered == 0:
      context.write(wrapOutboundOut(.head(Self.refusal)), promise: promise)
      context.write(wrapOutboundOut(.body(context.channel.allocator.buffer(string: Self.sentence))), promise: nil)
    case .end:
      unanswered = max(0, unanswered - 1)
      context.write(data, promise: promise)
    case .head, .body:
      context.write(data, promise: promise)
    }
  }

  private static let refusal = HTTPResponse(
    status: .requestHeaderFieldsTooLarge,
    headerFields: [
      .contentType: "text/plain; charset=utf-8", .contentLength: String(sentence.utf8.count),
      .cacheControl: "no-store", .connection: "close",
    ])
}

/// It belongs to the event loop of its connection.
@available(*, unavailable)
extension HeadLimit: Sendable {}
