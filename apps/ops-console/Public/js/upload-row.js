// One file on its way: its name, a bar, bytes and rate, a button to pause it, and its words for who does not see them.

import { make } from "./dom.js";

const rateMilliseconds = 3_000;
const units = ["bytes", "KB", "MB", "GB"];

function bytes(count) {
  const power = count < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${value < 10 && power ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

export class UploadRow {
  constructor(file, say) {
    this.file = file;
    this.say = (words) => say(`${file.name}: ${words}`);
    this.bar = make("progress", { max: file.size, value: 0, "aria-label": `Upload of ${file.name}` });
    this.words = make("span", { class: "muted" }, "Waiting.");
    this.button = make("button", { type: "button", class: "button small" });
    this.element = make("li", {}, make("strong", { dir: "auto" }, file.name), this.bar, this.words, this.button);
    this.button.addEventListener("click", () => this.toggle());
    this.offer("Pause");
    this.isPaused = false;
    this.seen = [];
  }

  offer(words) {
    this.button.textContent = words;
    this.button.setAttribute("aria-label", `${words} ${this.file.name}`);
  }

  /** A pause cuts off what is under way, and is seen where nothing is; going on asks the console how much has come. */
  toggle() {
    this.isPaused = !this.isPaused;
    this.offer(this.isPaused ? "Continue" : "Pause");
    this.tell(this.isPaused ? "Paused." : "Waiting.");
    if (this.isPaused) this.stop?.abort();
    else this.resume?.();
  }

  /** Waits for as long as it is paused. */
  async turn() {
    while (this.isPaused) await new Promise((resume) => { this.resume = resume; });
  }

  progress(count) {
    const now = performance.now();
    this.seen = [...this.seen.filter(([at]) => now - at < rateMilliseconds), [now, count]];
    const [[at, before]] = this.seen;
    const rate = now > at ? ` · ${bytes(Math.max(0, (count - before) / (now - at) * 1000))}/s` : "";
    this.bar.value = count;
    this.words.textContent = `${bytes(count)} of ${bytes(this.file.size)}${rate}`;
    const quarter = Math.floor(4 * count / this.file.size);
    if (quarter > (this.quarter ?? 0) && quarter < 4) this.say(`${25 * quarter} percent`);
    this.quarter = quarter;
  }

  tell(words) {
    this.words.textContent = words;
    this.say(words);
  }

  end(words, isWell) {
    this.button.remove();
    this.bar.hidden = !isWell;
    this.words.className = isWell ? "muted" : "field-error";
    this.tell(words);
    return isWell;
  }
}
