// A code that people carry elsewhere.

package import Markup

/// The text, to which a script adds a button that copies it; `name` says what it is: "Copy correlation id".
package func copyText(_ text: String, name: String) -> HTML {
  custom("copy-text", .data("name", name)) { code { text } }
}
