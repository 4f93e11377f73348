// What every answer tells the browser to refuse on our behalf.

public import HTTPTypes

/// The headers of every page.
public struct SecurityHeaders: Sendable {
  private let constant: HTTPFields

  /// Headers of the console. HSTS holds a year; over http, as on loopback, a browser ignores it [RFC 6797, 7.2].
  public static let standard = SecurityHeaders(constant: [
    .strictTransportSecurity: "max-age=31536000",
    .xContentTypeOptions: "nosniff",
    // `no-referrer` would turn the Origin of our own forms into null.
    .referrerPolicy: "same-origin",
    .crossOriginOpenerPolicy: "same-origin",
    .crossOriginResourcePolicy: "same-origin",
    .cacheControl: "no-store",
    .permissionsPolicy: "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  ])

  /// The policy of a file that somebody sent us: wherever it is opened, it runs nothing and is nobody.
  static let sandbox = "sandbox; default-src 'none'; frame-ancestors 'none'"

  /// Sets the headers of a page, whatever was set before; a file keeps its own policy, which allows less.
  /// - Parameters:
  ///   - nonce: fresh for each answer; only scripts that carry it run.
  ///   - issuer: the origin of the identity provider, where the sign-in form leads.
  public func apply(to headers: inout HTTPFields, nonce: String, issuer: String?) {
    for field in constant { headers[field.name] = field.value }
    guard headers[.contentSecurityPolicy] != Self.sandbox else { return }
    headers[.contentSecurityPolicy] = Self.policy(nonce: nonce, issuer: issuer)
  }

  /// The content security policy [CSP3].
  private static func policy(nonce: String, issuer: String?) -> String {
    [
      "default-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "script-src 'nonce-\(nonce)' 'strict-dynamic'",
      "require-trusted-types-for 'script'",
      "style-src 'self'",
      "font-src 'self'",
      "connect-src 'self'",
      "img-src 'self' data:",
      "form-action 'self'" + (issuer.map { " " + $0 } ?? ""),
      "report-uri /csp",
    ].joined(separator: "; ")
  }
}

extension HTTPField.Name {
  static let crossOriginOpenerPolicy = known("Cross-Origin-Opener-Policy")
  static let permissionsPolicy = known("Permissions-Policy")
  static let referrerPolicy = known("Referrer-Policy")
}
