// The cookies of a sign-in. `__Host-` makes the browser insist on https, on this host and on the whole of it, so that
// no other host of the domain can plant one [RFC 6265bis, 4.1.3.2].

public import HTTPTypes

/// Writes and reads a cookie. A name with `__Host-` is Secure; without it, for a demo on loopback, it is not.
public enum SessionCookie {
  /// Longer than what our own cookies come to; the request of somebody who sends more has none.
  private static let bytesLimit = 4096

  /// The name of the cookie that ties a sign-in at the identity provider to one browser, beside that of the session.
  public static func attemptName(beside name: String) -> String {
    name + "-sign-in"
  }

  /// The value of `Set-Cookie`. Without a lifetime the cookie goes with the browser.
  public static func set(_ value: String, name: String, lifetimeSeconds: Int? = nil) -> String {
    "\(name)=\(value); Path=/" + (lifetimeSeconds.map { "; Max-Age=\($0)" } ?? "") + attributes(of: name)
  }

  /// The value of `Set-Cookie` that takes the cookie away.
  public static func clear(name: String) -> String {
    set("", name: name, lifetimeSeconds: 0)
  }

  /// Lax, not Strict: somebody who follows a link from a ticket or comes back from the identity provider is signed in.
  private static func attributes(of name: String) -> String {
    (name.hasPrefix("__Host-") ? "; Secure" : "") + "; HttpOnly; SameSite=Lax"
  }

  /// The value of the cookie; `nil` when it was not sent, or twice: of two nobody can say which is ours.
  public static func value(in headers: HTTPFields, name: String) -> String? {
    let lines = headers[values: .cookie]
    guard lines.reduce(0, { $0 + $1.utf8.count }) <= bytesLimit else { return nil }
    var found: [String] = []
    for pair in lines.flatMap({ $0.split(separator: ";") }) {
      guard let equals = pair.firstIndex(of: "=") else { continue }
      let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
      guard pair[..<equals].drop(while: isSpace) == name else { continue }
      var value = pair[pair.index(after: equals)...]
      while value.last.map(isSpace) == true { value.removeLast() }
      found.append(String(value))
    }
    return found.count == 1 && !found[0].isEmpty ? found[0] : nil
  }
}
