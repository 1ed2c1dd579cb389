// Every page and error state, in both languages: axe finds nothing, nothing scrolls sideways, the
// HTML is valid.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Demo, launch, open } from './kit.mjs';
import { inspect, validate } from './inspect.mjs';
import { Walk } from './walk.mjs';

/** Pages that need nobody, by surface. */
const PAGES = {
  ugyfelkapu: ['/', '/elveszett', '/utmutato', '/segitseg', '/akadalymentesseg', '/adatkezeles', '/aktivalas-kod', '/nincs-ilyen'],
  kau: ['/', '/b/nincs-ilyen', '/utmutato', '/kijelentkezes', '/oidc/authorize?client_id=nincs-ilyen'],
  magyarorszag: ['/', '/nincs-ilyen'],
  kenyszi: ['/', '/kilepett-reszben', '/sikertelen/lejart', '/nincs-ilyen'],
  posta: ['/', '/nincs-ilyen'],
  telefon: ['/', '/nincs-ilyen'],
};

for (const lang of ['hu', 'en']) {
  describe(`the pages in ${lang}`, () => {
    let browser, demo;
    before(async () => ([browser, demo] = await Promise.all([launch(), Demo.start()])));
    after(async () => {
      await browser.close();
      await demo.stop();
    });

    /** Inspects each page once, and the bytes that it came in. */
    async function watched(page) {
      const html = new Map();
      page.context().on('response', (response) => {
        if (response.request().isNavigationRequest() && response.headers()['content-type']?.startsWith('text/html')) {
          const text = response.text();
          // A page that leads on by itself may be gone before its bytes are read; it is not inspected.
          text.catch(() => {});
          html.set(response.url(), text);
        }
      });
      return async (shown, name) => {
        await inspect(shown, name, { lang });
        const text = await html.get(shown.url().split('#')[0]);
        assert.ok(text, `the bytes of ${name} were seen`);
        await validate(text, name);
      };
    }

    for (const [surface, paths] of [['', ['/']], ...Object.entries(PAGES)]) {
      it(`${surface || 'the index'}: pages that need nobody`, async () => {
        const { page, close } = await open(browser, { lang });
        const onPage = await watched(page);
        for (const path of paths) {
          await page.goto(demo.in(lang, surface, path));
          await onPage(page, `${surface}${path}`);
        }
        await close();
      });
    }

    it('the whole journey, with every mistake on the way', async () => {
      const { page, close } = await open(browser, { lang });
      const walk = new Walk({ demo, page, lang, account: demo.withPassword(), onPage: await watched(page) });
      await walk.arriveFromPortal();
      await walk.signInAfterAMistake();
      await walk.chooseApp();
      await walk.confirmContactAfterAMistake();
      await walk.connectAfterAMistake();
      await walk.finishAfterAMistake();
      await walk.arriveFromPortal();
      await walk.signInWithBothAfterMistakes();
      await walk.signOut();
      await close();
    });
  });
}
