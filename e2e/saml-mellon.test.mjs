// Apache with mod_auth_mellon: the usual way to put a whole site behind a sign-in.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Demo, launch, open, press } from './kit.mjs';
import { Mellon } from './mellon.mjs';
import { NAMES, someone } from './saml.mjs';

describe('a site behind mod_auth_mellon', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  for (const script of [true, false]) {
    it(`lets a person in with both factors, and nobody who goes back, ${script ? 'with' : 'without'} scripts`, async (t) => {
      const demo = await Demo.start();
      t.after(() => demo.stop());
      const site = await Mellon.start(demo);
      t.after(() => site.stop());
      assert.match(site.registered, new RegExp(`registered ${site.origin}/sp`));
      const { page, close } = await open(browser, { script });
      const { walk, account, family, given } = someone(demo, page);
      /** What mellon says of the answer that these steps lead to. */
      const statusOf = async (steps) => {
        const answered = page.waitForResponse((response) => response.url().endsWith('/mellon/postResponse'));
        const walked = async () => {
          await steps();
          if (!script) await press(page, walk.words.backToPortal);
        };
        const [answer] = await Promise.all([answered, walked()]);
        await page.waitForURL((url) => url.origin === site.origin);
        return answer.status();
      };

      await page.goto(site.secret);
      assert.equal(await statusOf(() => press(page, walk.words.goBack)), 401, site.log);

      await page.goto(site.secret);
      assert.equal(await statusOf(() => walk.giveBoth()), 303, site.log);
      await page.waitForURL(site.secret);
      const told = Object.fromEntries((await page.locator('pre').innerText()).split('\n').map((line) => line.split(/=(.*)/s)));
      assert.equal(told.NEV, account.name);
      assert.equal(told.SZINT, 'http://eidas.europa.eu/NotNotified/LoA/substantial');
      assert.equal(told[`MELLON_${NAMES.sn}`], family);
      assert.equal(told[`MELLON_${NAMES.givenName}`], given);
      assert.equal(told.MELLON_IDP, demo.at('kau', '/saml/metadata'));
      assert.match(told.MELLON_NAME_ID, /^_[0-9a-f]{40}$/);
      assert.equal(told.AUTH_TYPE, 'Mellon');
      await close();
    });
  }
});
