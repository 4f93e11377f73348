// Filters apply as soon as they are chosen, and what is not chosen stays out of the address. The button that does it
// without scripts has the class `no-js`.

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-autosubmit]") && event.target.matches("select, [type=checkbox], [type=radio]")) {
    event.target.form?.requestSubmit();
  }
});

document.addEventListener("formdata", ({ target, formData }) => {
  if (target.method !== "get") return;
  for (const [name, value] of [...formData]) {
    if (value !== "") continue;
    const kept = formData.getAll(name).filter((other) => other !== "");
    formData.delete(name);
    kept.forEach((other) => formData.append(name, other));
  }
});
