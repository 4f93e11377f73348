// Values of a page change in place: text, the meaning of a badge, the length of a bar, where a link leads. Null hides.

const regions = () => document.querySelectorAll("[data-live-region]");
const sayMilliseconds = 5_000;
let said = 0, waiting = null;

function set(element, value) {
  element.hidden = value === null;
  if (value === null) return;
  if ("max" in value) {
    element.max = Math.max(1, value.max);
    element.value = value.value;
  } else if ("meaning" in value) {
    element.dataset.meaning = value.meaning;
    element.lastChild.textContent = ` ${value.text}`;
  } else if ("href" in value) {
    element.href = value.href;
    element.firstElementChild.textContent = value.text;
    element.lastElementChild.textContent = ` ${value.suffix}`;
  } else {
    element.textContent = value.text;
  }
}

/** Says the latest sentence, at most every few seconds. */
function say(sentence, status) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    said = Date.now();
    status.textContent = sentence;
  }, Math.max(0, said + sayMilliseconds - Date.now()));
}

export function show({ values, say: sentence }, status) {
  for (const [name, value] of Object.entries(values)) {
    document.querySelectorAll(`[data-live="${CSS.escape(name)}"]`).forEach((element) => set(element, value));
  }
  if (sentence) say(sentence, status);
}

/** @param zone that of the page's times. */
export function stale(since, zone) {
  const time = new Date(since).toLocaleTimeString("en-GB", { timeZone: zone });
  regions().forEach((region) => {
    if ("stale" in region.dataset) return;
    region.dataset.stale = "";
    const note = region.querySelector(".live-note");
    note.hidden = false;
    note.textContent = `No connection. This is as of ${time}.`;
  });
}

export function fresh() {
  regions().forEach((region) => {
    delete region.dataset.stale;
    region.querySelector(".live-note").hidden = true;
  });
}
