// Asking another server, as a value: the program passes libcurl, a test a provider of its own.

import EthicoTypes

/// Sends one request and waits for the whole answer. Follows no redirect.
public struct HTTPFetch: Sendable {
  let send: @Sendable (OutgoingRequest) async throws -> IncomingAnswer

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

  public let kind: Kind
  public let url: String
  /// Names and values, neither with a line break.
  public let headers: [String: String]

  public init(_ kind: Kind, _ url: String, headers: [String: String] = [:]) {
    self.kind = kind
    self.url = url
    self.headers = headers
  }
}

/// What another server answered.
public struct IncomingAnswer: Sendable, Hashable {
  public let status: Int
  public let body: [UInt8]

  public init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }

  public static let bytesLimit = 1 << 20
}

/// Fields as forms and queries write them.
enum FormEncoding {
  static func text(_ fields: [(name: String, value: String)]) -> String {
    fields.map { PercentCoding.encode($0.name) + "=" + PercentCoding.encode($0.value) }.joined(separator: "&")
  }
}
