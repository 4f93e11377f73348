// Chance that is the same every time: a seed gives the same numbers again, on every machine.

/// Numbers that look picked at random [Steele, Lea, Flood, "Fast splittable pseudorandom number generators"]. Small and
/// fast, and nothing to keep a secret with.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  /// Equal seeds give equal numbers.
  @inlinable
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits, each value as likely as any other.
  @inlinable
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
