// <file-upload data-to data-home> sends the files of its form one after the other, in pieces: they are chosen or dropped, show how far
// they are, wait when they are told to, and go on after whatever broke them off. Without scripts the form sends one file.

import { make } from "./dom.js";
import { note } from "./stay-signed-in.js";
import { begin, Refused, send, wait } from "./tus.js";
import { UploadRow } from "./upload-row.js";

// After so many failures without a byte between them somebody has to look.
const tries = 20, longestSeconds = 30;

customElements.define("file-upload", class extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form"), field = form.querySelector("input[type=file]");
    field.multiple = true;
    this.rows = make("ul", { class: "uploads", hidden: true });
    form.after(this.rows);
    Object.assign(this, { queue: Promise.resolve(), waiting: 0, here: 0, failed: 0 });
    form.addEventListener("submit", (event) => {
      if (field.files.length === 0) return;
      event.preventDefault();
      this.take([...field.files]);
      field.value = "";
    });
    this.addEventListener("dragover", (event) => event.preventDefault());
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.take([...event.dataTransfer.files]);
    });
  }

  take(files) {
    const status = this.querySelector("[role=status]");
    const rows = files.map((file) => new UploadRow(file, (words) => { status.textContent = words; }));
    this.rows.append(...rows.map((row) => row.element));
    this.rows.hidden = this.rows.childElementCount === 0;
    this.waiting += rows.length;
    for (const row of rows) this.queue = this.queue.then(() => this.bring(row)).then((isHere) => this.done(isHere));
  }

  /** @returns whether the file is there in the end. */
  async bring(row) {
    for (let failures = 0, known = null; failures <= tries;) {
      await row.turn();
      row.stop = new AbortController();
      const session = { csrf: this.querySelector("[name=_csrf]").value, signal: row.stop.signal };
      try {
        const place = await begin(row.file, this.dataset.to, known, session);
        known = place.address;
        await send(row.file, place, session, (count) => {
          failures = 0;
          row.progress(count);
          note();
        });
        return row.end("It is here.", true);
      } catch (error) {
        if (row.isPaused) continue;
        if (error.isGone && known) return row.end("It was removed meanwhile. Choose the file again to begin anew.", false);
        if (error instanceof Refused && !error.again) return row.end(error.message, false);
        row.tell(`${error.message} What has come is kept, and it goes on by itself.`);
        await wait(error.waitSeconds || Math.min(2 ** failures / 2, longestSeconds), row.stop.signal);
        failures += 1;
      }
    }
    return row.end("Nothing more comes through. What has come is kept: choose the file again, and it goes on.", false);
  }

  done(isHere) {
    this.waiting -= 1;
    this[isHere ? "here" : "failed"] += 1;
    if (this.waiting > 0 || this.here === 0) return;
    const shown = `${this.dataset.home}?done=${this.here === 1 ? "file" : "files"}`;
    if (this.failed === 0) location.assign(shown);
    else this.rows.after(make("p", {}, make("a", { href: shown }, "Show the files that are here")));
  }
});
