// How slowly the body of a request may come: whoever sends it a byte at a time keeps a place that others need.

import HTTPTypes
package import NIOCore
package import NIOHTTPTypes

/// Stands behind the parser of one connection and counts the time in which a body is waited for. Only its sender uses
/// that up: while what came is still being stored nothing more is read, and nothing is counted. The server closes a
/// connection that is silent, but each byte holds it open anew. Whoever reads a body that brought too little is told so
/// in place of what comes next, and the connection ends behind the answer.
package final class BodyPace: ChannelDuplexHandler, RemovableChannelHandler {
  package typealias InboundIn = HTTPRequestPart
  package typealias OutboundIn = HTTPResponsePart
  package typealias OutboundOut = HTTPResponsePart

  private let stretchBytes: Int
  private let patience: TimeAmount
  private var isInBody = false
  private var isTooSlow = false
  /// What came of the stretch that is being waited for, and how long that took by now.
  private var byteCount = 0
  private var waited = TimeAmount.zero
  /// Since when more is wanted; `nil` while nothing is read.
  private var waitingSince: NIODeadline?
  private var nextLook: Scheduled<Void>?

  /// - Parameters:
  ///   - stretchBytes: when so many have come, the time begins anew.
  ///   - patience: how long they may be waited for; a body that ends earlier is shorter.
  package init(stretchBytes: Int = 131_072, patience: TimeAmount = .seconds(20)) {
    self.stretchBytes = stretchBytes
    self.patience = patience
  }

  package func read(context: ChannelHandlerContext) {
    if isInBody, waitingSince == nil {
      waitingSince = context.eventLoop.now
      if nextLook == nil { look(in: patience - waited, context) }
    }
    context.read()
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    stopWaiting(context)
    switch unwrapInboundIn(data) {
    case .head:
      isInBody = true
      beginStretch()
    case .body(let bytes):
      byteCount += bytes.readableBytes
      if byteCount >= stretchBytes { beginStretch() }
    case .end:
      isInBody = false
      cancelLook()
    }
    context.fireChannelRead(data)
  }

  package func channelReadComplete(context: ChannelHandlerContext) {
    // Something came, if no more than half a line of the parser's.
    stopWaiting(context)
    context.fireChannelReadComplete()
  }

  package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if isTooSlow, case .head(var head) = unwrapOutboundIn(data) {
      // What is left of the body would be read as the next request.
      head.headerFields[.connection] = "close"
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    } else {
      context.write(data, promise: promise)
    }
  }

  package func handlerRemoved(context: ChannelHandlerContext) {
    cancelLook()
  }

  private func beginStretch() {
    byteCount = 0
    waited = .zero
  }

  private func stopWaiting(_ context: ChannelHandlerContext) {
    guard let since = waitingSince else { return }
    waited += context.eventLoop.now - since
    waitingSince = nil
  }

  private func look(in delay: TimeAmount, _ context: ChannelHandlerContext) {
    nextLook = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { self.look(context) }
  }

  /// Waits on where there is time left; where nothing is waited for, the next read looks again.
  private func look(_ context: ChannelHandlerContext) {
    nextLook = nil
    guard isInBody, let since = waitingSince else { return }
    let left = patience - waited - (context.eventLoop.now - since)
    guard left <= .zero else { return look(in: left, context) }
    isInBody = false
    isTooSlow = true
    context.fireErrorCaught(Problem.tooSlow)
  }

  private func cancelLook() {
    nextLook?.cancel()
    nextLook = nil
  }
}

/// It belongs to the event loop of its connection.
@available(*, unavailable)
extension BodyPace: Sendable {}
