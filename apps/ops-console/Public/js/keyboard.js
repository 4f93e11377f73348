// One-letter keys: g then a letter goes, / filters, j k move, x selects, Enter opens, Esc goes back, ? says them all.
// `data-key="a"` gives a link or a button of the page its own letter. `<html data-keys="off">` switches all of them off.

import { showKeys } from "./keys-dialog.js";
import { place } from "./places.js";

const items = ".table tbody tr, .timeline li.step";
const typing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open] *";
let waitsForPlace = 0;

const current = () => document.activeElement?.closest(items);

function move(by) {
  const all = [...document.querySelectorAll(items)];
  if (all.length === 0) return;
  const at = all.indexOf(current());
  const item = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  const target = item.querySelector("td:not(.select) a[href], .step-text a[href], summary, button") ?? item;
  if (target === item) item.tabIndex = -1;
  target.focus({ preventScroll: true, focusVisible: true });
  item.scrollIntoView({ block: "nearest" });
}

function back() {
  if (document.activeElement !== document.body) document.activeElement.blur();
  else [...document.querySelectorAll(".breadcrumbs a[href]")].at(-1)?.click();
}

const acts = {
  "/": () => document.querySelector("[data-filter], .filter-form .field input")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  x: () => current()?.querySelector(".select input[type=checkbox]")?.click(),
  g: () => { waitsForPlace = Date.now() + 1500; },
  Escape: back,
  "?": showKeys,
};

document.addEventListener("keydown", (event) => {
  if (document.documentElement.dataset.keys === "off" || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches(typing)) {
    if (event.key === "Escape" && !event.target.closest("dialog")) event.target.blur();
    return;
  }
  const goes = Date.now() < waitsForPlace && place(event.key);
  waitsForPlace = 0;
  const own = () => /^[a-z]$/.test(event.key) && document.querySelector(`main [data-key="${event.key}"]`);
  const act = goes ? () => location.assign(goes.href) : acts[event.key] ?? (own() ? () => own().click() : null);
  if (!act) return;
  event.preventDefault();
  act();
});
