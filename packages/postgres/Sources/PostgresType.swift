// The types of PostgreSQL that cross the wire, named by their object identifiers [PostgreSQL source, pg_type.dat].

/// A type of PostgreSQL by its object identifier.
public struct PostgresType: Hashable, Sendable, CustomStringConvertible {
  /// The object identifier; zero leaves the choice to the server.
  public let oid: UInt32

  init(_ oid: UInt32) {
    self.oid = oid
  }

  /// Chosen by the server from the place where the parameter stands; such a value is sent as text.
  public static let inferred = PostgresType(0)
  static let bool = PostgresType(16)
  static let bytea = PostgresType(17)
  static let char = PostgresType(18)
  static let name = PostgresType(19)
  static let int8 = PostgresType(20)
  static let int2 = PostgresType(21)
  static let int4 = PostgresType(23)
  static let text = PostgresType(25)
  static let json = PostgresType(114)
  static let float4 = PostgresType(700)
  static let float8 = PostgresType(701)
  static let unknown = PostgresType(705)
  static let bpchar = PostgresType(1042)
  static let varchar = PostgresType(1043)
  static let timestamptz = PostgresType(1184)
  static let uuid = PostgresType(2950)
  static let jsonb = PostgresType(3802)
  static let xid8 = PostgresType(5069)

  static let boolArray = PostgresType(1000)
  static let int2Array = PostgresType(1005)
  static let int4Array = PostgresType(1007)
  static let textArray = PostgresType(1009)
  static let int8Array = PostgresType(1016)
  static let float8Array = PostgresType(1022)
  static let timestamptzArray = PostgresType(1185)
  static let uuidArray = PostgresType(2951)
  static let nameArray = PostgresType(1003)
  static let bpcharArray = PostgresType(1014)
  static let varcharArray = PostgresType(1015)
  static let float4Array = PostgresType(1021)

  private static let names: [UInt32: String] = [
    0: "inferred", 16: "bool", 17: "bytea", 18: "\"char\"", 19: "name", 20: "int8", 21: "int2", 23: "int4", 25: "text",
    114: "json", 700: "float4", 701: "float8", 705: "unknown", 869: "inet", 1000: "bool[]", 1003: "name[]",
    1005: "int2[]", 1007: "int4[]", 1009: "text[]", 1014: "bpchar[]", 1015: "varchar[]", 1016: "int8[]",
    1021: "float4[]", 1022: "float8[]", 1042: "bpchar", 1043: "varchar", 1082: "date",
    1083: "time", 1114: "timestamp", 1184: "timestamptz", 1185: "timestamptz[]", 1186: "interval", 1700: "numeric",
    2950: "uuid", 2951: "uuid[]", 3802: "jsonb", 5069: "xid8",
  ]

  /// The name as SQL writes it, or the number for a type that this package does not know.
  public var description: String {
    Self.names[oid] ?? "the type with oid \(oid)"
  }
}
