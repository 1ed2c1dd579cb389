// node-saml, the library of most services that run on Node: as it comes, and with all that it can demand.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Demo, heading, launch, open, press } from './kit.mjs';
import { BACK, NodeSaml, PERSISTENT, hardened } from './node-saml.mjs';
import { NAMES, someone } from './saml.mjs';
import { METHOD } from './walk.mjs';

const EMAIL = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
const PASSWORD_PROTECTED = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';

/** Holds the service to have understood who signed in, whatever it asked for besides. */
function isPerson({ profile, relayState, error }, { account, family, given }, demo) {
  assert.equal(error, undefined);
  assert.equal(relayState, BACK);
  assert.equal(profile.issuer, demo.at('kau', '/saml/metadata'));
  assert.ok(profile.sessionIndex);
  assert.ok(profile.inResponseTo);
  assert.deepEqual(profile.attributes, {
    [NAMES.sn]: family,
    [NAMES.givenName]: given,
    [NAMES.displayName]: account.name,
    [demo.at('kau', '/attributes/LevelOfAssurance')]: 'http://eidas.europa.eu/NotNotified/LoA/substantial',
  });
}

describe('a service by node-saml', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  it('signs in with its defaults, and is told when the person goes back', async (t) => {
    const demo = await Demo.start();
    t.after(() => demo.stop());
    const service = await NodeSaml.start(demo);
    t.after(() => service.stop());
    assert.match(service.registered, /it receives sn, givenName, displayName/);
    const { page, close } = await open(browser);
    const person = someone(demo, page);

    await page.goto(service.origin);
    await press(page, person.walk.words.goBack);
    assert.deepEqual(await service.understood(page), { error: 'SAML provider returned Responder error: AuthnFailed', relayState: BACK });

    await page.goto(service.origin);
    await person.walk.giveBoth();
    const first = await service.understood(page);
    isPerson(first, person, demo);
    assert.deepEqual([first.profile.nameIDFormat, first.profile.nameID], [EMAIL, person.account.email]);
    assert.deepEqual([first.context, first.isEncrypted], [PASSWORD_PROTECTED, false]);

    // The single sign-on answers without a page of ours that waits.
    await page.goto(service.origin);
    const again = await service.understood(page);
    isPerson(again, person, demo);
    assert.equal(again.profile.sessionIndex, first.profile.sessionIndex);
    await close();
  });

  it('signs in with its defaults in a browser without scripts', async (t) => {
    const demo = await Demo.start();
    t.after(() => demo.stop());
    const service = await NodeSaml.start(demo);
    t.after(() => service.stop());
    const { page, close } = await open(browser, { script: false });
    const person = someone(demo, page);
    await page.goto(service.origin);
    await person.walk.giveBoth();
    await press(page, person.walk.words.backToPortal);
    isPerson(await service.understood(page), person, demo);

    await page.goto(`${service.origin}/?force`);
    await press(page, person.walk.words.goBack);
    await press(page, person.walk.words.backToPortal);
    assert.equal((await service.understood(page)).error, 'SAML provider returned Responder error: AuthnFailed');
    await close();
  });

  for (const authnRequestBinding of ['HTTP-Redirect', 'HTTP-POST']) {
    it(`signs in and demands a new sign-in, signed by ${authnRequestBinding}, encrypted and checked as far as it can`, async (t) => {
      const demo = await Demo.start();
      t.after(() => demo.stop());
      // By itself the library compresses what it posts, which no other side expects (SAML Bindings section 3.5.4).
      const binding = { authnRequestBinding, skipRequestCompression: authnRequestBinding === 'HTTP-POST' };
      const service = await NodeSaml.start(demo, { ...hardened(demo), ...binding }, '--min-level', '2');
      t.after(() => service.stop());
      const { page, close } = await open(browser);
      const person = someone(demo, page);
      await page.goto(service.origin);
      await person.walk.giveBoth();
      const first = await service.understood(page);
      isPerson(first, person, demo);
      assert.equal(first.profile.nameIDFormat, PERSISTENT);
      assert.equal(first.profile.nameQualifier, demo.at('kau', '/saml/metadata'));
      assert.equal(first.profile.spNameQualifier, service.origin);
      assert.deepEqual([first.context, first.isEncrypted], [METHOD, true]);

      await page.goto(`${service.origin}/?force`);
      await page.waitForURL((url) => url.host.startsWith('kau.'));
      assert.equal(await heading(page), person.walk.words.choose);
      await person.walk.giveBoth({ isFirst: false });
      const second = await service.understood(page);
      isPerson(second, person, demo);
      assert.ok(second.instant >= first.instant, `${second.instant} is not before ${first.instant}`);
      assert.equal(second.profile.nameID, first.profile.nameID);
      assert.notEqual(second.profile.inResponseTo, first.profile.inResponseTo);
      await close();
    });
  }
});
