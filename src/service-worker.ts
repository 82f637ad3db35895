/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
/**
 * The service worker keeps the shell, and only that: the app's own files of one version. No keys and no words ever pass
 * through it, but for what another app shares with this one: that it hands to the page, unread and from memory. What is not
 * one of those files goes to the network untouched.
 */
import { base, build, files, version } from '$service-worker';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const cacheName = `shell-${version}`;
const shell = `${base}/`;
const configuration = `${base}/instance.json`;
const carry = `${base}/carry`;
const kept = new Set([...build, ...files, shell]);

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([...kept])));
});

worker.addEventListener('activate', (event) => {
  const clean = async (): Promise<void> => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(clean());
});

worker.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(worker.skipWaiting());
  if (event.data !== 'what was shared') return;
  event.ports[0]?.postMessage(shared);
  shared = [];
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'POST' && url.origin === location.origin && url.pathname === carry)
    event.respondWith(takeShared(request));
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(fromCache(shell, request));
  else if (url.pathname === configuration) event.respondWith(freshOr(configuration, request));
  else if (kept.has(url.pathname)) event.respondWith(fromCache(url.pathname, request));
});

/** What another app shared, until the page asks for it. */
let shared: readonly FormDataEntryValue[] = [];

/** The manifest's `share_target`: a POST, so that nothing of it stands in an address, and none that reaches the server. */
const takeShared = async (request: Request): Promise<Response> => {
  shared = [...(await request.formData()).values()];
  return Response.redirect(carry, 303);
};

const fromCache = async (path: string, request: Request): Promise<Response> => {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) ?? fetch(request);
};

/**
 * The configuration as it is now; as it was, marked so, where the network does not answer, or a server that is out of order:
 * without it nobody would know that an instance wants no addresses shown.
 */
const freshOr = async (path: string, request: Request): Promise<Response> => {
  const cache = await caches.open(cacheName);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(path, fresh.clone());
    return fresh.status < 500 ? fresh : ((await asItWas(cache, path)) ?? fresh);
  } catch (error) {
    const old = await asItWas(cache, path);
    if (old === undefined) throw error;
    return old;
  }
};

const asItWas = async (cache: Cache, path: string): Promise<Response | undefined> => {
  const old = await cache.match(path);
  if (old === undefined) return undefined;
  const headers = new Headers(old.headers);
  headers.set('x-from-cache', 'yes');
  return new Response(old.body, { status: old.status, headers });
};
