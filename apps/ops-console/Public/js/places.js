// Where g and a letter lead: only to places this page links to, so only to what this person may open.

export const places = {
  h: { path: "/", name: "Home" },
  c: { path: "/tenants", name: "Clients" },
  t: { path: "/tickets", name: "Tickets" },
  f: { path: "/floor", name: "Floor" },
  q: { path: "/qa", name: "QA" },
  a: { path: "/audit/events", name: "Audit" },
};

export function place(letter) {
  const path = places[letter]?.path;
  return path ? document.querySelector(`.rail a[href="${path}"], .topbar a[href="${path}"]`) : null;
}
