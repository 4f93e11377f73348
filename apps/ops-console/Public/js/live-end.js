// A page whose right to be looked at has ended: it says so and sends nothing more, and what was typed stays to be copied.

let message = null;

/** What the sign-in's own offer says already, the page does not say again: what is sent then is kept. */
const kept = (problem) => problem.code === "sign_in_expired";

export function end(problem, alert) {
  if (kept(problem)) return;
  message = alert;
  document.documentElement.dataset.ended = "";
  alert.hidden = false;
  alert.querySelector("p").textContent =
    `${problem.title} Nothing you type here will be saved; what you have typed stays to be copied.`;
}

document.addEventListener("submit", (event) => {
  if (!message || event.target.getAttribute("method")?.toLowerCase() !== "post") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  message.focus();
}, { capture: true });
