// Filters apply as soon as they are chosen. The button that does it without scripts has the class `no-js`.

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]") && event.target.matches("select, [type=checkbox], [type=radio]")) {
    event.target.form?.requestSubmit();
  }
});
