// The ? dialog: the keys that do something on this page.

import { banner, make, modal } from "./dom.js";
import { place, places } from "./places.js";

function keys() {
  const has = (selector) => document.querySelector(selector) !== null;
  return [
    ["Ctrl K", "Find a client"],
    ...Object.keys(places).filter(place).map((letter) => [`g ${letter}`, `Go to ${places[letter].name}`]),
    has("[data-filter]") && ["/", "Filter"],
    has(".table tbody tr, .step") && ["j k", "Next, previous row"],
    has(".table .select") && ["x", "Select the row"],
    has(".table tbody a") && ["Enter", "Open the row"],
    ...[...document.querySelectorAll("main [data-key]")].map((act) => [act.dataset.key, act.textContent.trim()]),
    ...[...document.querySelectorAll("main [data-letters]")].map((hint) => [hint.dataset.letters, hint.textContent]),
    has(".breadcrumbs a") && ["Esc", "Leave the field, then go back"],
    ["?", "These keys"],
  ].filter(Boolean);
}

export function showKeys() {
  const list = make("dl", { class: "keys" });
  for (const [letters, does] of keys()) {
    list.append(make("dt", {}, ...letters.split(" ").map((key) => make("kbd", {}, key))), make("dd", {}, does));
  }
  const close = make("form", { method: "dialog" }, make("button", { class: "button quiet small", autofocus: true }, "Close"));
  const head = make("header", { class: "dialog-head" }, make("h2", { id: "keys-title" }, "Keys of this page"), close);
  const dialog = modal(make("dialog", { "aria-labelledby": "keys-title" }, banner(), head, list));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
