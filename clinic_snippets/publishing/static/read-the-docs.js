/* Fills the version menu with what Read the Docs knows: its versions, at the page that is shown, and its downloads. */
document.addEventListener("readthedocs-addons-data-ready", (event) => {
  "use strict";
  const menu = document.querySelector(".clinic-versions");
  const { current, active } = event.detail.data().versions;
  const links = [];
  const add = (text, address) => {
    const link = document.createElement("a");
    link.textContent = text;
    link.href = address;
    const item = document.createElement("li");
    item.append(link);
    links.push(item);
    return link;
  };
  for (const { slug, urls } of active) {
    const link = add(slug, new URL(menu.dataset.page, urls.documentation));
    if (slug === current.slug) link.setAttribute("aria-current", "page");
  }
  for (const [format, address] of Object.entries(current.downloads)) {
    add(`This version as ${format.toUpperCase()}`, address);
  }
  const title = document.createElement("summary");
  title.textContent = `Version ${current.slug}`;
  const list = document.createElement("ul");
  list.append(...links);
  menu.querySelector("details").replaceChildren(title, list);
  menu.hidden = false;
});
