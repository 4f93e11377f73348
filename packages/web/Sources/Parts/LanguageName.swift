// Languages by their names.

import FoundationEssentials

/// `Spanish` for `es`, `Portuguese (Brazil)` for `pt-BR`; the tag itself for one that we cannot name [BCP 47].
public func languageName(_ tag: String) -> String {
  Locale(identifier: "en").localizedString(forIdentifier: tag) ?? tag
}
