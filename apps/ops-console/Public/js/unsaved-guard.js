// Forms marked `data-guard` warn before what was typed is lost.

const edited = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-guard")) edited.add(form);
});

document.addEventListener("reset", (event) => edited.delete(event.target));

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) edited.delete(event.target);
});

addEventListener("beforeunload", (event) => {
  if ([...edited].some((form) => form.isConnected)) event.preventDefault();
});
