// A mail server on loopback that says what a test wants said.

import Foundation
import Synchronization
import Testing

/// Takes one connection and answers by its script, else as a server that takes any mail.
final class ScriptedMailServer: Sendable {
  let port: UInt16
  /// What is said to each command, by its verb; to the end of a mail as `.`. Said nothing, it hangs up.
  private let script: [String: String]
  private let heard = Mutex<[String]>([])

  private static let usual = [
    "greeting": "220 here ESMTP", "EHLO": "250-here\r\n250 8BITMIME", "DATA": "354 Go on", "QUIT": "221 Bye",
    ".": "250 2.0.0 Ok: queued as 4F2A1",
  ]

  init(_ script: [String: String] = [:]) throws {
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isReady = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening, $0, length) == 0 && listen(listening, 1) == 0 && getsockname(listening, $0, &length) == 0
      }
    }
    try #require(isReady)
    port = UInt16(bigEndian: address.sin_port)
    self.script = Self.usual.merging(script) { _, wanted in wanted }
    Thread.detachNewThread { self.talk(listening) }
  }

  /// What was said to it, line by line.
  var lines: [String] { heard.withLock(\.self) }

  private func talk(_ listening: Int32) {
    let connection = accept(listening, nil, nil)
    close(listening)
    guard connection >= 0, let stream = fdopen(connection, "r") else { return }
    defer { fclose(stream) }
    guard say("greeting", to: connection) else { return }
    var isMail = false
    while let line = Self.line(of: stream) {
      heard.withLock { $0.append(line) }
      if isMail, line != "." { continue }
      let verb = isMail ? line : String(line.prefix { $0 != " " && $0 != ":" })
      guard say(verb, to: connection) else { return }
      isMail = verb == "DATA" && script["DATA"]?.hasPrefix("354") ?? false
    }
  }

  private func say(_ verb: String, to connection: Int32) -> Bool {
    let answer = script[verb] ?? "250 2.0.0 Ok"
    guard !answer.isEmpty else { return false }
    let bytes = Array((answer + "\r\n").utf8)
    return send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  private static func line(of stream: UnsafeMutablePointer<FILE>) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    var room = 0
    defer { free(text) }
    guard getline(&text, &room, stream) > 0, let text else { return nil }
    return String(cString: text).trimmingCharacters(in: .newlines)
  }
}
