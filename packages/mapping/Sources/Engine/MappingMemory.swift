// What is remembered of earlier mappings: a tenant's own decisions, and how often others decided alike.

/// Decisions made before, passed in by whoever asks for suggestions.
package struct MappingMemory: Codable, Hashable, Sendable {
  /// What this tenant mapped a header to, by `MappingMemory.key(of:)`; an empty target says that it was left out.
  package var accepted: [String: String]
  /// By header key: how many other tenants mapped a header of this vendor to a field. Used from two tenants on.
  package var votes: [String: [String: Int]]

  package init(accepted: [String: String] = [:], votes: [String: [String: Int]] = [:]) {
    self.accepted = accepted
    self.votes = votes
  }

  /// Nothing is remembered.
  package static let none = MappingMemory()

  /// The form of a header under which it is remembered: letters and digits, without case and accents.
  package static func key(of header: String) -> String {
    VendorProfiles.key(header)
  }
}
