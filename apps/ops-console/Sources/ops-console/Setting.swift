// Which settings the program has, each with what holds where nothing is set.

import Access
import OpsConsole
import Web

/// One setting: an environment variable.
struct Setting: Sendable {
  let name: String
  private let purpose: String
  let fallback: Fallback
  let kind: ProgramSetting.Kind

  /// What holds where the variable is not set, or empty.
  enum Fallback: Sendable {
    /// A value as the variable would hold it; empty for none.
    case value(String)
    /// Something that is found out, in words.
    case derived(String)
    /// The program does not do without.
    case none
  }

  private init(
    _ name: String, _ purpose: String, fallback: Fallback = .value(""), kind: ProgramSetting.Kind = .plain
  ) {
    self.name = name
    self.purpose = purpose
    self.fallback = fallback
    self.kind = kind
  }

  /// What it is for, as `ops-console settings` and the page of settings say it.
  var meaning: String {
    switch kind {
    case .plain: purpose
    case .secret: purpose + "; secret"
    }
  }
}

extension Setting.Fallback {
  /// As people read it; `nil` where the setting must be set.
  var words: String? {
    switch self {
    case .value(let words), .derived(let words): words
    case .none: nil
    }
  }
}

extension Setting {
  static let all = [
    database, environment, demo, host, port, healthPort, origin, networks, trustedProxies, sessionKey, fileKey,
    ticketKeys, issuer, clientID, clientSecret, acr, modelURL, model, modelKey, mailRelay, mailFrom, mailUser,
    mailPassword, accessStarts, searches, signIns, streamsPerSignIn, streams, publicFolder, migrations, jobLanes,
    jobQueues, logLevel,
  ]

  static let database = Setting(
    "OPS_DATABASE", "libpq connection string without a user; each pool logs in as its role",
    fallback: .value("host=/var/run/postgresql dbname=ethico"))
  static let environment = Setting(
    "OPS_ENV", "production refuses what only a demo may do", fallback: .value("production"))
  static let demo = Setting("OPS_DEMO", "1: sign in by one button; refused in production", fallback: .value("0"))
  static let host = Setting("OPS_HOST", "address to listen on", fallback: .value("127.0.0.1"))
  static let port = Setting("OPS_PORT", "port of the console", fallback: .value("8400"))
  static let healthPort = Setting(
    "OPS_HEALTH_PORT", "loopback port of /healthz and /metrics", fallback: .derived("the port after OPS_PORT"))
  static let origin = Setting(
    "OPS_ORIGIN", "the console's address in browsers", fallback: .derived("http://127.0.0.1:OPS_PORT"))
  static let networks = Setting(
    "OPS_VPN_CIDRS", "networks that may connect, comma-separated", fallback: .value("127.0.0.0/8,::1/128"))
  static let trustedProxies = Setting("OPS_TRUSTED_PROXIES", "proxies whose X-Forwarded-For counts")
  static let sessionKey = Setting(
    "OPS_SESSION_KEY", "64 hexadecimal digits or more", fallback: .none, kind: .secret)
  static let fileKey = Setting(
    "OPS_FILE_KEY", "seals clients' files: 64 hexadecimal digits or more; without it none is taken", kind: .secret)
  static let ticketKeys = Setting("OPS_TICKET_KEYS", "keys of signed ticket links, `name:secret,…`", kind: .secret)
  static let issuer = Setting("OPS_OIDC_ISSUER", "identity provider")
  static let clientID = Setting("OPS_OIDC_CLIENT_ID", "our client id there", fallback: .value("ops-console"))
  static let clientSecret = Setting("OPS_OIDC_CLIENT_SECRET", "our client secret there", kind: .secret)
  static let acr = Setting("OPS_OIDC_ACR", "authentication context that counts as a second factor")
  static let modelURL = Setting(
    "OPS_MAPPING_LLM_URL",
    "language model to ask about columns without a field: its chat completions address; empty: nobody is")
  static let model = Setting("OPS_MAPPING_LLM_MODEL", "which of that server's models", fallback: .value("default"))
  static let modelKey = Setting("OPS_MAPPING_LLM_KEY", "our key there", kind: .secret)
  static let mailRelay = Setting(
    "OPS_MAIL_RELAY",
    "who takes mails: smtp://host:port, smtps://host:port or, for demos, file:///folder; empty: none is sent")
  static let mailFrom = Setting("OPS_MAIL_FROM", "as whom mails come, `Name <address>`")
  static let mailUser = Setting("OPS_MAIL_USER", "who we are at the mail server; empty: it does not ask")
  static let mailPassword = Setting("OPS_MAIL_PASSWORD", "our password there", kind: .secret)
  static let accessStarts = Setting(
    "OPS_RATE_ACCESS_STARTS", "accesses a person may begin in a minute",
    fallback: .value(String(RateLimits.standard.accessStarts)))
  static let searches = Setting(
    "OPS_RATE_SEARCHES", "searches for clients a person may do in a minute",
    fallback: .value(String(RateLimits.standard.directorySearches)))
  static let signIns = Setting(
    "OPS_RATE_SIGN_INS", "provider sign-ins an address may begin in a minute",
    fallback: .value(String(RateLimits.standard.signIns)))
  static let streamsPerSignIn = Setting(
    "OPS_STREAMS_PER_SIGN_IN", "pages of one sign-in that keep themselves fresh",
    fallback: .value(String(StreamLimits.standard.perSignIn)))
  static let streams = Setting(
    "OPS_STREAMS", "the same of everybody in this process", fallback: .value(String(StreamLimits.standard.inAll)))
  static let publicFolder = Setting(
    "OPS_PUBLIC", "folder of style sheets, scripts and icons", fallback: .value("apps/ops-console/Public"))
  static let migrations = Setting(
    "OPS_MIGRATIONS", "folder of the schema's migrations", fallback: .value("db/migrations"))
  static let jobLanes = Setting(
    "OPS_JOB_LANES", "jobs at once in this process, 0 to 32; 0: no worker", fallback: .value("2"))
  static let jobQueues = Setting(
    "OPS_JOB_QUEUES", "queues that the worker serves, comma-separated: default, mail, nightly, search",
    fallback: .derived("all of them"))
  static let logLevel = Setting("OPS_LOG_LEVEL", "debug, info, warning or error", fallback: .value("info"))
}
