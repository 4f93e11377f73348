// A setting of the program itself, for support to look at: what the process was started with, never a secret.

/// A setting of the program itself.
public struct ProgramSetting: Sendable, Hashable {
  /// The environment variable.
  public let name: String
  public let meaning: String
  /// `nil` for a secret, or where nothing is set.
  public let value: String?
  public let standing: Standing
  public let kind: Kind

  /// Where the value comes from.
  public enum Standing: String, Sendable, Encodable {
    case fallback = "default"
    case environment
  }

  /// Whether the value may be seen.
  public enum Kind: Sendable {
    case plain, secret
  }

  public init(name: String, meaning: String, value: String?, standing: Standing, kind: Kind) {
    self.name = name
    self.meaning = meaning
    self.value = value
    self.standing = standing
    self.kind = kind
  }
}
