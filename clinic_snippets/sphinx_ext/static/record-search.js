/* Finds records by their names, other names and lay words, however they are spelt; Sphinx finds the pages below. */
(() => {
  "use strict";
  const start = performance.now();
  const { records, kinds, index } = window.clinicRecords;
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const STOP = /^(an?|and|are|as|at|be|by|can|do|does|for|from|ha[ds]|have|i|if|in|into|is|its?|m[ey]|not?|o[fnr]|out|over|so|that|the|there|this|to|too|was|with|wont|your?|suspected)$/;
  // British and American spelling become one, doubled consonants single; then the ending goes: bruise, bruises, bruising.
  const stem = (word) => word.replace(/[ao]e/g, "e").replace(/our/g, "or").replace(/([iy])s(?=(e[ds]?|ing|ation)$)/, "$1z")
    .replace(/([^aeiou])\1/g, word.length > 4 ? "$1" : "$&").replace(/^(.{3,}?)(ings?|i?e[sd]|e|s|y)$/, "$1");
  const words = (text) =>
    [...new Set((text.toLowerCase().replace(/['’]/g, "").replace(/\bcant\b/g, "cannot").match(/[\p{L}\p{N}]+/gu) || []).filter((word) => !STOP.test(word)))];
  /* How many letters are put in, left out, changed or swapped with the next (optimal string alignment). */
  const distance = (a, b) => {
    let before, last = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[b.length];
  };

  // Each name is a phrase; what comes later in a record's groups of names counts for less.
  const known = new Map();
  records.forEach(([kind, , , , ...groups], record) => [...groups, kinds[kind].asked].forEach((group, i) => group.forEach((text) => {
    const phrase = { record, weight: [1, 0.97, 0.94, 0.4][i], list: [...new Set(words(text).map(stem))] };
    phrase.list.forEach((word) => known.set(word, [...(known.get(word) || []), phrase]));
  })));
  // A word of few records tells more, and so do the few that begin with what was typed.
  const rare = (list) => Math.log(1 + records.length / new Set(list.flatMap((word) => known.get(word)).map(({ record }) => record)).size);
  const tells = new Map([...known.keys()].map((word) => [word, rare([word])]));
  const telling = (list) => sum(list.map((word) => tells.get(word)));

  /* The records that answer a question, best first, the words that had to be guessed, and what that cost. */
  const search = (question) => {
    let compared = 0;
    const guessed = [], all = [...known.keys()];
    const alike = words(question).slice(0, 8).map((typed) => {
      const word = stem(typed);
      if (known.has(word)) return new Map([[word, 1]]);
      const begun = all.filter((other) => (word.length > 2 && other.startsWith(word)) || (other.length > 3 && word.startsWith(other)));
      if (begun.length) return new Map(begun.map((other) => [other, 0.85]));
      const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
      const near = all.filter((other) => most && Math.abs(other.length - word.length) <= most).map((other) => [other, distance(word, other, compared++)]);
      const least = Math.min(most, ...near.map(([, off]) => off));
      const best = near.filter(([, off]) => off === least);
      if (best.length) guessed.push(typed);
      return new Map(best.map(([other]) => [other, 0.9 - least / 10]));
    }).filter((like) => like.size);
    const weights = alike.map((like) => rare([...like.keys()]));
    const share = (each) => sum(each.map((quality, i) => quality * weights[i])) / sum(weights);
    const found = new Map();
    for (const { record, list, weight } of new Set(alike.flatMap((like) => [...like.keys()].flatMap((word) => known.get(word))))) {
      const each = alike.map((like) => weight * Math.max(...list.map((word) => like.get(word) || 0)));
      const whole = telling(list.filter((word) => alike.some((like) => like.has(word)))) / telling(list);
      const hit = found.get(record) || { record, kind: kinds[records[record][0]], best: 0, each };
      hit.best = Math.max(hit.best, share(each) * (1 + whole) / 2);
      hit.each = hit.each.map((quality, i) => Math.max(quality, each[i]));
      found.set(record, hit);
    }
    const hits = [...found.values()];
    for (const hit of hits) hit.score = 0.6 * hit.best + (0.4 + hit.kind.more) * share(hit.each);
    hits.sort((a, b) => Math.round(b.score * 25) - Math.round(a.score * 25) || a.kind.rank - b.kind.rank || b.score - a.score);
    return { hits: hits.filter(({ score }) => score >= hits[0].score / 2).slice(0, 10), guessed, compared, known: known.size };
  };
  window.clinicSearch = search;

  const question = new URLSearchParams(location.search).get("q");
  if (!question) return;
  const make = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    for (const name in attributes) made.setAttribute(name, attributes[name]);
    made.append(...inside);
    return made;
  };
  const link = (address, text) => make("a", { href: (document.documentElement.dataset.content_root || "") + address }, text);
  const { hits, guessed } = search(question);
  const status = make("p", { role: "status" });
  document.getElementById("search-results").before(make("section", { "aria-labelledby": "clinic-hits" },
    make("h2", { id: "clinic-hits" }, "Records"), status, ...(hits.length ? [make("ol", { class: "clinic-hits", role: "list" },
      ...hits.map(({ record, kind }) => make("li", {}, link(records[record][2], records[record][1]), " ",
        make("span", { class: `clinic-badge clinic-badge-${kind.style}` }, kind.word), make("p", {}, records[record][3]))))] : [])));
  Object.assign(Documentation.TRANSLATIONS, { Searching: "Pages", "Search Results": "Pages" });
  // Where a found page has no words for an excerpt, Sphinx's search would stop before it has marked the others.
  const { makeSearchSummary } = Search;
  Search.makeSearchSummary = (...page) => makeSearchSummary(...page) || new DocumentFragment();
  performance.measure("clinic-search", { start });
  // A status is read out when its words change, not when it comes with them.
  setTimeout(() => status.append(...(hits.length
    ? [guessed.length ? `No record says “${guessed.join(" ")}”. Closest:` : `Records found: ${hits.length}. The best comes first.`]
    : [`No record is called “${question}”. This does not mean that needling is safe. `, ...(index ? [link(index, "All records from A to Z")] : [])])));
})();
