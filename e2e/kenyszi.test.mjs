// KENYSZI, which speaks SAML: from a password to two factors and back to it, one sign-in for it and a portal that speaks
// OpenID Connect, and one sign-out for both; and a service whose own address leads on to another origin.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import { SAML } from '@node-saml/node-saml';
import { Demo, launch, open, press, reloadUntil } from './kit.mjs';
import { inspect } from './inspect.mjs';
import { identityProvider, register, someone } from './saml.mjs';
import { Walk } from './walk.mjs';

/** Holds that a portal greets nobody any more; its session may end a moment after the sign-out. */
async function isSignedOutOf(page, walk, portal) {
  await page.goto(walk.demo.in(walk.lang, portal));
  await reloadUntil(page, async () => (await page.getByRole('link', { name: walk.words.signIn, exact: true }).count()) > 0);
}

describe('a social worker', () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  for (const way of [{ lang: 'hu' }, { lang: 'en', width: 320 }, { lang: 'hu', script: false }]) {
    it(`comes to KENYSZI with a password and gets in with both factors, ${JSON.stringify(way)}`, async (t) => {
      const demo = await Demo.start();
      t.after(() => demo.stop());
      const { page, close } = await open(browser, way);
      const walk = new Walk({ demo, page, lang: way.lang, account: demo.withPassword(), portal: 'kenyszi' });
      await walk.arriveFromPortal();
      await walk.signInWithPassword();
      await walk.chooseApp();
      await walk.confirmContact();
      await walk.connect();
      await walk.finish();
      await press(page, walk.words.backToPortal);
      await walk.giveBoth();
      if (way.script === false) await press(page, walk.words.backToPortal);
      await walk.inPortal();
      await page.getByRole('link', { name: walk.words.messages }).click();
      const assertion = await page.getByRole('region', { name: walk.words.assertion }).innerText();
      assert.match(assertion, /^<saml2?:Assertion[^]*<saml2?:AudienceRestriction>[^]*\n<\/saml2?:Assertion>$/);
      if (way.script !== false) await inspect(page, 'the messages of a sign-in', { lang: way.lang });
      await close();
    });
  }

  for (const first of ['kenyszi', 'magyarorszag']) {
    it(`is signed in to both portals by one sign-in, and out of both from ${first}`, async (t) => {
      const demo = await Demo.start();
      t.after(() => demo.stop());
      const { page, close } = await open(browser);
      const { walk } = someone(demo, page);
      walk.portal = 'kenyszi';
      await walk.arriveFromPortal();
      await walk.signInWithBoth();
      walk.portal = 'magyarorszag';
      await page.goto(demo.in('hu', 'magyarorszag'));
      await press(page, walk.words.signIn);
      await walk.agree();
      await walk.inPortal();

      await page.goto(demo.in('hu', first));
      await press(page, walk.words.portalSignOut);
      await page.getByRole('heading', { level: 1, name: walk.words.signedOut }).waitFor();
      await isSignedOutOf(page, walk, 'kenyszi');
      await isSignedOutOf(page, walk, 'magyarorszag');
      walk.portal = 'kenyszi';
      await walk.arriveFromPortal();
      await close();
    });
  }

  it('reaches a service whose address leads on to a third origin', async (t) => {
    const demo = await Demo.start();
    t.after(() => demo.stop());
    const third = http.createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>Cél</title><h1>Célba ért</h1>');
    });
    const sp = http.createServer();
    for (const server of [third, sp]) {
      await new Promise((done) => server.listen(0, '127.0.0.1', done));
      t.after(() => server.close());
    }
    const origin = `http://sp.localhost:${sp.address().port}`;
    const goal = `http://harmadik.localhost:${third.address().port}/`;
    const idp = await identityProvider(demo);
    const saml = new SAML({
      issuer: origin,
      callbackUrl: `${origin}/acs`,
      entryPoint: idp.at('SingleSignOnService', 'HTTP-Redirect'),
      idpCert: idp.certificates,
    });
    sp.on('request', async (request, response) => {
      if (request.url !== '/acs') return response.writeHead(302, { location: await saml.getAuthorizeUrlAsync('', undefined, {}) }).end();
      const parts = [];
      for await (const part of request) parts.push(part);
      const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
      const { profile } = await saml.validatePostResponseAsync(fields);
      assert.ok(profile.nameID);
      response.writeHead(303, { location: goal }).end();
    });
    register(demo, saml.generateServiceProviderMetadata(null, null));
    const { page, close } = await open(browser);
    const { walk } = someone(demo, page);
    await page.goto(origin);
    await walk.giveBoth();
    await page.waitForURL(goal);
    await close();
  });
});
