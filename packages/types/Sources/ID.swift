// Identifiers. Every record is named by a UUID version 7 that the program makes itself, so that an id is known before
// its row is written and sorts by the time it was made.

public import FoundationEssentials

/// The id of one `Subject`: a UUID that cannot be mistaken for the id of something else.
public struct ID<Subject>: Hashable, Sendable, LosslessStringConvertible {
  /// The same without its subject.
  public let uuid: UUID

  /// Says whose id it is.
  public init(_ uuid: UUID) {
    self.uuid = uuid
  }

  /// Reads the canonical text form, in either case; `nil` for anything else.
  public init?(_ description: String) {
    guard let uuid = UUID(uuidString: description) else { return nil }
    self.uuid = uuid
  }

  /// The canonical text form in lower case, as PostgreSQL prints it.
  public var description: String { uuid.lowercaseText }
}

extension ID: Codable {
  /// Reads the canonical text form, in either case.
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    uuid = try UUID(from: decoder)
  }

  /// Writes the canonical text form in lower case.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Makes ids. Tests inject one that counts; the program uses `IDSource.random`.
public struct IDSource: Sendable {
  private let make: @Sendable (Date) -> UUID

  /// - Parameter make: gives a UUID for what happens at its date, another one at each call.
  public init(_ make: @escaping @Sendable (Date) -> UUID) {
    self.make = make
  }

  /// A fresh id for something that happens at `date`.
  public func next<Subject>(at date: Date) -> ID<Subject> {
    ID(make(date))
  }

  /// UUID version 7 from the milliseconds of the date and 74 random bits [RFC 9562, 5.7].
  public static let random = IDSource { date in
    var generator = SystemRandomNumberGenerator()
    return .version7(at: date, using: &generator)
  }
}

extension UUID {
  /// The canonical text form in lower case [RFC 9562, 4].
  public var lowercaseText: String {
    withUnsafeBytes(of: uuid) { bytes in
      String(unsafeUninitializedCapacity: 36) { text in
        var end = 0
        for (index, byte) in bytes.enumerated() {
          if index == 4 || index == 6 || index == 8 || index == 10 {
            text[end] = UInt8(ascii: "-")
            end += 1
          }
          text[end] = Self.digit(byte >> 4)
          text[end + 1] = Self.digit(byte & 0xF)
          end += 2
        }
        return end
      }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// When a UUID version 7 was made, to the millisecond [RFC 9562, 5.7].
  public var version7Date: Date {
    let milliseconds = withUnsafeBytes(of: uuid) { $0.prefix(6).reduce(0) { $0 << 8 | UInt64($1) } }
    return Date(timeIntervalSince1970: Double(milliseconds) / 1000)
  }

  /// A UUID version 7: 48 bits of milliseconds since 1970, then random bits [RFC 9562, 5.7].
  public static func version7(at date: Date, using generator: inout some RandomNumberGenerator) -> UUID {
    let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000))
    let high = (milliseconds << 16) | 0x7000 | (generator.next() & 0x0FFF)
    let low = (generator.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
    return UUID(
      uuid: (
        byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5), byte(high, 6),
        byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5), byte(low, 6),
        byte(low, 7)
      ))
  }
}
