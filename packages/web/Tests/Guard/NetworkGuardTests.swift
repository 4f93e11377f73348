// Who is let in, by every way to write down where a request came from.

import Testing

@testable import Web

private let vpn = ["10.20.0.0/16", "2001:db8:20::/48", "192.0.2.7"].compactMap(CIDR.init)
private let proxies = ["10.9.0.0/24", "2001:db8:9::/64"].compactMap(CIDR.init)
private let networkGuard = NetworkGuard(vpn: vpn, trustedProxies: proxies, hosts: ["ops.example", "ops.example:8443"])

/// One way to write the header, and the client that it names; `nil` where it is refused.
struct Shape: Sendable, CustomTestStringConvertible {
  let lines: [String]
  var peer = "10.9.0.1"
  let client: String?

  var testDescription: String { "\(peer) \(lines)" }
}

private let shapes: [Shape] = [
  // A client behind one, two and three proxies of ours.
  Shape(lines: ["10.20.0.5"], client: "10.20.0.5"),
  Shape(lines: ["10.20.0.5, 10.9.0.2"], client: "10.20.0.5"),
  Shape(lines: ["10.20.0.5,10.9.0.2,10.9.0.3"], client: "10.20.0.5"),
  Shape(lines: ["10.20.0.5", "10.9.0.2"], client: "10.20.0.5"),
  Shape(lines: [" \t10.20.0.5\t ,\t10.9.0.2 "], client: "10.20.0.5"),
  Shape(lines: ["10.20.0.5, 2001:db8:9::2"], client: "10.20.0.5"),
  Shape(lines: ["2001:db8:20::1"], client: "2001:db8:20::1"),
  Shape(lines: ["2001:DB8:20:0:0:0:0:1"], client: "2001:db8:20::1"),
  Shape(lines: ["::ffff:10.20.0.5"], client: "10.20.0.5"),
  Shape(lines: ["::FFFF:0a14:0005"], client: "10.20.0.5"),
  Shape(lines: ["10.20.0.5, ::ffff:10.9.0.2"], client: "10.20.0.5"),
  Shape(lines: ["10.20.0.5"], peer: "::ffff:10.9.0.1", client: "10.20.0.5"),
  Shape(lines: ["10.20.0.5"], peer: "2001:db8:9::1", client: "10.20.0.5"),
  // What the client itself wrote stands on the left and is not believed.
  Shape(lines: ["203.0.113.9, 10.20.0.5"], client: "10.20.0.5"),
  Shape(lines: ["10.9.0.7, 10.20.0.5, 10.9.0.2"], client: "10.20.0.5"),
  Shape(lines: ["10.20.0.5, 203.0.113.9"], client: nil),
  Shape(lines: ["10.20.0.5", "203.0.113.9"], client: nil),
  Shape(lines: ["10.20.0.5, 203.0.113.9, 10.9.0.2"], client: nil),
  Shape(lines: ["10.20.0.5, ::ffff:203.0.113.9"], client: nil),
  Shape(lines: ["203.0.113.9"], client: nil),
  Shape(lines: ["2001:db8:21::1"], client: nil),
  // A peer that is no proxy of ours is who it is, whatever it says.
  Shape(lines: ["10.20.0.5"], peer: "203.0.113.9", client: nil),
  Shape(lines: ["203.0.113.9"], peer: "10.20.0.6", client: "10.20.0.6"),
  Shape(lines: ["garbage"], peer: "10.20.0.6", client: "10.20.0.6"),
  Shape(lines: [], peer: "10.20.0.6", client: "10.20.0.6"),
  Shape(lines: [], peer: "::ffff:10.20.0.6", client: "10.20.0.6"),
  Shape(lines: [], peer: "192.0.2.7", client: "192.0.2.7"),
  Shape(lines: [], peer: "192.0.2.8", client: nil),
  Shape(lines: [], peer: "", client: nil),
  Shape(lines: ["10.20.0.5"], peer: "", client: nil),
  Shape(lines: [], peer: "/run/ops.sock", client: nil),
  Shape(lines: [], peer: "fe80::1%eth0", client: nil),
  // Nothing, or nobody but proxies.
  Shape(lines: [], client: nil),
  Shape(lines: [""], client: nil),
  Shape(lines: [" "], client: nil),
  Shape(lines: [","], client: nil),
  Shape(lines: ["10.20.0.5,"], client: nil),
  Shape(lines: [",10.20.0.5"], client: nil),
  Shape(lines: ["10.20.0.5,,10.9.0.2"], client: nil),
  Shape(lines: ["10.20.0.5", ""], client: nil),
  Shape(lines: ["10.9.0.2"], client: nil),
  // What is no bare address.
  Shape(lines: ["unknown"], client: nil),
  Shape(lines: ["_hidden"], client: nil),
  Shape(lines: ["unknown, 10.20.0.5"], client: nil),
  Shape(lines: ["localhost"], client: nil),
  Shape(lines: ["10.20.0.5:443"], client: nil),
  Shape(lines: ["[2001:db8:20::1]"], client: nil),
  Shape(lines: ["[2001:db8:20::1]:443"], client: nil),
  Shape(lines: ["\"10.20.0.5\""], client: nil),
  Shape(lines: ["for=10.20.0.5"], client: nil),
  Shape(lines: ["10.20.0.5;proto=https"], client: nil),
  Shape(lines: ["10.20.0.5 10.9.0.2"], client: nil),
  Shape(lines: ["10.20.0.5/32"], client: nil),
  Shape(lines: ["fe80::1%eth0"], client: nil),
  Shape(lines: ["2001:db8:20::1%25en0"], client: nil),
  Shape(lines: ["010.020.0.5"], client: nil),
  Shape(lines: ["10.20.0.05"], client: nil),
  Shape(lines: ["0x0a.20.0.5"], client: nil),
  Shape(lines: ["10.20.5"], client: nil),
  Shape(lines: ["169082885"], client: nil),
  Shape(lines: ["10.20.0.256"], client: nil),
  Shape(lines: ["10.20.0.5.6"], client: nil),
  Shape(lines: ["10.20.0.-5"], client: nil),
  Shape(lines: ["+10.20.0.5"], client: nil),
  Shape(lines: ["10.20.0.5."], client: nil),
  Shape(lines: ["10.20.0.5\u{0}"], client: nil),
  Shape(lines: ["10.20.0.٥"], client: nil),
  Shape(lines: ["10.20.0.5\u{A0}"], client: nil),
  Shape(lines: ["2001:db8:20:::1"], client: nil),
  Shape(lines: ["2001:db8:20::1::"], client: nil),
  Shape(lines: ["2001:db8:20::12345"], client: nil),
  Shape(lines: ["::ffff:10.20.0.05"], client: nil),
  Shape(lines: ["::10.20.0.5"], client: nil),
  Shape(lines: ["64:ff9b::10.20.0.5"], client: nil),
  // Twenty hops are enough for everybody.
  Shape(lines: [(["10.20.0.5"] + Array(repeating: "10.9.0.2", count: 19)).joined(separator: ",")], client: "10.20.0.5"),
  Shape(lines: [(["10.20.0.5"] + Array(repeating: "10.9.0.2", count: 20)).joined(separator: ",")], client: nil),
  Shape(lines: ["10.20.0.5"] + Array(repeating: "10.9.0.2", count: 20), client: nil),
  Shape(lines: [String(repeating: ",", count: 100_000)], client: nil),
]

