// From a password to two factors, into a portal and out again: in Hungarian, in English, on a narrow
// screen, and without scripts.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Demo, launch, open } from './kit.mjs';
import { Walk } from './walk.mjs';

const WAYS = [
  { name: 'in Hungarian', lang: 'hu' },
  { name: 'in English', lang: 'en' },
  { name: 'on a screen of 320 pixels', lang: 'hu', width: 320 },
  { name: 'without scripts', lang: 'hu', script: false },
];

describe('a person who has only a password', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  for (const way of WAYS) {
    it(`requests Ügyfélkapu+ and enters a portal with both factors, ${way.name}`, async () => {
      const demo = await Demo.start();
      const { page, close } = await open(browser, way);
      const walk = new Walk({ demo, page, lang: way.lang, account: demo.withPassword() });
      await walk.arriveFromPortal();
      await walk.signInWithPassword();
      await walk.chooseApp();
      await walk.confirmContact();
      await walk.connect();
      await walk.finish();
      await walk.enterPortal();
      await walk.signOut();
      await close();
      await demo.stop();
    });
  }

  it('sets up a new phone with the deletion code, and the old phone is worth nothing', async () => {
    const demo = await Demo.start();
    const { page, close } = await open(browser);
    const walk = new Walk({ demo, page, account: demo.withPassword() });
    await walk.arriveFromPortal();
    await walk.signInWithPassword();
    await walk.chooseApp();
    await walk.confirmContact();
    await walk.connect();
    await walk.finish();
    const { deletionCode, authenticator: oldPhone } = walk;

    await walk.losePhone();
    await walk.chooseAppAgain();
    await walk.connect();
    await walk.finish();
    assert.notEqual(walk.deletionCode, deletionCode);
    assert.notEqual(walk.authenticator, oldPhone);

    await walk.arriveFromPortal();
    await walk.signInWithBoth();
    await close();
    await demo.stop();
  });
});
