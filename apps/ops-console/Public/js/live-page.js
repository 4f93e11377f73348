// <live-page data-src data-zone> keeps one stream open while the page is seen: values change in place, and a page whose access or
// sign-in has ended says so. A page that is hidden gives its stream back, since a browser has few connections; when it is
// seen again it asks anew.

import { end } from "./live-end.js";
import { fresh, show, stale } from "./live-values.js";

const hiddenMilliseconds = 10_000, silentMilliseconds = 35_000, lostMilliseconds = 4_000, pauseMilliseconds = [2_000, 30_000];

customElements.define("live-page", class extends HTMLElement {
  connectedCallback() {
    this.heard = Date.now();
    this.pause = pauseMilliseconds[0];
    this.next = 0;
    setInterval(() => this.look(), 1_000);
    document.addEventListener("visibilitychange", () => this.look());
    addEventListener("pageshow", () => this.look());
    addEventListener("pagehide", () => this.close());
    this.look();
  }

  look() {
    const now = Date.now();
    if (document.visibilityState === "visible") this.shown = now;
    if (this.hasEnded || now - (this.shown ?? 0) > hiddenMilliseconds) {
      this.lostAt = null;
      return this.close();
    }
    if (this.stream && now - Math.max(this.heard, this.opened) > silentMilliseconds) this.close();
    if (!this.stream && now >= this.next && document.readyState === "complete") this.open();
    this.lostAt = this.isLive ? null : this.lostAt ?? now;
    if (this.lostAt && now - this.lostAt > lostMilliseconds) stale(this.heard, this.dataset.zone);
  }

  open() {
    this.opened = Date.now();
    this.stream = new EventSource(this.dataset.src);
    const on = (name, act) => this.stream.addEventListener(name, (event) => {
      this.heard = Date.now();
      act(event);
    });
    on("open", () => {
      this.isLive = true;
      this.pause = pauseMilliseconds[0];
      fresh();
    });
    on("beat", () => {});
    on("values", (event) => show(JSON.parse(event.data), this.querySelector("[role=status]")));
    on("ended", (event) => this.end(JSON.parse(event.data)));
    this.stream.addEventListener("error", () => this.lost());
  }

  /** A stream that broke off comes back by itself; one that was refused says why to who asks without a stream. */
  async lost() {
    this.isLive = false;
    if (this.stream?.readyState !== EventSource.CLOSED) return;
    this.close();
    this.next = Date.now() + this.pause;
    this.pause = Math.min(2 * this.pause, pauseMilliseconds[1]);
    const answer = await fetch(this.dataset.src, { headers: { Accept: "application/json" } }).catch(() => null);
    if ([401, 403, 404, 410].includes(answer?.status)) this.end(await answer.json());
  }

  end(problem) {
    this.hasEnded = true;
    this.close();
    stale(this.heard, this.dataset.zone);
    end(problem, this.querySelector(".ended"));
  }

  close() {
    this.stream?.close();
    this.stream = null;
    this.isLive = false;
  }
});
