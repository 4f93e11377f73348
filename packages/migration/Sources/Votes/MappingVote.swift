// What clients' imports have in common: that a header of a system was a field at one of them. Of the header nothing
// leaves the client but a digest.

import Access
import Mapping

/// That one client's import had a header of a system for a field.
struct MappingVote: Sendable, Hashable {
  /// A system whose exports are known: what else somebody may call their source is their own text.
  let vendor: String
  let header: [UInt8]
  let target: String
}

extension MappingVote {
  /// What a client's imports say, the newest decision about each header.
  /// - Parameter newestFirst: imports that stand.
  static func votes(of newestFirst: [AcceptedMapping], _ key: HeaderKey) -> Set<MappingVote> {
    var decided: [Header: String?] = [:]
    for mapping in newestFirst.reversed() where isKnown(mapping.vendor) {
      for column in mapping.columns {
        let header = Header(
          vendor: mapping.vendor,
          digest: key.digest(of: MappingMemory.key(of: column.name), as: mapping.entity.rawValue))
        switch column.act {
        case .matched: decided[header] = .some(column.target.map(ValueWords.plain))
        case .ignore: decided[header] = .some(nil)
        case .review, .keep, .quarantined: break
        }
      }
    }
    return Set(
      decided.compactMap { header, target in
        target.map { MappingVote(vendor: header.vendor, header: header.digest, target: $0) }
      })
  }

  static func isKnown(_ vendor: String) -> Bool { vendors.contains(vendor) }

  private static let vendors = Set(Mapping.vendors.map(\.code))

  private struct Header: Hashable {
    let vendor: String
    let digest: [UInt8]
  }
}

/// The mapping that an import came over by.
struct AcceptedMapping: Sendable {
  let vendor: String
  let entity: ImportEntity
  let columns: [ColumnDecision]
}
