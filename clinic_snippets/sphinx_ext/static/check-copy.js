/* Answers "is my copy current?" from the list of codes on the page: typed into a box, or given in the address behind #.
   Without this script the list says the same. */
(() => {
  "use strict";
  const table = document.querySelector("table.clinic-copy-marks, table.clinic-code-list");
  if (!table) return;
  const tidy = (text) => {
    const signs = text.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
    return signs.length === 8 ? `${signs.slice(0, 4)}-${signs.slice(4)}` : "";
  };
  const make = (tag, attributes, ...inside) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...inside);
    return made;
  };
  const field = make("input", { id: "code-to-check", autocomplete: "off", spellcheck: false, maxLength: 12 });
  const answer = make("div", { className: "clinic-answer" });
  answer.setAttribute("role", "status");
  const form = make("form", { className: "clinic-check" },
    make("label", { htmlFor: field.id }, "Code on your copy: "), field,
    make("button", { type: "submit" }, "Check"), answer);
  const check = (text) => {
    const code = tidy(text);
    const found = code && document.getElementById(code);
    answer.replaceChildren();
    answer.className = "clinic-answer";
    if (!code) {
      answer.append("A code has eight letters and digits, such as 7K3M-Q0XZ.");
      return;
    }
    if (!found) {
      answer.classList.add("clinic-answer-no");
      answer.append(make("strong", {}, "Not ours, or not of this site. "),
        `This site knows no copy with the code ${code}. Read the code again. If it is the same, do not use the copy.`);
      return;
    }
    const row = found.closest("tr");
    // Copies of the words of a cell, in one line and without the ids.
    const words = (part) => [...part.cloneNode(true).querySelectorAll("p")].flatMap((line) => {
      line.querySelectorAll("[id]").forEach((place) => place.removeAttribute("id"));
      return [...line.childNodes, " "];
    });
    const current = row.cells[1].contains(found);
    answer.classList.add(current ? "clinic-answer-yes" : "clinic-answer-no");
    answer.append(make("strong", {}, current ? "Current: " : "Superseded: "), ...words(row.cells[0]));
    if (!current) answer.append("Do not use this copy. ", ...words(found.closest("li")));
    if (document.querySelector(".clinic-version-superseded")) {
      answer.append(make("strong", {}, "This version of the site is superseded itself: ask the current one."));
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check(field.value);
  });
  const fromAddress = () => {
    const code = tidy(location.hash.slice(1));
    if (!code) return;
    field.value = code;
    check(code);
    form.scrollIntoView();
  };
  // In the first screen, also of a phone: who asks has the copy in the other hand.
  (table.closest("section:has(> h1)")?.querySelector("h1") || table).after(form);
  addEventListener("hashchange", fromAddress);
  // Once the browser has gone to the code in the list itself.
  addEventListener("load", () => setTimeout(fromAddress));
})();
