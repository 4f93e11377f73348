// After a refused form the focus goes to what is wrong; a fragment in the address keeps its right of way.

if (!location.hash) {
  const target = document.querySelector(".error-summary, .notice[role=alert]") ?? document.querySelector("main [autofocus]");
  if (target && document.activeElement !== target) target.focus({ preventScroll: !target.matches(".error-summary, .notice") });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".error-summary a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});
