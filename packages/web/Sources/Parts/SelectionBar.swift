// The bar at the bottom of a table with checkboxes: what will happen to the rows selected.

public import Markup

/// The form that the checkboxes of a `Selection` belong to. Each act is a button that says what it does, with a
/// `formaction` or a name and value of its own; a script puts the number of rows in the count. With scripts it is there
/// while rows are chosen; without them always.
public func selectionBar(
  form id: String, action: Path, _ secrets: FormSecrets, @HTMLBuilder acts: () -> [HTML]
) -> HTML {
  form(.class("selection-bar"), .id(id), .post, .action(action)) {
    hiddenFields(secrets)
    span(.class("count"), .aria("live", "polite")) { "With the rows selected:" }
    acts()
  }
}
