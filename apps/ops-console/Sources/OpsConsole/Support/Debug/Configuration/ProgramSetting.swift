// A setting of the program itself, for support to look at: what the process was started with, never a secret.

/// A setting of the program itself.
package struct ProgramSetting: Sendable, Hashable {
  /// The environment variable.
  package let name: String
  package let meaning: String
  /// `nil` for a secret, or where nothing is set.
  package let value: String?
  package let standing: Standing
  package let kind: Kind

  /// Where the value comes from.
  package enum Standing: String, Sendable, Encodable {
    case fallback = "default"
    case environment
  }

  /// Whether the value may be seen.
  package enum Kind: Sendable {
    case plain, secret
  }

  package init(name: String, meaning: String, value: String?, standing: Standing, kind: Kind) {
    self.name = name
    self.meaning = meaning
    self.value = value
    self.standing = standing
    self.kind = kind
  }
}
