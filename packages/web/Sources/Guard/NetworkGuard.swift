// The first thing that is asked of a request: does it come from our network, and did it mean this host?

/// Admits requests from inside the VPN. Never the only protection [ASVS 5.0 8.4.2]: who is admitted still has to sign
/// in.
public struct NetworkGuard: Sendable {
  /// What the guard says of a request.
  public enum Verdict: Sendable, Hashable {
    case admitted(IPAddress)
    /// `peer` is who is refused, as far as it is known; `reason` is for the audit trail, never for the answer.
    case refused(peer: String, reason: String)
  }

  private let vpn: [CIDR]
  private let trustedProxies: [CIDR]
  private let hosts: Set<String>

  /// More hops than a request takes through proxies of ours.
  static let hopLimit = 20

  /// - Parameter hosts: as browsers send them, with the port where it is not the scheme's own.
  public init(vpn: [CIDR], trustedProxies: [CIDR], hosts: Set<String>) {
    self.vpn = vpn
    self.trustedProxies = trustedProxies
    self.hosts = Set(hosts.map { $0.lowercased() })
  }

  /// - Parameters:
  ///   - peer: the address at the other end of the connection; empty where it has none, as on a Unix socket.
  ///   - forwardedFor: the values of `X-Forwarded-For`, in the order of their lines. No other header is believed.
  ///   - host: what the request says it was sent to.
  public func admit(peer: String, forwardedFor: [String], host: String?) -> Verdict {
    guard let neighbour = IPAddress(peer) else {
      return .refused(peer: peer.isEmpty ? "unknown" : String(peer.prefix(64)), reason: "The peer has no address.")
    }
    let client: IPAddress
    do {
      client = try self.client(behind: neighbour, forwardedFor)
    } catch {
      return .refused(peer: neighbour.description, reason: error.rawValue)
    }
    guard vpn.contains(where: { $0.contains(client) }) else {
      return .refused(peer: client.description, reason: "The address is outside the VPN.")
    }
    guard let host, hosts.contains(host.lowercased()) else {
      return .refused(peer: client.description, reason: "The request names another host.")
    }
    return .admitted(client)
  }

  private enum Flaw: String, Error {
    case missing = "The proxy names no client in X-Forwarded-For."
    case malformed = "X-Forwarded-For holds something that is no address."
    case tooLong = "X-Forwarded-For names more than 20 hops."
    case onlyProxies = "X-Forwarded-For names only proxies."
  }

  /// Who sent the request. Each proxy appends the peer it saw, so what stands right of the first stranger was written
  /// by proxies of ours, and what stands left of it by whoever liked to. One bad part refuses the whole all the same:
  /// our proxies write none.
  private func client(behind neighbour: IPAddress, _ forwardedFor: [String]) throws(Flaw) -> IPAddress {
    guard isProxy(neighbour) else { return neighbour }
    guard !forwardedFor.isEmpty else { throw .missing }
    let parts = forwardedFor.flatMap {
      $0.split(separator: ",", maxSplits: Self.hopLimit, omittingEmptySubsequences: false)
    }
    guard parts.count <= Self.hopLimit else { throw .tooLong }
    var hops: [IPAddress] = []
    for part in parts {
      guard let hop = IPAddress(Self.trimmed(part)) else { throw .malformed }
      hops.append(hop)
    }
    guard let client = hops.last(where: { !isProxy($0) }) else { throw .onlyProxies }
    return client
  }

  private func isProxy(_ address: IPAddress) -> Bool {
    trustedProxies.contains { $0.contains(address) }
  }

  /// Without the optional white space of a list [RFC 9110, 5.6.1].
  private static func trimmed(_ part: Substring) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(part.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
