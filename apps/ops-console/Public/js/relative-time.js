// <relative-time><time datetime title>…</time></relative-time> says how long ago, and keeps saying it right.
// With `data-form="span"` it says only how long, as the server does: "14 min", "3 h 4 min". Older than 30 days the server's
// exact time stays.

const shown = new Set();
const steps = [[86400, "d"], [3600, "h"], [60, "min"]];

function span(seconds) {
  const at = steps.findIndex(([size]) => seconds >= size);
  if (at < 0) return "< 1 min";
  const [size, unit] = steps[at];
  const [part, small] = steps[at + 1] ?? [1, null];
  const rest = Math.floor((seconds % size) / part);
  return `${Math.floor(seconds / size).toLocaleString("en")} ${unit}` + (small && rest ? ` ${rest} ${small}` : "");
}

function words(seconds) {
  const away = Math.abs(seconds);
  const [size, unit] = steps.find(([size]) => away >= size) ?? [60, null];
  if (!unit) return "just now";
  const length = `${Math.floor(away / size)} ${unit}`;
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
    if (this.dataset.form === "span") this.time.textContent = span(seconds);
    else if (Math.abs(seconds) < 30 * 86400) this.time.textContent = words(seconds);
  }
});

setInterval(() => shown.forEach((element) => element.say()), 60_000);
