// Ctrl/⌘-K: find a client, go to its card (Enter) or to its way in (Ctrl/⌘-Enter). Without scripts the same link opens the directory.

import { json } from "./json.js";
import { accesses, dialog, option, summary } from "./switcher-view.js";

customElements.define("tenant-switcher", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") this.open(event);
    });
    document.addEventListener("click", (event) => {
      if (event.button === 0 && !event.ctrlKey && !event.metaKey && event.target.closest?.("[data-switcher]")) this.open(event);
    });
  }

  open(event) {
    event.preventDefault();
    if (this.querySelector("dialog")) return;
    this.parts = dialog();
    this.parts.field.addEventListener("input", () => this.find(150));
    this.parts.field.addEventListener("keydown", (event) => this.key(event));
    this.parts.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey));
    this.parts.dialog.addEventListener("close", () => {
      this.request?.abort();
      clearTimeout(this.wait);
      this.parts.dialog.remove();
    });
    this.append(this.parts.dialog);
    this.parts.dialog.showModal();
    this.find(0);
    json("/me").then((me) => accesses(this.parts.accesses, me.open_accesses ?? [], this.dataset.csrf)).catch(() => {});
  }

  find(delay) {
    clearTimeout(this.wait);
    this.request?.abort();
    this.wait = setTimeout(() => this.ask(this.parts.field.value.trim()), delay);
  }

  async ask(query) {
    const { status, list } = this.parts;
    const request = this.request = new AbortController();
    const slow = setTimeout(() => { status.textContent = "Searching…"; }, 200);
    try {
      const found = await json(`${this.dataset.src}?${new URLSearchParams({ q: query, limit: 8 })}`, request.signal);
      list.replaceChildren(...found.items.map(option));
      status.textContent = summary(query, found);
      this.choose(list.firstElementChild);
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = error.message;
    } finally {
      clearTimeout(slow);
    }
  }

  choose(chosen) {
    this.parts.list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    chosen?.setAttribute("aria-selected", "true");
    chosen?.scrollIntoView({ block: "nearest" });
    this.parts.field.setAttribute("aria-expanded", String(chosen !== null));
    if (chosen) this.parts.field.setAttribute("aria-activedescendant", chosen.id);
    else this.parts.field.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const chosen = this.parts.list.querySelector("[aria-selected=true]");
    const { firstElementChild: first, lastElementChild: last } = this.parts.list;
    if (event.key === "ArrowDown") this.choose(chosen?.nextElementSibling ?? first);
    else if (event.key === "ArrowUp") this.choose(chosen?.previousElementSibling ?? last);
    else if (event.key === "Escape") this.parts.dialog.close();
    else if (event.key === "Enter" && !event.isComposing) this.go(chosen, event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  }

  go(chosen, enters) {
    if (chosen) location.assign(enters ? `/t/${chosen.dataset.slug}/enter` : `/t/${chosen.dataset.slug}`);
  }
});
