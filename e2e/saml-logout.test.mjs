// Single logout between Kapu, a site behind mod_auth_mellon (by HTTP-Redirect) and a service by node-saml (by HTTP-POST).

import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Demo, heading, launch, open, press } from './kit.mjs';
import { Mellon } from './mellon.mjs';
import { NodeSaml, hardened } from './node-saml.mjs';
import { someone } from './saml.mjs';

describe('a person who signed in at two services', () => {
  let browser, demo, site, service, page, close, walk;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  beforeEach(async () => {
    demo = await Demo.start();
    site = await Mellon.start(demo);
    // With 'always', the library looks in a LogoutResponse for what it reads of a Response alone, and refuses it.
    service = await NodeSaml.start(demo, { ...hardened(demo), validateInResponseTo: 'ifPresent' });
    ({ page, close } = await open(browser));
    ({ walk } = someone(demo, page));
    await page.goto(site.secret);
    await walk.giveBoth();
    await page.waitForURL(site.secret);
    await page.goto(service.origin);
    await walk.agree();
    assert.equal((await service.understood(page)).error, undefined);
  });

  afterEach(async () => {
    await demo.stop();
    await site.stop();
    service.stop();
  });

  /** Holds that nobody is signed in any more, anywhere. */
  async function isOver() {
    assert.equal(service.profile, undefined, 'node-saml was told');
    await page.goto(site.secret);
    assert.equal(await heading(page), walk.words.choose);
    await close();
  }

  it('signs out at the one by mod_auth_mellon, and so at the other', async () => {
    await page.goto(site.signOut);
    await page.waitForURL(site.farewell);
    await isOver();
  });

  it('signs out at the one by node-saml, and so at the other', async () => {
    await page.goto(`${service.origin}/ki`);
    assert.deepEqual(await service.understood(page, '/slo'), { profile: null, loggedOut: true });
    service.profile = undefined;
    await isOver();
  });

  it('signs out at Kapu, and so at both', async () => {
    await page.goto(demo.at('kau', '/kijelentkezes'));
    await press(page, walk.words.signOut);
    await page.getByRole('heading', { level: 1, name: walk.words.signedOut }).waitFor();
    assert.match(await page.locator('main').innerText(), /mellon\.localhost[\s\S]*Kijelentkeztettük|Kijelentkeztettük[\s\S]*mellon\.localhost/);
    await isOver();
  });
});
