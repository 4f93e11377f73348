// What the switcher shows. Pure: data in, elements out.

import { banner, make, modal } from "./dom.js";

const meanings = { live: "good", trial: "away", onboarding: "info", suspended: "attention", closed: "neutral" };
const acronyms = { plg: "PLG", smb: "SMB" };
/** A word of the vocabulary as every page shows it. */
const label = (word) => acronyms[word] ?? word?.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());

export function dialog() {
  const field = make("input", {
    class: "switcher-field", type: "search", placeholder: "Client, domain, hotline number or e-mail address", maxlength: 100,
    role: "combobox", "aria-label": "Find a client", "aria-controls": "switcher-list", "aria-expanded": "false", "aria-autocomplete": "list",
    autocomplete: "off", spellcheck: "false", autofocus: true,
  });
  const status = make("p", { class: "switcher-status", role: "status" }, "Clients");
  const list = make("ul", { class: "switcher-list", id: "switcher-list", role: "listbox", "aria-label": "Clients found" });
  const below = make("section", { class: "switcher-accesses", hidden: true, "aria-labelledby": "switcher-accesses" });
  const hints = [["↑ ↓", "move"], ["Enter", "client card"], ["Ctrl Enter", "enter workspace"], ["Esc", "close"]];
  const keys = make("p", { class: "switcher-keys" }, ...hints.map(([key, does]) => make("span", {}, make("kbd", {}, key), ` ${does}`)));
  const box = make("dialog", { class: "switcher", "aria-label": "Find a client" }, banner(), field, status, list, below, keys);
  return { dialog: modal(box), field, status, list, accesses: below };
}

/** What was found, in a line above it; names that are only close do not count as found. */
export function summary(query, found) {
  if (!query) return found.items.length === 0 ? "No clients yet." : "Clients";
  const near = found.items.filter((item) => item.match === "near").length;
  if (found.items.length === 0) return `Nothing matches “${query}”.`;
  if (near === found.items.length) return `Nothing matches “${query}”. Close to it:`;
  return `${found.count - near} found${near > 0 ? `, ${near} close to it` : ""}`;
}

export function option(item) {
  const mark = make("span", { class: "badge-mark", "aria-hidden": "true" }, "●");
  const badge = make("span", { class: "badge", "data-meaning": meanings[item.status] ?? "neutral" }, mark, ` ${label(item.status)}`);
  const tickets = item.open_tickets > 0 ? `${item.open_tickets} open ${item.open_tickets === 1 ? "ticket" : "tickets"}` : null;
  const inside = item.access ? "you are inside" : null;
  const near = item.match === "near" ? "close to it" : null;
  const facts = [item.slug, label(item.tier), label(item.industry), tickets, inside, near];
  return make(
    "li", { class: "switcher-option", role: "option", id: `switcher-${item.id}`, "aria-selected": "false", "data-slug": item.slug },
    make("span", { class: "switcher-name" }, make("bdi", {}, item.name)), badge,
    make("span", { class: "switcher-facts" }, facts.filter(Boolean).join(" · ")),
  );
}

/** The form that every page has for it: it ends that access and leads to its card. */
function exit(impersonation, name, csrf) {
  const hidden = [["_csrf", csrf], ["_key", crypto.randomUUID()]].map(([name, value]) => make("input", { type: "hidden", name, value }));
  const button = make("button", { class: "button small quiet", type: "submit", "aria-label": `Exit ${name}` }, "Exit");
  return make("form", { method: "post", action: `/i/${impersonation}/exit` }, ...hidden, button);
}

export function accesses(place, open, csrf) {
  if (open.length === 0) return;
  const rows = open.map(({ impersonation, tenant, subject }) => make(
    "li", {},
    make("a", { href: `/i/${impersonation}/` }, make("bdi", {}, tenant.name), ...(subject ? [" as ", make("bdi", {}, subject.name)] : [])),
    exit(impersonation, tenant.name, csrf),
  ));
  place.replaceChildren(make("h2", { id: "switcher-accesses" }, "Your open accesses"), make("ul", {}, ...rows));
  place.hidden = false;
}
