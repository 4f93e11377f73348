// Sends a file by the tus protocol 1.0.0 with its extension creation [tus.io/protocols/resumable-upload]: in requests of 8 MiB, from
// wherever the console has it. Whoever sends the same file again is told where that is.

const requestBytes = 8 * 1_048_576;

/** The console's no, in its words; `again` where it is only that more or less has come than this page knew, or a busy moment. */
export class Refused extends Error {
  constructor(answer) {
    // The answer to HEAD names its kind and has no body.
    const isTold = answer.responseText && answer.getResponseHeader("Content-Type") === "application/problem+json";
    const problem = isTold ? JSON.parse(answer.responseText) : {};
    super(problem.title ? `${problem.title} ${problem.detail}` : `The console answered ${answer.status}. Reload the page.`);
    this.isGone = answer.status === 404;
    this.again = answer.status >= 500 || problem.code === "upload_moved";
    this.waitSeconds = Number(answer.getResponseHeader("Retry-After")) || 0;
  }
}

/** One request: fetch would not tell how much of it has been sent. */
function ask(method, address, headers, body, { csrf, signal }, sent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    const all = { "Tus-Resumable": "1.0.0", "Ops-Csrf": csrf, Accept: "application/json", ...headers };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    if (sent) request.upload.onprogress = (event) => sent(event.loaded);
    request.onload = () => request.status < 300 ? resolve(request) : reject(new Refused(request));
    request.onerror = () => reject(new Error("No connection."));
    // What nobody here stopped, the browser did.
    request.onabort = () => reject(signal.reason ?? new Error("No connection."));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const offsetOf = (answer) => Number(answer.getResponseHeader("Upload-Offset"));

/**
 * Begins to send a file, or asks how much of it is there: at its address, where one is known.
 * @returns where it is sent to, and from which byte on.
 */
export async function begin(file, to, known, session) {
  if (known) {
    const answer = await ask("HEAD", known, {}, null, session);
    return { address: known, offset: offsetOf(answer) };
  }
  const metadata = `filename ${base64(file.name)},modified ${base64(String(file.lastModified))}`;
  const answer = await ask("POST", to, { "Upload-Length": file.size, "Upload-Metadata": metadata }, null, session);
  return { address: answer.getResponseHeader("Location"), offset: offsetOf(answer) };
}

/** Sends what is missing. Bytes that are all there are said to be, by none more: that makes the file of them. */
export async function send(file, { address, offset }, session, progress) {
  do {
    const from = offset, piece = file.slice(from, from + requestBytes);
    const headers = { "Upload-Offset": from, "Content-Type": "application/offset+octet-stream" };
    const answer = await ask("PATCH", address, headers, piece, session, (sent) => progress(Math.min(from + sent, file.size)));
    offset = offsetOf(answer);
    progress(offset);
  } while (offset < file.size);
}

/** So long at most: until the network is back, or somebody pauses. */
export const wait = (seconds, paused) => new Promise((go) => {
  const over = new AbortController();
  const end = () => { over.abort(); go(); };
  const timer = setTimeout(end, seconds * 1000);
  over.signal.addEventListener("abort", () => clearTimeout(timer));
  addEventListener("online", end, { signal: over.signal });
  paused.addEventListener("abort", end, { signal: over.signal });
});
