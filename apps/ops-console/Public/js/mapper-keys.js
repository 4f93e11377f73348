// The mapper by keyboard: j and k walk the columns, Enter accepts one, u unmaps it, / picks its field, v leads to the
// values, ? opens the reasons. Everything is a click too; nothing is heard while somebody types in a field.

const typing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open] *";
const say = (control, kind) => control.dispatchEvent(new Event(kind, { bubbles: true }));

customElements.define("mapper-keys", class extends HTMLElement {
  connectedCallback() {
    this.heard = new AbortController();
    // Before the keys of every page: on this one they mean a column.
    document.addEventListener("keydown", (event) => this.hear(event), { capture: true, signal: this.heard.signal });
  }

  disconnectedCallback() {
    this.heard.abort();
  }

  get rows() {
    return [...document.querySelectorAll(".mapping-row")];
  }

  /// The column that the focus is in, or was last.
  get row() {
    return document.activeElement?.closest(".mapping-row") ?? document.querySelector(".mapping-row[aria-current]");
  }

  hear(event) {
    if (document.documentElement.dataset.keys === "off" || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.matches(typing)) return;
    const act = this.act(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  }

  act(key) {
    if (key === "j") return () => this.move(1);
    if (key === "k") return () => this.move(-1);
    if (key === "v") return () => location.assign(this.dataset.values);
    const row = this.row;
    if (!row) return null;
    const field = row.querySelector("select");
    if (key === "/") return () => field.focus();
    if (key === "u") return () => this.settle(row, field, "");
    if (key === "?") return () => row.querySelector("details.why").toggleAttribute("open");
    // On a button or a link Enter is theirs.
    if (key === "Enter" && [row, document.body].includes(document.activeElement)) return () => this.accept(row, field);
    return null;
  }

  move(by) {
    const at = this.rows.indexOf(this.row);
    const next = this.rows[at < 0 ? 0 : Math.min(this.rows.length - 1, Math.max(0, at + by))];
    this.row?.removeAttribute("aria-current");
    next.setAttribute("aria-current", "true");
    next.tabIndex = -1;
    next.focus({ preventScroll: true, focusVisible: true });
    next.scrollIntoView({ block: "nearest" });
  }

  /// A column without a field has nothing to accept: one is picked first.
  accept(row, field) {
    if (field.value === "") return field.focus();
    this.settle(row, field, field.value);
    this.move(1);
  }

  settle(row, field, target) {
    field.value = target;
    say(field, "input");
    say(field, "change");
    const box = row.querySelector("input[type=checkbox]");
    if (box && box.checked !== (target !== "")) box.click();
  }
});
