"use strict";
/* This folder's site keeps no copy in browsers. Where an earlier build left one, this takes its place, and then both away. */
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(`clinic-copy ${new URL("./", location).href} `)) await caches.delete(name);
  }
  await registration.unregister();
})()));
