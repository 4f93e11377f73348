// Makes elements without markup strings, so that nothing a client typed can ever become one.

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The line that says in whose house one stands, for modals to repeat; null outside a client. */
export function banner() {
  const line = document.querySelector("body.inside > .access-banner .access-banner-text");
  return line ? line.cloneNode(true) : null;
}

/** A modal that Escape or a click beside it closes; the browser returns the focus. */
export function modal(dialog) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
