// Whether a request that changes something was sent from a page of ours.

public import HTTPTypes

/// Tells requests of our own pages from those that another site makes a browser send.
public enum CrossSite {
  /// Asks the browser: by `Sec-Fetch-Site`, which no page can set; by `Origin` where a browser does not send it. A
  /// request with neither comes from a program, and has to show a token all the same.
  /// - Parameter origin: ours, as `https://ops.ethico.com`.
  public static func isSameOrigin(headers: HTTPFields, origin: String) -> Bool {
    let sites = headers[values: .secFetchSite]
    guard sites.isEmpty else { return sites == ["same-origin"] || sites == ["none"] }
    let origins = headers[values: .origin]
    return origins.isEmpty || origins == [origin]
  }
}

extension HTTPField.Name {
  static let secFetchSite = known("Sec-Fetch-Site")
}
