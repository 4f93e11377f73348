// <copy-text><code>…</code></copy-text> gets a button that copies the text.

import { make } from "./dom.js";

customElements.define("copy-text", class extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button") || !navigator.clipboard) return;
    const text = this.textContent.trim();
    const name = this.dataset.name ? `Copy ${this.dataset.name}` : null;
    const button = make("button", { type: "button", class: "button quiet small", "aria-label": name }, "Copy");
    const said = make("span", { class: "visually-hidden", role: "status" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      said.textContent = `Copied ${text}`;
      setTimeout(() => {
        button.textContent = "Copy";
        said.textContent = "";
      }, 2000);
    });
    this.append(button, said);
  }
});
