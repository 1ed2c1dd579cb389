// Keeps the wallet's pages and files, so that it opens without a network. What it keeps is named by `SHELL`,
// which the server puts above: `version`, `page` and `files`.
/* global SHELL */

const CACHE = `tarca-${SHELL.version}`;
const LANGUAGES = ['hu', 'en'];
const inLanguage = (lang) => `${SHELL.page}?lang=${lang}`;

/** Without cookies: what is kept is nobody's in particular, and the visitor's language stays. */
async function fill() {
  const cache = await caches.open(CACHE);
  const paths = [...SHELL.files, ...LANGUAGES.map(inLanguage)];
  await Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(path, { credentials: 'omit', cache: 'no-cache' });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      await cache.put(path, answer);
    }),
  );
}

async function leaveOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('tarca-') && name !== CACHE).map((name) => caches.delete(name)));
}

/** The page from the network; without one the page that was kept, in the language asked for or last seen. */
async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    const lang = answer.headers.get('content-language');
    if (answer.ok && LANGUAGES.includes(lang)) await cache.put('/tarca/nyelv', new Response(lang));
    return answer;
  } catch (fault) {
    const asked = new URL(request.url).searchParams.get('lang') ?? (await (await cache.match('/tarca/nyelv'))?.text()) ?? LANGUAGES[0];
    const kept = await cache.match(inLanguage(asked));
    if (!kept) throw fault;
    return kept;
  }
}

const file = async (request) => (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);

self.addEventListener('install', (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(leaveOthers().then(() => self.clients.claim())));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && url.pathname === SHELL.page) event.respondWith(page(request));
  else if (SHELL.files.includes(url.pathname)) event.respondWith(file(request));
});
