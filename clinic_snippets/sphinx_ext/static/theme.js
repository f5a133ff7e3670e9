// Where storage is blocked, Sphinx's search and furo's switch of colours would stop at it: they get one that forgets.
try {
  localStorage.length;
} catch {
  const kept = new Map();
  const value = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => kept.set(name, text),
    removeItem: (name) => kept.delete(name),
  };
  Object.defineProperty(window, "localStorage", { value });
}
// Loaded before anything is drawn, so that a page does not flash in the other colours.
document.body.dataset.theme = localStorage.getItem("theme") || "auto";

// Furo's drawers open by a checkbox and close by nothing that a keyboard has.
const closeDrawers = () => {
  for (const box of document.querySelectorAll(".sidebar-toggle")) box.checked = false;
};
addEventListener("hashchange", closeDrawers);
addEventListener("keydown", (event) => event.key === "Escape" && closeDrawers());
addEventListener("focusin", (event) => event.target.closest(".content") && closeDrawers());
