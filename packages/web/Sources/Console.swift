// What every handler needs, wired once when the program starts.

public import Access
import EthicoTypes
public import Logging
public import Markup

/// The parts of a web program, passed to every handler with its context.
public struct Console: Sendable {
  /// The database with its audit trail, its clock and its ids.
  public let ledger: Ledger
  /// What the environment sets for the web layer.
  public let settings: WebSettings
  /// The static files, which the gate serves and layouts refer to.
  public let assets: Assets
  /// The app's layout, which every page goes through.
  public let chrome: Chrome
  /// Gets a line for each request, and what goes wrong in one.
  public let logger: Logger
  /// The pages that keep themselves fresh.
  public let streams: LiveStreams
  /// Who was refused in this minute before it was known who they are.
  let denials = DenialTally()
  /// For files that are held whole.
  let uploads = UploadSlots()
  /// For files that are taken a piece at a time: they need little room, and long.
  let arrivals = UploadSlots(limit: 8)
  /// For files that are handed over.
  let downloads = DownloadPlaces()

  /// Wires the parts; the streams begin with the limits of the settings.
  public init(ledger: Ledger, settings: WebSettings, assets: Assets, chrome: Chrome, logger: Logger) {
    self.ledger = ledger
    self.settings = settings
    self.assets = assets
    self.chrome = chrome
    self.logger = logger
    streams = LiveStreams(limits: settings.streams)
  }
}

/// How pages look around their content: given by the app, so that the workspace's pages fit into any app.
public struct Chrome: Sendable {
  /// Lays out a page. A page with an acting context gets the banner and the frame: the layout takes it from the frame.
  public let layout: @Sendable (Page, Frame) -> HTML

  /// - Parameter layout: gives the whole document, its `html` element included.
  public init(layout: @escaping @Sendable (Page, Frame) -> HTML) {
    self.layout = layout
  }
}

/// Settings of the web layer.
public struct WebSettings: Sendable {
  /// `https://ops.ethico.com`, without a slash at its end.
  public let origin: String
  /// Admits the networks of `OPS_VPN_CIDRS`, behind `OPS_TRUSTED_PROXIES`, to the host of the origin.
  public let guardian: NetworkGuard
  /// At least 32 bytes; the key of everything derived from a session.
  public let sessionKey: [UInt8]
  /// Those of `OPS_TICKET_KEYS`, which verify links from tickets; with none every link is unverified.
  public let ticketKeys: TicketKeys
  /// A demo with `OPS_DEMO=1`, else production.
  public let mode: Mode
  /// The origin of the identity provider, where a sign-in form may lead.
  public let issuerOrigin: String?
  /// How often a minute somebody may do what is counted.
  public let limits: RateLimits
  /// How many pages may keep themselves fresh at once.
  public let streams: StreamLimits

  /// Who may sign in without an identity provider.
  public enum Mode: String, Sendable {
    /// Demo people by one button each. Refused in production.
    case demo
    case production
  }

  /// - Parameter issuerOrigin: `nil` where there is no identity provider.
  public init(
    origin: String, guardian: NetworkGuard, sessionKey: [UInt8], ticketKeys: TicketKeys, mode: Mode,
    issuerOrigin: String?, limits: RateLimits = .standard, streams: StreamLimits = .standard
  ) {
    self.origin = origin
    self.guardian = guardian
    self.sessionKey = sessionKey
    self.ticketKeys = ticketKeys
    self.mode = mode
    self.issuerOrigin = issuerOrigin
    self.limits = limits
    self.streams = streams
  }

  /// Whether cookies can be kept to https: all but a demo on loopback.
  public var cookieName: String {
    origin.hasPrefix("https://") ? "__Host-ops" : "ops"
  }
}
