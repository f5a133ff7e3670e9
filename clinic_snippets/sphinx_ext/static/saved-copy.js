/* Has the browser save the site (sw.js does it), tells a page that is from that copy, and gives the section "offline-copy"
   a switch. A browser that saves nothing shows the plain site. */
(() => {
  "use strict";
  const root = new URL("../", document.currentScript.src).href;
  const off = `clinic-copy-off ${root}`;
  const make = (tag, attributes, ...inside) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...inside);
    return made;
  };

  const copy = document.documentElement.dataset.savedCopy;
  if (copy) {
    // A day of grace: the date is that of the place where the copy was saved.
    const behind = Date.now() + 864e5 < Date.parse(copy.slice(0, 10)) ? " Check this device's clock: it is behind that day." : "";
    const heading = document.querySelector("section h1") || document.querySelector("h1");
    const note = make("div", { className: "admonition note clinic-saved-copy" },
      make("p", { className: "admonition-title" }, `Saved copy of ${copy}`),
      make("p", {}, `The site could not be reached. It may have newer text.${behind}`));
    if (heading) heading.after(note);
    else document.body.prepend(note);
  }

  const section = document.getElementById("offline-copy");
  const state = make("p", {});
  state.setAttribute("role", "status");
  const button = make("button", { type: "button" });
  Object.assign(button.style, { font: "inherit", minHeight: "44px", padding: "0 .75rem" });
  const offer = (says, does, act) => {
    state.textContent = says;
    button.textContent = does;
    button.onclick = () => act().catch(cannot);
    button.hidden = !does;
  };
  // Switched off or not; a storage that forgets (theme.js) would forget that too.
  const isOff = () => {
    if (!(localStorage instanceof Storage)) throw new Error("Storage is blocked.");
    return localStorage.getItem(off);
  };
  const cannot = () => offer("This browser saves no copy of this site.", "");
  const show = async (failed) => {
    const kept = await caches.match(`${root}saved-copy`);
    if (isOff()) offer("Switched off: this browser saves no copy.", "Save a copy", keep);
    else if (kept) offer(`Saved in this browser: copy of ${await kept.text()}.`, "Delete the copy and save no other", remove);
    else if (failed) cannot();
    else offer("No copy is saved yet. It takes a few seconds.", "Save no copy", remove);
  };
  const start = async () => {
    if (isOff()) return;
    const { installing } = await navigator.serviceWorker.register(`${root}sw.js`, { updateViaCache: "none" });
    if (installing) installing.onstatechange = () => show(installing.state === "redundant").catch(cannot);
  };
  const keep = async () => {
    localStorage.removeItem(off);
    await start();
    await show();
  };
  const remove = async () => {
    localStorage.setItem(off, "yes");
    for (const worker of await navigator.serviceWorker.getRegistrations()) {
      if (worker.scope === root) await worker.unregister();
    }
    for (const name of await caches.keys()) {
      if (name.startsWith(`clinic-copy ${root} `)) await caches.delete(name);
    }
    await show();
  };

  // A page in a folder may fetch no other, so Sphinx's search has no excerpts to ask for.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  if (section) section.append(state, button);
  if (!window.isSecureContext || !location.protocol.startsWith("http") || !window.CompressionStream) {
    cannot();
    return;
  }
  // One after the other: a slow look into the caches must not write over a refusal.
  const shown = show().catch(cannot);
  // The page that is read comes first, and a glance at one page saves nothing.
  addEventListener("load", () => setTimeout(() => shown.then(start).catch(cannot), 3000));
})();
