// From a password to two factors, into a portal and out again: in Hungarian, in English, on a narrow
// screen, and without scripts; with the gateway's data in a SQLite file and on a PostgreSQL server.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Demo, launch, open, Postgres } from './kit.mjs';
import { Walk } from './walk.mjs';

const WAYS = [
  { name: 'in Hungarian', lang: 'hu' },
  { name: 'in English', lang: 'en' },
  { name: 'on a screen of 320 pixels', lang: 'hu', width: 320 },
  { name: 'without scripts', lang: 'hu', script: false },
  { name: 'on PostgreSQL', lang: 'hu', database: 'PostgreSQL' },
];

describe('a person who has only a password', () => {
  let browser, postgres;
  before(async () => ([browser, postgres] = await Promise.all([launch(), Postgres.start()])));
  after(() => Promise.all([browser.close(), postgres.stop()]));

  /** A demo that keeps the gateway's data there, and nowhere else. */
  async function startOn(database = 'SQLite') {
    const demo = await Demo.start(...(database === 'PostgreSQL' ? ['--database', postgres.database()] : []));
    assert.equal(existsSync(join(demo.data, 'kapu.sqlite')), database === 'SQLite');
    return demo;
  }

  for (const way of WAYS) {
    it(`requests Ügyfélkapu+ and enters a portal with both factors, ${way.name}`, async () => {
      const demo = await startOn(way.database);
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

  for (const database of ['SQLite', 'PostgreSQL']) {
    it(`sets up a new phone with the deletion code, and the old phone is worth nothing, on ${database}`, async () => {
      const demo = await startOn(database);
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
  }
});
