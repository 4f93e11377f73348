// Asking another server, as a value: the program passes libcurl, a test a provider of its own.

import EthicoTypes

/// Sends one request and waits for the whole answer. Follows no redirect.
public struct HTTPFetch: Sendable {
  let send: @Sendable (OutgoingRequest) async throws -> IncomingAnswer

  /// - Parameter send: throws where there is no answer; whatever the status, it is one.
  public init(_ send: @escaping @Sendable (OutgoingRequest) async throws -> IncomingAnswer) {
    self.send = send
  }
}

/// A request to another server.
public struct OutgoingRequest: Sendable, Hashable {
  /// What is asked.
  public enum Kind: Sendable, Hashable {
    case get
    /// A form, already encoded.
    case post(form: String)
    /// JSON as text.
    case send(json: String)
  }

  /// What is asked, with the body that goes along.
  public let kind: Kind
  /// Absolute; `HTTPFetch.curl` takes https, and http to loopback.
  public let url: String
  /// Names and values, neither with a line break.
  public let headers: [String: String]

  /// - Parameter headers: besides the `Content-Type`, which goes with the kind.
  public init(_ kind: Kind, _ url: String, headers: [String: String] = [:]) {
    self.kind = kind
    self.url = url
    self.headers = headers
  }
}

/// What another server answered.
public struct IncomingAnswer: Sendable, Hashable {
  /// Whichever came: a redirect is not followed, and an error is an answer too.
  public let status: Int
  /// All of it; `HTTPFetch.curl` takes at most `bytesLimit`.
  public let body: [UInt8]

  /// What a server said, as whoever sends gives it back.
  public init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }

  /// 1 MiB; a longer answer fails as one that never came.
  public static let bytesLimit = 1 << 20
}

/// Fields as forms and queries write them.
enum FormEncoding {
  static func text(_ fields: [(name: String, value: String)]) -> String {
    fields.map { PercentCoding.encode($0.name) + "=" + PercentCoding.encode($0.value) }.joined(separator: "&")
  }
}