@Suite("The network guard")
struct NetworkGuardTests {
  @Test("finds the client behind our proxies, and refuses what it cannot read", arguments: shapes)
  func shape(_ shape: Shape) {
    let verdict = networkGuard.admit(peer: shape.peer, forwardedFor: shape.lines, host: "ops.example")
    switch verdict {
    case .admitted(let client): #expect(client.description == shape.client)
    case .refused: #expect(shape.client == nil)
    }
  }

  @Test("tries at least forty shapes")
  func count() {
    #expect(shapes.count >= 40)
  }

  @Test("admits only requests to its own host", arguments: ["ops.example", "OPS.Example", "ops.example:8443"])
  func ownHost(_ host: String) {
    let address = IPAddress("10.20.0.5")
    #expect(networkGuard.admit(peer: "10.20.0.5", forwardedFor: [], host: host) == address.map { .admitted($0) })
  }

  @Test(
    "refuses another host",
    arguments: [nil, "", "ops.example.", "ops.example:80", "evil.example", "10.20.0.5", "ops.example@evil.example"])
  func otherHost(_ host: String?) {
    #expect(
      networkGuard.admit(peer: "10.20.0.5", forwardedFor: [], host: host)
        == .refused(peer: "10.20.0.5", reason: "The request names another host."))
  }

  @Test("says whom it refused: the client, not the proxy")
  func refusedPeer() {
    #expect(
      networkGuard.admit(peer: "10.9.0.1", forwardedFor: ["203.0.113.9"], host: "ops.example")
        == .refused(peer: "203.0.113.9", reason: "The address is outside the VPN."))
  }

  @Test("reads ranges")
  func ranges() throws {
    let ranges = try CIDR.list("10.0.0.0/8, ::1/128 ,192.0.2.0/25,0.0.0.0/0,::/0,::ffff:10.0.0.0/104")
    let address = try #require(IPAddress("10.1.2.3"))
    #expect(ranges.map { $0.contains(address) } == [true, false, false, true, false, true])
    #expect(try CIDR.list("").isEmpty)
  }

  @Test(
    "refuses what is no range",
    arguments: [
      "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0", "x",
      "::1/129", "2001:db8::1/32", "::ffff:10.0.0.0/8",
    ])
  func noRange(_ text: String) {
    #expect(CIDR(text) == nil)
    #expect(throws: CIDRError(text: text)) { try CIDR.list(text) }
  }
}
