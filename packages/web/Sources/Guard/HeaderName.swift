// The names of headers that no library of ours has a constant for.

public import HTTPTypes

extension HTTPField.Name {
  /// A name that stands in the source.
  /// - Precondition: it is a token [RFC 9110, 5.6.2]; whoever writes another one is told at once.
  public static func known(_ name: StaticString) -> HTTPField.Name {
    guard let known = HTTPField.Name("\(name)") else { preconditionFailure("“\(name)” is no header's name") }
    return known
  }
}
