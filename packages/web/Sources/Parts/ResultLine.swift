// What the act before this page did.

package import Markup

/// One line after a redirect: what was done, a link to it, undo where that exists.
package func resultLine(_ content: HTML) -> HTML {
  div(.class("result"), .role("status")) { content }
}
