// The settings of the program as they hold: environment variables, read once at the start.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Mail
import OpsConsole
import Postgres
import Web

/// Why the program does not start: names the setting.
struct SettingError: Error, CustomStringConvertible {
  let description: String
}

/// The settings, parsed.
struct Settings: Sendable {
  private let environment: [String: String]

  init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }

  /// What is set; `nil` for nothing.
  private func given(_ setting: Setting) -> String? {
    environment[setting.name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What holds; empty for nothing.
  private func text(_ setting: Setting) -> String {
    if let given = given(setting) { return given }
    return switch setting.fallback {
    case .value(let value): value
    case .derived, .none: ""
    }
  }

  private func number(_ setting: Setting, in range: ClosedRange<Int>, _ rule: String) throws -> Int {
    let text = text(setting)
    guard let number = Int(text), range.contains(number) else {
      throw SettingError(description: "\(setting.name) is \"\(text)\"; it has to be a \(rule).")
    }
    return number
  }

  private func port(_ setting: Setting) throws -> Int {
    try number(setting, in: 1...65_535, "port, 1 to 65535")
  }

  private func limit(_ setting: Setting) throws -> Int {
    try number(setting, in: 1...1_000_000, "number, 1 to 1000000")
  }

  private func limits() throws -> RateLimits {
    RateLimits(
      accessStarts: try limit(.accessStarts), directorySearches: try limit(.searches), signIns: try limit(.signIns))
  }

  private func streams() throws -> StreamLimits {
    StreamLimits(perSignIn: try limit(.streamsPerSignIn), inAll: try limit(.streams))
  }

  var conninfo: String { text(.database) }
  var host: String { text(.host) }
  var publicFolder: String { text(.publicFolder) }
  var migrationsFolder: String { text(.migrations) }
  var logLevel: String { text(.logLevel) }
  var isProduction: Bool { text(.environment) == "production" }

  func port() throws -> Int { try port(.port) }
  func healthPort() throws -> Int { given(.healthPort) == nil ? try port() + 1 : try port(.healthPort) }
  func jobLanes() throws -> Int { try number(.jobLanes, in: 0...32, "number from 0 to 32") }

  func jobQueues() throws -> [JobQueue] {
    guard let text = given(.jobQueues) else { return JobQueue.allCases }
    return try text.split(separator: ",").map { name in
      guard let queue = JobQueue(rawValue: name.trimmed) else {
        throw SettingError(description: "OPS_JOB_QUEUES names \"\(name)\", which is no queue.")
      }
      return queue
    }
  }

  func origin() throws -> String {
    let origin = try given(.origin) ?? "http://127.0.0.1:\(port())"
    guard let url = URL(string: origin), let scheme = url.scheme, let host = url.host(), !origin.hasSuffix("/") else {
      throw SettingError(description: "OPS_ORIGIN is \"\(origin)\"; it has to be like https://ops.example.com.")
    }
    if isProduction, scheme != "https" {
      throw SettingError(description: "OPS_ORIGIN has to begin with https:// in production (host \(host)).")
    }
    return origin
  }

  /// Seals clients' files; `nil` where no key is given.
  func vault() throws -> Vault? {
    guard let text = given(.fileKey) else { return nil }
    guard let key = Self.bytes(hex: text), key.count >= 32 else {
      throw SettingError(description: "OPS_FILE_KEY has to be 64 hexadecimal digits or more.")
    }
    return Vault(key: key)
  }

  /// Who is asked about columns without a field; `nil` where nobody is.
  func languageModel() throws -> ChatModel? {
    guard let url = given(.modelURL) else { return nil }
    guard let chat = ChatModel(url: url, model: text(.model), key: given(.modelKey), fetch: .curl) else {
      throw SettingError(
        description: "OPS_MAPPING_LLM_URL has to be like https://models.example.com/v1/chat/completions, or http on "
          + "loopback, and OPS_MAPPING_LLM_KEY without spaces.")
    }
    return chat
  }

  /// Who sends mails; `nil` where none are sent.
  func mailSender() throws -> MailSender? {
    guard let address = given(.mailRelay) else { return nil }
    if isProduction, address.hasPrefix("file:") {
      throw SettingError(
        description: "OPS_MAIL_RELAY is a folder, which is refused with OPS_ENV=production: nobody gets mails there.")
    }
    guard let relay = MailRelay(at: address, login: try mailLogin()) else {
      throw SettingError(
        description: "OPS_MAIL_RELAY has to be like smtp://mail.example.com:587, smtps://mail.example.com:465 or "
          + "file:///var/tmp/mail, without a user.")
    }
    guard let from = MailAddress(parsing: text(.mailFrom)) else {
      throw SettingError(description: "OPS_MAIL_FROM has to be like Ethico <no-reply@example.com>.")
    }
    return MailSender(from: from, by: relay)
  }

  private func mailLogin() throws -> MailLogin? {
    switch (given(.mailUser), given(.mailPassword)) {
    case (nil, nil): return nil
    case (let user?, let password?): return MailLogin(user: user, password: password)
    case (nil, _?), (_?, nil):
      throw SettingError(description: "OPS_MAIL_USER and OPS_MAIL_PASSWORD belong together: one of them is not set.")
    }
  }

  func oidc() throws -> OIDCSettings? {
    guard let issuer = given(.issuer) else { return nil }
    let redirect = try origin() + "/sign-in/callback"
    do {
      return try OIDCSettings(
        issuer: issuer, clientID: text(.clientID),
        clientSecret: given(.clientSecret), acr: given(.acr), redirectURL: redirect)
    } catch {
      throw SettingError(description: "OPS_OIDC_ISSUER and OPS_OIDC_CLIENT_ID: \(error.description)")
    }
  }

  /// Every setting with what holds now. A secret's value stays here.
  func program() -> [ProgramSetting] {
    Setting.all.map { setting in
      let given = given(setting)
      return ProgramSetting(
        name: setting.name, meaning: setting.meaning,
        value: setting.kind == .secret ? nil : given ?? setting.fallback.words,
        standing: given == nil ? .fallback : .environment, kind: setting.kind)
    }
  }

  /// - Throws: `SettingError` that names the setting to mend.
  func web() throws -> WebSettings {
    let isDemo = text(.demo) == "1"
    if isDemo, isProduction {
      throw SettingError(description: "OPS_DEMO=1 is refused with OPS_ENV=production: a demo lets anybody sign in.")
    }
    if isDemo, given(.issuer) != nil {
      throw SettingError(description: "OPS_DEMO=1 is refused with OPS_OIDC_ISSUER set: one way to sign in at a time.")
    }
    guard let key = given(.sessionKey).flatMap(Self.bytes(hex:)), key.count >= 32 else {
      throw SettingError(description: "OPS_SESSION_KEY has to be 64 hexadecimal digits or more.")
    }
    let origin = try origin()
    return WebSettings(
      origin: origin, guardian: try guardian(origin), sessionKey: key,
      ticketKeys: try keys(), mode: isDemo ? .demo : .production, issuerOrigin: try oidc()?.issuerOrigin,
      limits: try limits(), streams: try streams())
  }

  private func guardian(_ origin: String) throws -> NetworkGuard {
    var hosts: Set<String> = []
    if let url = URL(string: origin), let host = url.host() {
      hosts.insert(url.port.map { "\(host):\($0)" } ?? host)
      if host == "127.0.0.1", let port = url.port { hosts.insert("localhost:\(port)") }
    }
    return NetworkGuard(
      vpn: try networks(.networks),
      trustedProxies: try networks(.trustedProxies), hosts: hosts)
  }

  private func keys() throws -> TicketKeys {
    do {
      return try TicketKeys(parsing: text(.ticketKeys))
    } catch {
      throw SettingError(description: error.description)
    }
  }

  private func networks(_ setting: Setting) throws -> [CIDR] {
    do {
      return try CIDR.list(text(setting))
    } catch let error as CIDRError {
      throw SettingError(description: "\(setting.name): \(error)")
    }
  }

  private static func bytes(hex: String) -> [UInt8]? {
    let digits = Array(hex.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[index..<index + 2], as: UTF8.self)
      guard let byte = UInt8(pair, radix: 16) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
