// <stay-signed-in data-idle data-offer data-ends> offers to stay before the sign-in ends for want of requests. Every page opened in any
// tab counts; what is sent after the end is kept by the server.

const memory = "ops-last-request";

/** A request of somebody who works here: it makes the sign-in last. */
export function note() {
  localStorage.setItem(memory, String(Date.now()));
}

customElements.define("stay-signed-in", class extends HTMLElement {
  connectedCallback() {
    this.loaded = Date.now();
    note();
    this.querySelector("form").addEventListener("submit", (event) => this.stay(event));
    this.timer = setInterval(() => this.look(), 5_000);
    document.addEventListener("visibilitychange", () => this.look());
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  look() {
    const last = Math.max(this.loaded, Number(localStorage.getItem(memory)) || 0);
    const idle = (Date.now() - last) / 1000;
    const whole = (Date.parse(this.dataset.ends) - Date.now()) / 1000;
    const left = Math.min(this.dataset.idle - idle, whole);
    const minutes = Math.ceil(left / 60);
    if (left <= 0) this.say("Your sign-in has ended. What you send now is kept until you have signed in again.", false);
    else if (whole <= 120) this.say(`Your sign-in ends in ${minutes} min, after twelve hours. What you send then is kept.`, false);
    else if (idle >= this.dataset.offer) this.say(`Your sign-in ends in ${minutes} min without a request of yours.`, true);
    else this.hidden = true;
  }

  /** Says a sentence once: a status that is set again is read again. */
  say(words, offers) {
    const status = this.querySelector("[role=status]");
    this.hidden = false;
    this.querySelector("button").hidden = !offers;
    if (status.textContent !== words) status.textContent = words;
  }

  async stay(event) {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" },
    }).catch(() => null);
    if (!answer?.ok) return this.say("No answer. Reload the page to stay signed in.", true);
    note();
    this.hidden = true;
  }
});
