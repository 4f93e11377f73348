// Asking another server, as a value: the program passes libcurl, a test a provider of its own.

import EthicoTypes

/// Sends one request and waits for the whole answer. Follows no redirect.
package struct HTTPFetch: Sendable {
  let send: @Sendable (OutgoingRequest) async throws -> IncomingAnswer

  package init(_ send: @escaping @Sendable (OutgoingRequest) async throws -> IncomingAnswer) {
    self.send = send
  }
}

/// A request to another server.
package struct OutgoingRequest: Sendable, Hashable {
  /// What is asked.
  package enum Kind: Sendable, Hashable {
    case get
    /// A form, already encoded.
    case post(form: String)
    /// JSON as text.
    case send(json: String)
  }

  package let kind: Kind
  package let url: String
  /// Names and values, neither with a line break.
  package let headers: [String: String]

  package init(_ kind: Kind, _ url: String, headers: [String: String] = [:]) {
    self.kind = kind
    self.url = url
    self.headers = headers
  }
}

/// What another server answered.
package struct IncomingAnswer: Sendable, Hashable {
  package let status: Int
  package let body: [UInt8]

  package init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }

  package static let bytesLimit = 1 << 20
}

/// Fields as forms and queries write them.
enum FormEncoding {
  static func text(_ fields: [(name: String, value: String)]) -> String {
    fields.map { PercentCoding.encode($0.name) + "=" + PercentCoding.encode($0.value) }.joined(separator: "&")
  }
}
