// What every handler needs, wired once when the program starts.

public import Access
import EthicoTypes
public import Logging
public import Markup

/// The parts of a web program, passed to every handler with its context.
public struct Console: Sendable {
  public let ledger: Ledger
  public let settings: WebSettings
  public let assets: Assets
  public let chrome: Chrome
  public let logger: Logger
  /// The pages that keep themselves fresh.
  public let streams: LiveStreams
  /// Who was refused in this minute before it was known who they are.
  let denials = DenialTally()
  /// For files that are held whole.
  let uploads = UploadSlots()
  /// For files that are taken a piece at a time: they need little room, and long.
  let arrivals = UploadSlots(limit: 8)

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

  public init(layout: @escaping @Sendable (Page, Frame) -> HTML) {
    self.layout = layout
  }
}

/// Settings of the web layer.
public struct WebSettings: Sendable {
  /// `https://ops.ethico.com`, without a slash at its end.
  public let origin: String
  public let guardian: NetworkGuard
  /// At least 32 bytes; the key of everything derived from a session.
  public let sessionKey: [UInt8]
  public let ticketKeys: TicketKeys
  public let mode: Mode
  /// The origin of the identity provider, where a sign-in form may lead.
  public let issuerOrigin: String?
  public let limits: RateLimits
  public let streams: StreamLimits

  /// Who may sign in without an identity provider.
  public enum Mode: String, Sendable {
    /// Demo people by one button each. Refused in production.
    case demo
    case production
  }

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
