// Every setting of the program: an environment variable each, read once at the start.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import OpsConsole
import Postgres
import Web

/// One setting, as `ops-console settings` lists it.
struct Setting: Sendable {
  let name: String
  let meaning: String
  let fallback: String?

  static let all: [Setting] = [
    Setting(
      name: "OPS_DATABASE", meaning: "libpq connection string without a user; each pool logs in as its role",
      fallback: "host=/var/run/postgresql dbname=ethico"),
    Setting(name: "OPS_ENV", meaning: "production refuses what only a demo may do", fallback: "production"),
    Setting(name: "OPS_DEMO", meaning: "1: sign in by one button; refused in production", fallback: "0"),
    Setting(name: "OPS_HOST", meaning: "address to listen on", fallback: "127.0.0.1"),
    Setting(name: "OPS_PORT", meaning: "port of the console", fallback: "8400"),
    Setting(
      name: "OPS_HEALTH_PORT", meaning: "loopback port of /healthz and /metrics", fallback: "the port after OPS_PORT"),
    Setting(name: "OPS_ORIGIN", meaning: "the console's address in browsers", fallback: "http://127.0.0.1:OPS_PORT"),
    Setting(
      name: "OPS_VPN_CIDRS", meaning: "networks that may connect, comma-separated", fallback: "127.0.0.0/8,::1/128"),
    Setting(name: "OPS_TRUSTED_PROXIES", meaning: "proxies whose X-Forwarded-For counts", fallback: ""),
    Setting(name: "OPS_SESSION_KEY", meaning: "64 hexadecimal digits or more; secret", fallback: nil),
    Setting(
      name: "OPS_FILE_KEY",
      meaning: "seals clients' files: 64 hexadecimal digits or more; without it none is taken; secret",
      fallback: ""),
    Setting(name: "OPS_TICKET_KEYS", meaning: "keys of signed ticket links, `name:secret,…`; secret", fallback: ""),
    Setting(name: "OPS_OIDC_ISSUER", meaning: "identity provider", fallback: ""),
    Setting(name: "OPS_OIDC_CLIENT_ID", meaning: "our client id there", fallback: "ops-console"),
    Setting(name: "OPS_OIDC_CLIENT_SECRET", meaning: "our client secret there; secret", fallback: ""),
    Setting(name: "OPS_OIDC_ACR", meaning: "authentication context that counts as a second factor", fallback: ""),
    Setting(
      name: "OPS_MAPPING_LLM_URL",
      meaning: "language model to ask about columns without a field: its chat completions address; empty: nobody is",
      fallback: ""),
    Setting(name: "OPS_MAPPING_LLM_MODEL", meaning: "which of that server's models", fallback: "default"),
    Setting(name: "OPS_MAPPING_LLM_KEY", meaning: "our key there; secret", fallback: ""),
    Setting(name: "OPS_RATE_ACCESS_STARTS", meaning: "accesses a person may begin in a minute", fallback: "30"),
    Setting(name: "OPS_RATE_SEARCHES", meaning: "searches for clients a person may do in a minute", fallback: "600"),
    Setting(name: "OPS_RATE_SIGN_INS", meaning: "provider sign-ins an address may begin in a minute", fallback: "10"),
    Setting(
      name: "OPS_STREAMS_PER_SIGN_IN", meaning: "pages of one sign-in that keep themselves fresh",
      fallback: "6"),
    Setting(name: "OPS_STREAMS", meaning: "the same of everybody in this process", fallback: "1000"),
    Setting(
      name: "OPS_PUBLIC", meaning: "folder of style sheets, scripts and icons", fallback: "apps/ops-console/Public"),
    Setting(name: "OPS_MIGRATIONS", meaning: "folder of the schema's migrations", fallback: "db/migrations"),
    Setting(name: "OPS_JOB_LANES", meaning: "jobs at once in this process, 0 to 32; 0: no worker", fallback: "2"),
    Setting(
      name: "OPS_JOB_QUEUES", meaning: "queues that the worker serves, comma-separated: default, mail, nightly, search",
      fallback: "all of them"),
    Setting(name: "OPS_LOG_LEVEL", meaning: "debug, info, warning or error", fallback: "info"),
  ]
}

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

  private func text(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private func number(_ name: String) throws -> Int? {
    guard let text = text(name) else { return nil }
    guard let number = Int(text), (1...65_535).contains(number) else {
      throw SettingError(description: "\(name) is \"\(text)\"; it has to be a port, 1 to 65535.")
    }
    return number
  }

  private func limit(_ name: String, fallback: Int) throws -> Int {
    guard let text = text(name) else { return fallback }
    guard let number = Int(text), (1...1_000_000).contains(number) else {
      throw SettingError(description: "\(name) is \"\(text)\"; it has to be a number, 1 to 1000000.")
    }
    return number
  }

  private func limits() throws -> RateLimits {
    let standard = RateLimits.standard
    return RateLimits(
      accessStarts: try limit("OPS_RATE_ACCESS_STARTS", fallback: standard.accessStarts),
      directorySearches: try limit("OPS_RATE_SEARCHES", fallback: standard.directorySearches),
      signIns: try limit("OPS_RATE_SIGN_INS", fallback: standard.signIns))
  }

  private func streams() throws -> StreamLimits {
    let standard = StreamLimits.standard
    return StreamLimits(
      perSignIn: try limit("OPS_STREAMS_PER_SIGN_IN", fallback: standard.perSignIn),
      inAll: try limit("OPS_STREAMS", fallback: standard.inAll))
  }

  var conninfo: String {
    text("OPS_DATABASE") ?? "host=/var/run/postgresql dbname=ethico"
  }

  var host: String { text("OPS_HOST") ?? "127.0.0.1" }
  var publicFolder: String { text("OPS_PUBLIC") ?? "apps/ops-console/Public" }
  var migrationsFolder: String {
    text("OPS_MIGRATIONS") ?? "db/migrations"
  }
  var logLevel: String { text("OPS_LOG_LEVEL") ?? "info" }
  var isProduction: Bool { (text("OPS_ENV") ?? "production") == "production" }

  func port() throws -> Int { try number("OPS_PORT") ?? 8400 }
  func healthPort() throws -> Int { try number("OPS_HEALTH_PORT") ?? port() + 1 }

  func jobLanes() throws -> Int {
    guard let text = text("OPS_JOB_LANES") else { return 2 }
    guard let lanes = Int(text), (0...32).contains(lanes) else {
      throw SettingError(description: "OPS_JOB_LANES is \"\(text)\"; it has to be a number from 0 to 32.")
    }
    return lanes
  }

  func jobQueues() throws -> [JobQueue] {
    guard let text = text("OPS_JOB_QUEUES") else { return JobQueue.allCases }
    return try text.split(separator: ",").map { name in
      guard let queue = JobQueue(rawValue: name.trimmed) else {
        throw SettingError(description: "OPS_JOB_QUEUES names \"\(name)\", which is no queue.")
      }
      return queue
    }
  }

  func origin() throws -> String {
    let origin = try text("OPS_ORIGIN") ?? "http://127.0.0.1:\(port())"
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
    guard let text = text("OPS_FILE_KEY") else { return nil }
    guard let key = Self.bytes(hex: text), key.count >= 32 else {
      throw SettingError(description: "OPS_FILE_KEY has to be 64 hexadecimal digits or more.")
    }
    return Vault(key: key)
  }

  /// Who is asked about columns without a field; `nil` where nobody is.
  func languageModel() throws -> ChatModel? {
    guard let url = text("OPS_MAPPING_LLM_URL") else { return nil }
    let model = text("OPS_MAPPING_LLM_MODEL") ?? "default"
    guard let chat = ChatModel(url: url, model: model, key: text("OPS_MAPPING_LLM_KEY"), fetch: .curl) else {
      throw SettingError(
        description: "OPS_MAPPING_LLM_URL has to be like https://models.example.com/v1/chat/completions, or http on "
          + "loopback, and OPS_MAPPING_LLM_KEY without spaces.")
    }
    return chat
  }

  func oidc() throws -> OIDCSettings? {
    guard let issuer = text("OPS_OIDC_ISSUER") else { return nil }
    let redirect = try origin() + "/sign-in/callback"
    do {
      return try OIDCSettings(
        issuer: issuer, clientID: text("OPS_OIDC_CLIENT_ID") ?? "ops-console",
        clientSecret: text("OPS_OIDC_CLIENT_SECRET"), acr: text("OPS_OIDC_ACR"), redirectURL: redirect)
    } catch {
      throw SettingError(description: "OPS_OIDC_ISSUER and OPS_OIDC_CLIENT_ID: \(error.description)")
    }
  }

  /// Every setting with what holds now. A secret's value stays here.
  func program() -> [ProgramSetting] {
    Setting.all.map { setting in
      let isSecret = setting.meaning.hasSuffix("; secret")
      let given = text(setting.name)
      return ProgramSetting(
        name: setting.name, meaning: setting.meaning, value: isSecret ? nil : given ?? setting.fallback,
        standing: given == nil ? .fallback : .environment, kind: isSecret ? .secret : .plain)
    }
  }

  /// - Throws: `SettingError` that names the setting to mend.
  func web() throws -> WebSettings {
    let isDemo = text("OPS_DEMO") == "1"
    if isDemo, isProduction {
      throw SettingError(description: "OPS_DEMO=1 is refused with OPS_ENV=production: a demo lets anybody sign in.")
    }
    if isDemo, text("OPS_OIDC_ISSUER") != nil {
      throw SettingError(description: "OPS_DEMO=1 is refused with OPS_OIDC_ISSUER set: one way to sign in at a time.")
    }
    guard let key = text("OPS_SESSION_KEY").flatMap(Self.bytes(hex:)), key.count >= 32 else {
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
      vpn: try networks("OPS_VPN_CIDRS", fallback: "127.0.0.0/8,::1/128"),
      trustedProxies: try networks("OPS_TRUSTED_PROXIES", fallback: ""), hosts: hosts)
  }

  private func keys() throws -> TicketKeys {
    do {
      return try TicketKeys(parsing: text("OPS_TICKET_KEYS") ?? "")
    } catch {
      throw SettingError(description: error.description)
    }
  }

  private func networks(_ name: String, fallback: String) throws -> [CIDR] {
    try (text(name) ?? fallback).split(separator: ",").map { part in
      guard let network = CIDR(part.trimmed) else {
        throw SettingError(description: "\(name) holds \"\(part)\"; each has to be like 10.8.0.0/16.")
      }
      return network
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
