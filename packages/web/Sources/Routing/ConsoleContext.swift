// What is known of a request before anybody is known.

import Access
public import Hummingbird
import NIOCore

/// Hummingbird's context of a request, with what the gate found out about it.
public struct ConsoleContext: RequestContext {
  /// What Hummingbird itself keeps of a request, such as the parameters of its path.
  public var coreContext: CoreRequestContextStorage
  /// The address at the other end of the connection, before any proxy is believed.
  let peer: String
  /// The connection that the request came on; none for a client within the process.
  let channel: (any Channel)?
  /// Set by the gate before any route is looked up.
  var facts: RequestFacts?
  var nonce = ""

  /// At most so many bytes of a body, but for uploads, which say their own limit.
  public var maxUploadSize: Int { 1 << 20 }

  /// Made by the server for each request.
  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
    peer = source.channel.remoteAddress?.ipAddress ?? ""
  }

  /// For a client within the process, which has no address of its own.
  package init(source: ApplicationRequestContextSource, peer: String) {
    coreContext = .init(source: source)
    channel = nil
    self.peer = peer
  }
}
