// The cookies of signing in: the sign-in itself, and the ten minutes at the identity provider.

public import Access
import Hummingbird

extension WebSettings {
  /// The cookie of a sign-in.
  public func sessionCookie(_ token: String) -> String {
    SessionCookie.set(token, name: cookieName)
  }

  /// The same cookie, taken back.
  public var endedSessionCookie: String {
    SessionCookie.clear(name: cookieName)
  }

  /// Binds a sign-in under way at the provider to this browser.
  public func attemptCookie(_ token: String) -> String {
    SessionCookie.set(token, name: SessionCookie.attemptName(beside: cookieName), lifetimeSeconds: 600)
  }
}

extension Arrival {
  /// What binds a sign-in under way to this browser.
  public var attemptCookie: SessionToken? {
    let name = SessionCookie.attemptName(beside: console.settings.cookieName)
    return SessionCookie.value(in: request.headers, name: name).flatMap(SessionToken.init(cookie:))
  }
}
