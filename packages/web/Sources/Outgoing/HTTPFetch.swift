// Asking another server, as a value: the program passes libcurl, a test a provider of its own.

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
    fields.map { encode($0.name) + "=" + encode($0.value) }.joined(separator: "&")
  }

  /// Percent-encodes all but the unreserved characters [RFC 3986, 2.3], which every reader of forms understands.
  static func encode(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}
