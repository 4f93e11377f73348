// Names of columns, fields and values, as people read them.

import EthicoTypes

/// `Reports to` for `reports_to`.
public func word(_ raw: String) -> String {
  raw.split(separator: "_").joined(separator: " ").capitalizedFirst
}
