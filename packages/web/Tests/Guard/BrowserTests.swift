// What we tell a browser, and what we believe of what it says.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Testing

@testable import Web

@Suite("Security headers")
struct SecurityHeadersTests {
  @Test("let a page do what the console needs, and nothing else")
  func policy() {
    var headers: HTTPFields = [.cacheControl: "public", .contentSecurityPolicy: "default-src *"]
    SecurityHeaders.standard.apply(to: &headers, nonce: "bm9uY2U=", issuer: "https://login.example")
    #expect(
      headers[.contentSecurityPolicy] == """
        default-src 'none'; base-uri 'none'; frame-ancestors 'none'; script-src 'nonce-bm9uY2U=' 'strict-dynamic'; \
        require-trusted-types-for 'script'; \
        style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' data:; \
        form-action 'self' https://login.example; report-uri /csp
        """)
    #expect(headers[.strictTransportSecurity] == "max-age=31536000")
    #expect(headers[.xContentTypeOptions] == "nosniff")
    #expect(headers[HTTPField.Name("Referrer-Policy")!] == "same-origin")
    #expect(headers[HTTPField.Name("Cross-Origin-Opener-Policy")!] == "same-origin")
    #expect(headers[.crossOriginResourcePolicy] == "same-origin")
    #expect(headers[values: .cacheControl] == ["no-store"])
  }

  @Test("let forms lead only to us where there is no identity provider")
  func noIssuer() {
    var headers = HTTPFields()
    SecurityHeaders.standard.apply(to: &headers, nonce: "n", issuer: nil)
    #expect(headers[.contentSecurityPolicy]?.contains("form-action 'self'; ") == true)
  }
}

@Suite("The session cookie")
struct SessionCookieTests {
  @Test("is kept to https, this host and HTTP, but for a demo on loopback")
  func written() {
    #expect(
      SessionCookie.set("token", name: "__Host-ops") == "__Host-ops=token; Path=/; Secure; HttpOnly; SameSite=Lax")
    #expect(SessionCookie.set("token", name: "ops") == "ops=token; Path=/; HttpOnly; SameSite=Lax")
    #expect(
      SessionCookie.set("x", name: SessionCookie.attemptName(beside: "__Host-ops"), lifetimeSeconds: 600)
        == "__Host-ops-sign-in=x; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax")
    #expect(
      SessionCookie.clear(name: "__Host-ops") == "__Host-ops=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")
  }

  @Test(
    "is found among others",
    arguments: [
      ["__Host-ops=token"], ["a=b; __Host-ops=token"], ["a=b;__Host-ops=token;c"], ["; ;=;x; __Host-ops=token ;"],
      ["a=1", "__Host-ops=token"], ["__Host-ops-sign-in=y; __Host-ops=token"], ["__host-ops=y; __Host-ops=token"],
    ])
  func found(_ lines: [String]) {
    #expect(SessionCookie.value(in: cookies(lines), name: "__Host-ops") == "token")
  }

  @Test(
    "is none when it is doubled, empty, missing or lost in too much",
    arguments: [
      [], [""], ["__Host-ops"], ["__Host-ops="], ["__Host-ops=a; __Host-ops=b"], ["__Host-ops=a; __Host-ops=a"],
      ["__Host-ops=a; __Host-ops="], ["__Host-ops=a", "__Host-ops=b"], ["__Host-ops =a"], ["ops=a"],
      ["=__Host-ops=a"], ["__Host-ops=a; b=" + String(repeating: "x", count: 4096)],
    ])
  func none(_ lines: [String]) {
    #expect(SessionCookie.value(in: cookies(lines), name: "__Host-ops") == nil)
  }

  private func cookies(_ lines: [String]) -> HTTPFields {
    var headers = HTTPFields()
    for line in lines { headers.append(HTTPField(name: .cookie, value: line)) }
    return headers
  }
}

@Suite("Cross-site requests")
struct CrossSiteTests {
  struct Sent: Sendable {
    var sites: [String] = []
    var origins: [String] = []
  }

  @Test(
    "are told from our own by what the browser says",
    arguments: [
      Sent(sites: ["same-origin"], origins: ["https://ops.example"]), Sent(sites: ["none"]),
      Sent(origins: ["https://ops.example"]), Sent(),
    ])
  func own(_ sent: Sent) {
    #expect(CrossSite.isSameOrigin(headers: headers(sent), origin: "https://ops.example"))
  }

  @Test(
    "are refused",
    arguments: [
      Sent(sites: ["cross-site"], origins: ["https://evil.example"]), Sent(sites: ["same-site"]),
      Sent(sites: ["cross-site"], origins: ["https://ops.example"]), Sent(sites: ["same-origin", "cross-site"]),
      Sent(sites: [""]), Sent(sites: ["Same-Origin"]), Sent(origins: ["https://evil.example"]), Sent(origins: ["null"]),
      Sent(origins: ["http://ops.example"]), Sent(origins: ["https://ops.example:8443"]),
      Sent(origins: ["https://ops.example.evil.example"]), Sent(origins: [""]),
      Sent(origins: ["https://ops.example", "https://evil.example"]),
    ])
  func cross(_ sent: Sent) {
    #expect(!CrossSite.isSameOrigin(headers: headers(sent), origin: "https://ops.example"))
  }

  private func headers(_ sent: Sent) -> HTTPFields {
    var headers = HTTPFields()
    for site in sent.sites { headers.append(HTTPField(name: .secFetchSite, value: site)) }
    for origin in sent.origins { headers.append(HTTPField(name: .origin, value: origin)) }
    return headers
  }
}

@Suite("The token of forms")
struct CSRFTokenTests {
  private let key = [UInt8](repeating: 7, count: 32)
  private let session = ID<StaffSession>(UUID())

  @Test("belongs to one sign-in and one key")
  func belongs() {
    let token = CSRFToken(session: session, key: key)
    #expect(token.matches(token.text))
    #expect(token.text.utf8.count == 43)
    #expect(!token.matches(CSRFToken(session: ID(UUID()), key: key).text))
    #expect(!token.matches(CSRFToken(session: session, key: [UInt8](repeating: 8, count: 32)).text))
  }

  @Test("is refused when altered")
  func altered() throws {
    let token = CSRFToken(session: session, key: key)
    // The lowest bits of the last character stand behind the last byte: another one decodes alike where a reader is
    // careless.
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let place = try #require(token.text.last.flatMap(alphabet.firstIndex))
    let twin = token.text.dropLast() + String(alphabet[place + 1])
    for sent in ["", " ", token.text + "=", token.text + "A", String(token.text.dropLast()), String(twin)] {
      #expect(!token.matches(sent))
    }
  }
}
