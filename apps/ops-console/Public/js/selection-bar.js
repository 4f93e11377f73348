// Counts the chosen rows of a form with a `.selection-bar`. `[data-select-all]` chooses every row of the page, Shift a range.

const rows = (form) => [...form.querySelectorAll("td.select input[type=checkbox]:not(:disabled)")];
let last = null;

function count(form) {
  const all = rows(form);
  const chosen = all.filter((box) => box.checked).length;
  form.querySelectorAll("[data-selected]").forEach((place) => { place.textContent = chosen.toLocaleString("en"); });
  const head = form.querySelector("[data-select-all]");
  if (!head) return;
  head.checked = chosen > 0 && chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.querySelector(".selection-bar")) return;
  if (event.target.matches("[data-select-all]")) rows(form).forEach((box) => { box.checked = event.target.checked; });
  count(form);
});

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("td.select input[type=checkbox]");
  if (!box?.form) return;
  const all = rows(box.form);
  if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
  }
  last = box;
});

document.querySelectorAll("form:has(.selection-bar)").forEach(count);
addEventListener("pageshow", () => document.querySelectorAll("form:has(.selection-bar)").forEach(count));
