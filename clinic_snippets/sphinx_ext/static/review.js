/* Says what is overdue on the reader's own day, on pages built long before and without a network.
   Dates stand in the page; the words are those of a build that knows its day (snippets/overdue.py). */
(() => {
  "use strict";
  const now = new Date();
  const today = new Date(now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 10);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const make = (tag, name, text, ...inside) => {
    const made = document.createElement(tag);
    made.className = name;
    made.append(text, ...inside);
    return made;
  };
  const banner = (title, words) => {
    const box = make("div", "admonition warning clinic-overdue", make("p", "admonition-title", title), make("p", "", words));
    (document.querySelector("section h1") || document.querySelector("h1")).after(box);
  };

  const shown = all("section.clinic-card time.clinic-review").map((day) => {
    const host = day.closest("section");
    return { host, id: host.id, due: day.textContent };
  });
  for (const day of all("p.clinic-page-dates time.clinic-review")) {
    shown.push({ host: day.parentElement, id: "the page", due: day.textContent });
  }
  for (const body of all("tbody[data-review]")) {
    for (const row of body.rows) {
      const host = row.cells[0];
      const name = host.querySelector("[id], a[href*='#']");
      const id = name ? name.id || name.hash.slice(1) : host.textContent;
      shown.push({ host, id, due: row.dataset.review ?? body.dataset.review });
    }
  }

  const built = [
    ...all("tbody[data-written]").map((body) => body.dataset.written),
    ...all(":is(section.clinic-card, .clinic-page-dates) time:not(.clinic-review)").map((day) => day.textContent),
  ].sort().pop();
  if (today < built) {
    banner("Check this device's clock",
      `It says ${today}, but this page was written or reviewed on ${built}. So it cannot tell which reviews are overdue.`);
    return;
  }

  const late = shown.filter(({ due }) => due && due < today);
  const unmarked = late.filter(({ host }) => !host.querySelector(".clinic-badge-overdue"));
  if (!unmarked.length) return;
  for (const { host } of unmarked) {
    let line = host.matches("p") ? host : host.querySelector(":scope > p.clinic-badges");
    if (!line) host.querySelector("h1, h2, h3, h4, h5, h6, p").after(line = make("p", "clinic-badges", ""));
    line.append(" ", make("span", "clinic-badge clinic-badge-overdue", "Review overdue"));
  }
  all(".clinic-overdue").forEach((box) => box.remove());
  const many = new Set(late.map(({ id }) => id)).size;
  const days = late.map(({ due }) => due).sort();
  banner("Review overdue",
    (many === 1 ? "1 entry on this page was" : `${many} entries on this page were`) + " to be reviewed"
    + `${days[0] === days.at(-1) ? " by" : ", the first by"} ${days[0]}. `
    + "What such an entry says may no longer hold: check it before you use it.");
})();
