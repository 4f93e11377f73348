// A result line is said once: its parameter leaves the address, so that reloading or sharing it does not repeat it.

const address = new URL(location.href);
if (address.searchParams.has("done")) {
  address.searchParams.delete("done");
  history.replaceState(history.state, "", address);
}
