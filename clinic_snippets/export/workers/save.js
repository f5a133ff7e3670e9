"use strict";
/* Answers for one folder's pages where the network does not. Installing saves the whole of one build, or nothing; nothing
   is saved at any other time, so two builds never mix. The build writes the next line. */
const COPY = {"digest": "", "files": [], "version": ""};
const ROOT = new URL("./", location).href;
const OURS = `clinic-copy ${ROOT} `;
const CACHE = OURS + COPY.digest;
const FILES = new Set(COPY.files.map((file) => new URL(file, ROOT).href));

const save = async () => {
  const now = new Date();
  const day = new Date(now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 10);
  const words = `${day}, version ${COPY.version}`;
  const cache = await caches.open(CACHE);
  await Promise.all([...FILES].map(async (address) => {
    // A redirect leads to a log-in as often as not: that is no page to save.
    const response = await fetch(address, { cache: "no-cache", redirect: "error" });
    if (!response.ok) throw new Error(`${response.status}: ${address}`);
    const headers = new Headers(response.headers);
    // One address has one answer here, and it is packed our way.
    for (const name of ["vary", "content-encoding", "content-length"]) headers.delete(name);
    let { body } = response;
    if (address.endsWith(".html")) {
      const page = await response.text();
      body = new Response(page.replace("<html", () => `<html data-saved-copy="${words}"`)).body;
    }
    await cache.put(address, new Response(body.pipeThrough(new CompressionStream("gzip")), { headers }));
  }));
  const still = await (await fetch(location, { cache: "no-store" })).text();
  if (!still.includes(COPY.digest)) throw new Error("The site has changed meanwhile.");
  await cache.put(`${ROOT}saved-copy`, new Response(words));
};

addEventListener("install", (event) => event.waitUntil(save().then(() => skipWaiting(), async (error) => {
  await caches.delete(CACHE);
  throw error;
})));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name);
  }
})()));

// Pages given from the copy: their style and scripts are from it too, without the wait.
const fromCopy = new Set();

const saved = async (address) => {
  const kept = await caches.match(address, { cacheName: CACHE });
  return kept && new Response(kept.body.pipeThrough(new DecompressionStream("gzip")), { headers: kept.headers });
};

const answer = async ({ request, clientId, resultingClientId }, address) => {
  if (fromCopy.has(clientId) && !resultingClientId) return (await saved(address)) || fetch(request);
  // A page that the browser has by chance is no answer of the network.
  const network = fetch(request.mode === "navigate" ? new Request(request, { cache: "no-cache" }) : request);
  // Never aborted: that would cut off a page that has begun to come.
  const late = new Promise((done) => setTimeout(done, 4000));
  const first = await Promise.race([network, late]).catch(() => {});
  if (first && first.status < 500) return first;
  const kept = await saved(address);
  if (!kept) return network;
  network.catch(() => {});
  if (resultingClientId) fromCopy.add(resultingClientId);
  return kept;
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname.replace(/\/$/, "/index.html");
  if (request.method === "GET" && !request.headers.has("range") && FILES.has(address)) {
    event.respondWith(answer(event, address));
  }
});
