// node-saml, the library of most services that run on Node: as it comes, and with all that it can demand.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import { SAML } from '@node-saml/node-saml';
import { Demo, heading, launch, open, press } from './kit.mjs';
import { NAMES, identityProvider, keyPair, register, someone } from './saml.mjs';
import { METHOD } from './walk.mjs';

const EMAIL = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
const PASSWORD_PROTECTED = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';

/** What is everywhere in the pages of the service. */
const page = (body) => `<!doctype html><html lang="hu"><title>Próba</title><h1>Próba</h1>${body}</html>`;
const shown = (value) => `<pre>${JSON.stringify(value).replace(/[&<]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</pre>`;

/** A service by node-saml. What it understood of an answer is on the page that shows it. */
class Service {
  static async start(demo, options = {}, ...terms) {
    const service = new Service();
    service.server = http.createServer((request, response) => service.#serve(request, response));
    await new Promise((done) => service.server.listen(0, '127.0.0.1', done));
    service.origin = `http://sp.localhost:${service.server.address().port}`;
    const idp = await identityProvider(demo);
    const { certificate, decryptionCertificate, ...chosen } = options;
    service.options = {
      issuer: service.origin,
      callbackUrl: `${service.origin}/acs`,
      entryPoint: idp.at('SingleSignOnService', chosen.authnRequestBinding ?? 'HTTP-Redirect'),
      idpCert: idp.certificates,
      ...chosen,
    };
    service.saml = new SAML(service.options);
    service.registered = register(demo, service.saml.generateServiceProviderMetadata(decryptionCertificate, certificate), ...terms);
    return service;
  }

  /** The same library, the same memory of requests, and a wish for a sign-in of now. */
  get #forcing() {
    return new SAML({ ...this.options, forceAuthn: true, cacheProvider: this.saml.cacheProvider });
  }

  async #serve(request, response) {
    const html = (body) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(body));
    const { pathname, search } = new URL(request.url, this.origin);
    if (pathname === '/acs') {
      const parts = [];
      for await (const part of request) parts.push(part);
      const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
      html(shown(await this.#understood(fields)));
      return;
    }
    const saml = search === '?force' ? this.#forcing : this.saml;
    if (this.options.authnRequestBinding === 'HTTP-POST') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(await saml.getAuthorizeFormAsync('vissza ide', undefined));
    } else {
      response.writeHead(302, { location: await saml.getAuthorizeUrlAsync('vissza ide', undefined, {}) }).end();
    }
  }

  async #understood(fields) {
    try {
      const { profile } = await this.saml.validatePostResponseAsync(fields);
      const [statement] = profile.getAssertion().Assertion.AuthnStatement;
      const context = statement.AuthnContext[0].AuthnContextClassRef[0]._;
      const instant = statement.$.AuthnInstant;
      return { profile, context, instant, relayState: fields.RelayState, isEncrypted: profile.getSamlResponseXml().includes('EncryptedAssertion') };
    } catch (error) {
      return { error: error.message, relayState: fields.RelayState };
    }
  }

  /** What node-saml understood of the answer that the page shows. */
  async understood(page) {
    await page.waitForURL(`${this.origin}/acs`);
    return JSON.parse(await page.locator('pre').innerText());
  }

  stop() {
    this.server.close();
  }
}

/** Holds the service to have understood who signed in, whatever it asked for besides. */
function isPerson({ profile, relayState, error }, { account, family, given }, demo) {
  assert.equal(error, undefined);
  assert.equal(relayState, 'vissza ide');
  assert.equal(profile.issuer, demo.at('kau', '/saml/metadata'));
  assert.ok(profile.sessionIndex);
  assert.ok(profile.inResponseTo);
  assert.deepEqual(profile.attributes, {
    [NAMES.sn]: family,
    [NAMES.givenName]: given,
    [NAMES.displayName]: account.name,
    [demo.at('kau', '/attributes/LevelOfAssurance')]: 'http://eidas.europa.eu/NotNotified/LoA/low',
  });
}

describe('a service by node-saml', () => {
  let browser, demo;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  /** What the library demands when all that it can is demanded. */
  function hardened() {
    const [signing, decryption] = ['alairas', 'titkositas'].map((name) => keyPair(demo.data, `${name}.sp.localhost`));
    return {
      privateKey: signing.key,
      certificate: signing.certificate,
      decryptionPvk: decryption.key,
      decryptionCertificate: decryption.certificate,
      signatureAlgorithm: 'sha256',
      digestAlgorithm: 'sha256',
      validateInResponseTo: 'always',
      wantAuthnResponseSigned: true,
      wantAssertionsSigned: true,
      identifierFormat: PERSISTENT,
      authnContext: [METHOD],
      idpIssuer: demo.at('kau', '/saml/metadata'),
    };
  }

  it('signs in with its defaults, and is told when the person goes back', async (t) => {
    demo = await Demo.start();
    t.after(() => demo.stop());
    const service = await Service.start(demo);
    t.after(() => service.stop());
    assert.match(service.registered, /it receives sn, givenName, displayName/);
    const { page, close } = await open(browser);
    const person = someone(demo, page);

    await page.goto(service.origin);
    await press(page, person.walk.words.goBack);
    assert.deepEqual(await service.understood(page), { error: 'SAML provider returned Responder error: AuthnFailed', relayState: 'vissza ide' });

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
    demo = await Demo.start();
    t.after(() => demo.stop());
    const service = await Service.start(demo);
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
      demo = await Demo.start();
      t.after(() => demo.stop());
      const service = await Service.start(demo, { ...hardened(), authnRequestBinding }, '--min-level', '2');
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
      assert.ok(second.instant > first.instant, `${second.instant} is after ${first.instant}`);
      assert.equal(second.profile.nameID, first.profile.nameID);
      assert.notEqual(second.profile.inResponseTo, first.profile.inResponseTo);
      await close();
    });
  }
});
