// <relative-time><time datetime title>…</time></relative-time> says how long ago, and keeps saying it right.
// With `data-form="span"` it says only how long: "14 min". Older than 30 days the server's exact time stays.

const shown = new Set();
const steps = [[86400, "d"], [3600, "h"], [60, "min"]];

function words(seconds, span) {
  const away = Math.abs(seconds);
  const [size, unit] = steps.find(([size]) => away >= size) ?? [60, null];
  if (!unit) return span ? "0 min" : "just now";
  const length = `${Math.floor(away / size)} ${unit}`;
  if (span) return length;
  return seconds < 0 ? `in ${length}` : `${length} ago`;
}

customElements.define("relative-time", class extends HTMLElement {
  connectedCallback() {
    this.time = this.querySelector("time[datetime]");
    this.at = this.time ? Date.parse(this.time.dateTime) : NaN;
    if (Number.isNaN(this.at)) return;
    if (!this.time.title) this.time.title = this.time.textContent;
    shown.add(this);
    this.say();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  say() {
    const seconds = (Date.now() - this.at) / 1000;
    if (Math.abs(seconds) < 30 * 86400) this.time.textContent = words(seconds, this.dataset.form === "span");
  }
});

setInterval(() => shown.forEach((element) => element.say()), 60_000);
