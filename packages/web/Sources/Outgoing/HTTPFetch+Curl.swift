// Outgoing HTTPS by libcurl. Its calls block, so they run on NIO's pool of threads for such work, never on the
// cooperative one.

import CCurl
import NIOPosix

extension HTTPFetch {
  /// The live one: https, or http to loopback; certificates checked; at most 10 seconds and 1 MiB.
  public static let curl = HTTPFetch { request in
    try await NIOThreadPool.singleton.runIfActive { try CurlCall(request).run() }
  }
}

/// Why a server gave no answer, for the log.
struct CurlFailure: Error, CustomStringConvertible {
  let description: String
}

private struct CurlCall {
  private let request: OutgoingRequest
  private let url: ProviderURL

  private static let timeoutMilliseconds = 10_000
  private static let connectTimeoutMilliseconds = 5_000

  /// curl wants to be told once that the program begins, before there are threads that use it.
  private static let begun = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  init(_ request: OutgoingRequest) throws {
    guard let url = ProviderURL(request.url) else { throw CurlFailure(description: "The address is not https.") }
    self.request = request
    self.url = url
  }

  func run() throws -> IncomingAnswer {
    guard Self.begun == CURLE_OK, let handle = curl_easy_init() else {
      throw CurlFailure(description: "curl could not begin.")
    }
    defer { curl_easy_cleanup(handle) }
    let received = Received()
    let lines = try headerLines()
    defer { curl_slist_free_all(lines) }
    try prepare(handle, lines)
    let place = Unmanaged.passUnretained(received).toOpaque()
    try check(curl_set_receiver(handle, receive, place))
    try withExtendedLifetime(received) { try check(curl_easy_perform(handle)) }
    return IncomingAnswer(status: curl_status(handle), body: received.bytes)
  }

  private func prepare(_ handle: UnsafeMutableRawPointer, _ lines: UnsafeMutablePointer<curl_slist>?) throws {
    try check(curl_set_text(handle, CURLOPT_URL, url.text))
    try check(curl_set_text(handle, CURLOPT_PROTOCOLS_STR, url.isEncrypted ? "https" : "http"))
    // Loopback is here: no proxy of the environment stands between.
    if !url.isEncrypted { try check(curl_set_text(handle, CURLOPT_NOPROXY, "*")) }
    try check(curl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0))
    try check(curl_set_number(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2))
    try check(curl_set_number(handle, CURLOPT_TIMEOUT_MS, Self.timeoutMilliseconds))
    try check(curl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, Self.connectTimeoutMilliseconds))
    // A time-out by signal would hit whichever thread is running.
    try check(curl_set_number(handle, CURLOPT_NOSIGNAL, 1))
    try check(curl_set_list(handle, CURLOPT_HTTPHEADER, lines))
    switch request.kind {
    case .get: break
    case .post(let body), .send(let body): try check(curl_set_text(handle, CURLOPT_COPYPOSTFIELDS, body))
    }
  }

  private func headerLines() throws -> UnsafeMutablePointer<curl_slist>? {
    var list: UnsafeMutablePointer<curl_slist>?
    var headers = request.headers
    if case .send = request.kind { headers["Content-Type"] = "application/json" }
    for (name, value) in headers {
      guard let longer = curl_slist_append(list, "\(name): \(value)") else {
        curl_slist_free_all(list)
        throw CurlFailure(description: "curl has no memory.")
      }
      list = longer
    }
    return list
  }

  private func check(_ code: CURLcode) throws {
    guard code == CURLE_OK else { throw CurlFailure(description: String(cString: curl_easy_strerror(code))) }
  }
}

/// Collects an answer on the one thread that runs the call.
private final class Received {
  var bytes: [UInt8] = []
}

/// Taking fewer bytes than there are makes curl give up.
private func receive(
  _ bytes: UnsafeMutablePointer<CChar>?, _ one: Int, _ count: Int, _ place: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let place else { return 0 }
  let received = Unmanaged<Received>.fromOpaque(place).takeUnretainedValue()
  guard received.bytes.count + one * count <= IncomingAnswer.bytesLimit else { return 0 }
  received.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: one * count))
  return one * count
}
