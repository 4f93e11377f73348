// How static files are served: for ever, since another content has another address.

import HTTPTypes
public import Hummingbird
import NIOCore

extension Assets {
  /// The answer to a request for anything under `/assets/`; `nil` for other addresses.
  public func respond(to request: Request) -> Response? {
    let parts = request.uri.path.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, parts[0].isEmpty, parts[1] == "assets" else { return nil }
    guard request.method == .get || request.method == .head else {
      return refusal(.methodNotAllowed, "Only GET and HEAD.\n", adding: [.allow: "GET, HEAD"])
    }
    guard parts.count == 4, let asset = find(hash: parts[2], path: parts[3]) else {
      return refusal(.notFound, "No such file.\n")
    }
    let response = answer(asset, zipped: Self.takesGzip(request.headers[values: .acceptEncoding]))
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func answer(_ asset: Asset, zipped wanted: Bool) -> Response {
    var headers: HTTPFields = [
      .contentType: asset.contentType,
      .cacheControl: "public, max-age=31536000, immutable",
      .xContentTypeOptions: "nosniff",
      .crossOriginResourcePolicy: "same-origin",
      // A picture opened by itself is a document: it needs nothing.
      .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
      .strictTransportSecurity: "max-age=31536000",
    ]
    if asset.gzipped != nil { headers[.vary] = "Accept-Encoding" }
    guard wanted, let gzipped = asset.gzipped else {
      return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.plain))
    }
    headers[.contentEncoding] = "gzip"
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: gzipped))
  }

  private func refusal(_ status: HTTPResponse.Status, _ text: String, adding more: HTTPFields = [:]) -> Response {
    var headers = more
    headers[.contentType] = "text/plain; charset=utf-8"
    headers[.cacheControl] = "no-store"
    headers[.xContentTypeOptions] = "nosniff"
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// Whether gzip is acceptable by name and not weighed with zero [RFC 9110, 12.5.3].
  private static func takesGzip(_ lines: [String]) -> Bool {
    for coding in lines.flatMap({ $0.split(separator: ",") }) {
      let parts = coding.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard parts.first == "gzip" else { continue }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
      return weight ?? 1 > 0
    }
    return false
  }
}
