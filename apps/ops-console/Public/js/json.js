// Asks the console for JSON; what goes wrong comes back as a sentence to show.

const failures = { 401: "Your sign-in has expired. Reload the page to sign in again.", 429: "Too many searches. Wait a minute." };

export async function json(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } }).catch((error) => {
    throw error.name === "AbortError" ? error : new Error("No connection. Nothing was changed.");
  });
  if (!answer.ok) throw new Error(failures[answer.status] ?? "The search did not answer. Try again.");
  return answer.json();
}
