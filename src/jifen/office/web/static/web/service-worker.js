// Keeps what a visitor needs to go on without a network: the files of this release, and for each city
// that was opened its page, its measure and its screens. Nothing that somebody answered is in any of
// them, and no page of somebody who signed in is kept. `RELEASE` stands before this text:
// {version, files, cities: paths of the pages that may be kept, offline: the page without a network}.
"use strict";

const NAME = `jifen-${RELEASE.version}`;
const DOCUMENTS = /\/(device|screens)\.json$/;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  const path = event.data && event.data.page;
  if (RELEASE.cities.includes(path)) event.waitUntil(storePage(path).catch(() => null));
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(visit(event, url));
  else if (isStoredFile(url)) event.respondWith(storedFirst(event.request));
  else if (DOCUMENTS.test(url.pathname)) event.respondWith(networkFirst(event.request));
});

// An address with the digest of what it brings never brings anything else.
const isStoredFile = (url) => RELEASE.files.includes(url.pathname + url.search) || (DOCUMENTS.test(url.pathname) && url.searchParams.has("v"));

async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll([...RELEASE.files, RELEASE.offline]);
  // What was kept under the release before is fetched anew: it must fit this one.
  const paths = (await Promise.all((await earlier()).map(pagesOf))).flat();
  await Promise.all([...new Set(paths)].map((path) => storePage(path).catch(() => null)));
  await self.skipWaiting();
}

async function activate() {
  await Promise.all((await earlier()).map((name) => caches.delete(name)));
  await self.clients.claim();
}

const earlier = async () => (await caches.keys()).filter((name) => name.startsWith("jifen-") && name !== NAME);

async function pagesOf(name) {
  const kept = await (await caches.open(name)).keys();
  return kept.map(({ url }) => new URL(url).pathname).filter((path) => RELEASE.cities.includes(path));
}

// ------------------------------------------------------------------ pages

async function visit(event, url) {
  try {
    const answer = await fetch(event.request);
    if (RELEASE.cities.includes(url.pathname) && !url.searchParams.has("example") && !url.searchParams.has("on")) {
      event.waitUntil(keepPage(url.pathname, answer.clone()).catch(() => null));
    }
    return answer;
  } catch (error) {
    const kept = await caches.match(url.pathname, { cacheName: NAME });
    return kept || (await caches.match(RELEASE.offline, { cacheName: NAME })) || Response.error();
  }
}

async function storePage(path) {
  await keepPage(path, await fetch(path, { credentials: "same-origin" }));
}

// A page with the documents that it names; the earlier ones of the same city go.
async function keepPage(path, answer) {
  if (answer.status !== 200 || answer.redirected || /no-store/.test(answer.headers.get("Cache-Control") || "")) return;
  const cache = await caches.open(NAME);
  const text = await answer.clone().text();
  const named = [...text.matchAll(/data-(?:measure|screens)="([^"]+)"/g)].map(([, address]) => address.replaceAll("&amp;", "&"));
  const kept = await cache.keys();
  await Promise.all(named.map(async (address) => (await cache.match(address)) || cache.add(address)));
  await cache.put(path, answer);
  const places = named.map((address) => new URL(address, self.location.origin));
  const isOld = ({ url }) => places.some((place) => place.pathname === new URL(url).pathname && place.href !== url);
  await Promise.all(kept.filter(isOld).map((request) => cache.delete(request)));
}

// ------------------------------------------------------------------ files

async function storedFirst(request) {
  return (await caches.match(request, { cacheName: NAME })) || fetch(request);
}

async function networkFirst(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return (await caches.match(request, { cacheName: NAME })) || Response.error();
  }
}
