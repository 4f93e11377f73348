// Why a value cannot be a parameter: found before anything is sent.

/// A value that PostgreSQL could not take, refused before anything is sent.
public enum BindingError: Error, Hashable, Sendable {
  /// Text with a zero byte. PostgreSQL keeps none, and libpq would silently cut the text there.
  case zeroByte
  /// A date that is not a number or lies outside what `timestamptz` can count.
  case dateOutOfRange
  /// More parameters than the 65,535 that the protocol can number.
  case tooManyParameters(Int)
}
