// Says in a `.selection-bar` how many rows are chosen; Shift chooses a range. The boxes belong to the bar by their form.

const rows = (bar) => [...bar.elements].filter((box) => box.matches("td.select input[type=checkbox]:not(:disabled)"));
const barOf = (target) => (target.form?.matches(".selection-bar") ? target.form : null);
let last = null;

function count(bar) {
  const chosen = rows(bar).filter((box) => box.checked).length;
  const words = chosen === 1 ? "1 row" : `${chosen.toLocaleString("en")} rows`;
  bar.querySelector(".count").textContent = chosen ? `With ${words} selected:` : "With the rows selected:";
}

document.addEventListener("change", (event) => {
  const bar = barOf(event.target);
  if (bar) count(bar);
});

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("td.select input[type=checkbox]");
  const bar = box && barOf(box);
  if (!bar) return;
  const all = rows(bar);
  if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
  }
  last = box;
  count(bar);
});

const countAll = () => document.querySelectorAll("form.selection-bar").forEach(count);
countAll();
addEventListener("pageshow", countAll);
