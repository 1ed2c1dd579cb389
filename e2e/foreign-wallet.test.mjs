// A wallet of libraries that nobody here wrote obtains a credential from Kapu and signs in with it; wrong answers are
// refused by Kapu's own endpoints, and the person's browser says so.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Demo, fetchLocal, launch, open, press } from './kit.mjs';
import { ForeignWallet, MDOC, SD_JWT } from './foreign-wallet.mjs';
import { Owner, digitsOn } from './owner.mjs';

const refused = { status: 400, redirect_uri: undefined, error: 'invalid_request' };

describe('a wallet that nobody here wrote', () => {
  let browser, demo, desk, owner, wallet;

  before(async () => {
    browser = await launch();
    demo = await Demo.start();
    desk = await open(browser);
    owner = new Owner(demo, demo.withAuthenticator(), desk, 'hu');
    const pem = async (surface, path) => (await fetchLocal(demo.at(surface, path))).text();
    wallet = new ForeignWallet({ issuers: await pem('dap', '/issuer.pem'), verifiers: await pem('kau', '/wallet/verifier.pem') });
  });

  after(async () => {
    await desk?.close();
    await demo?.stop();
    await browser?.close();
  });

  /** What the person's browser says after the wallet's answer was refused. */
  const hasFailed = () => owner.movedOnTo(owner.texts.failed);

  /** A browser with the W3C Digital Credentials API, at a new sign-in; the wallet answers it with these options. */
  const throughBrowser = async (lang, width, options) => {
    const own = await open(browser, { lang, width });
    await own.page.exposeFunction('ask', (asked, origin) => wallet.answerHandedOver(asked, origin, options));
    await own.page.addInitScript(() => {
      globalThis.DigitalCredential = class {
        static userAgentAllowsProtocol = (protocol) => protocol === 'openid4vp-v1-signed';
      };
      Object.defineProperty(navigator, 'credentials', { value: { get: (options) => globalThis.ask(options, location.origin) } });
    });
    const person = new Owner(demo, owner.account, own, lang);
    await person.begin();
    await press(own.page, person.texts.throughBrowser);
    return { person, own };
  };

  /** The request of a new sign-in, by its link. */
  const begun = async (method = 'post') => {
    await owner.begin();
    return wallet.resolve(await owner.link(), method);
  };

  describe('obtains', () => {
    it('a token for the offer, with the mailed code and a bound key', async () => {
      const { link, code } = await owner.askForCredential();
      const wrong = code === '000000' ? '111111' : '000000';
      await assert.rejects(wallet.redeem(link, wrong), (fault) => fault.errorResponse?.error === 'invalid_grant');
      await wallet.redeem(link, code);
      assert.equal(wallet.token.token_type, 'DPoP');
    });

    it('no credential for a proof with a nonce that is none, or was used', async () => {
      const invalid = (fault) => {
        const { response, credentialErrorResponseResult } = fault.response;
        assert.equal(response.status, 400);
        return credentialErrorResponseResult.data.error === 'invalid_nonce';
      };
      await assert.rejects(wallet.ask(SD_JWT, 'a-nonce-of-nobody'), invalid);
      const nonce = await wallet.nonce();
      await wallet.ask(SD_JWT, nonce);
      await assert.rejects(wallet.ask(SD_JWT, nonce), invalid);
    });

    it('an SD-JWT VC that verifies by its chain and its status list', async () => {
      const { header, claims, key } = await wallet.receive(SD_JWT);
      assert.equal(header.typ, 'dc+sd-jwt');
      assert.equal(claims.vct, 'urn:eudi:pid:1');
      assert.equal(`${claims.family_name} ${claims.given_name}`, owner.account.name);
      assert.equal(claims.cnf.jwk.x, key.publicJwk.x);
      const asked = wallet.heard.map(({ at }) => at);
      for (const at of ['GET /.well-known/openid-credential-issuer', 'POST /nonce', 'POST /notification']) assert.ok(asked.includes(at), at);
    });

    it('a mobile document that verifies by its chain', async () => {
      const { namespaces, doctype, checks } = await wallet.receive(MDOC);
      assert.equal(doctype, 'eu.europa.ec.eudi.pid.1');
      const elements = namespaces[doctype];
      assert.equal(`${elements.family_name} ${elements.given_name}`, owner.account.name);
      // A document at rest has no device's signature.
      const failed = checks.filter(({ status, category }) => status !== 'PASSED' && category !== 'DEVICE_AUTH');
      assert.deepEqual(failed, []);
      assert.ok(checks.some(({ category }) => category === 'ISSUER_AUTH') && checks.some(({ category }) => category === 'DATA_INTEGRITY'));
    });
  });

  describe('signs in', () => {
    it('on the same device', async () => {
      const request = await begun();
      const { status, redirect_uri } = await wallet.answer(request);
      assert.equal(status, 200);
      await desk.page.goto(redirect_uri);
      await press(desk.page, owner.words.agree);
      await owner.isIn();
    });

    it('across devices, by the code that is typed and the four digits', async () => {
      await owner.begin();
      const { request: link } = await (await fetchLocal(demo.at('kau', `/wallet/kod/${await owner.typedCode()}`))).json();
      const request = await wallet.resolve(link, 'get');
      assert.deepEqual(request.nonce, (await wallet.resolve(link, 'post')).nonce, 'fetched twice, it is the same');
      const { status, redirect_uri } = await wallet.answer(request);
      assert.equal(status, 200);
      const phone = await open(browser, { width: 320 });
      await phone.page.goto(redirect_uri);
      await owner.typeDigits(await digitsOn(phone.page));
      await phone.close();
      await owner.isIn();
    });

    it('with a mobile document', async () => {
      const request = await begun();
      const { status, redirect_uri } = await wallet.answer(request, { configuration: MDOC });
      assert.equal(status, 200);
      await desk.page.goto(redirect_uri);
      await owner.isIn();
    });
  });

  describe('signs in through a browser that carries request and answer', () => {
    for (const [lang, width, configuration] of [['hu', 320, SD_JWT], ['en', 1280, MDOC]]) {
      it(`in ${lang} at ${width} px by ${configuration}`, async () => {
        const { person, own } = await throughBrowser(lang, width, { configuration });
        await person.isIn();
        await own.close();
      });
    }
  });

  describe('is refused through a browser', () => {
    const OTHERS = [
      ['another nonce', 'hu', { nonce: 'n-of-another-request' }],
      ['the origin of another page', 'en', { audience: 'origin:https://evil.example' }],
      ['a mobile document for another page', 'hu', { configuration: MDOC, origin: 'https://evil.example' }],
      ['the audience of an answer by link', 'en', { origin: undefined }],
    ];
    for (const [name, lang, options] of OTHERS) {
      it(`with ${name}`, async () => {
        const { person, own } = await throughBrowser(lang, 320, options);
        await person.movedOnTo(person.texts.failed);
        await own.close();
      });
    }
  });

  describe('is refused', () => {
    const OTHERS = [
      ['another nonce', () => ({ nonce: 'n-of-another-request' })],
      ['another audience', () => ({ audience: 'x509_hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })],
      ['no key binding', () => ({ isBound: false })],
      ['a mobile document that is bound to another nonce', () => ({ configuration: MDOC, nonce: 'n-of-another-request' })],
    ];
    for (const [name, options] of OTHERS) {
      it(`with ${name}`, async () => {
        const request = await begun();
        assert.deepEqual(await wallet.answer(request, options()), refused);
        await hasFailed();
        // There is no second answer, not even a good one (row V11).
        assert.deepEqual(await wallet.answer(request), refused);
        await hasFailed();
      });
    }

    it('with an answer that was accepted, on the same transaction and on others', async () => {
      const first = await begun();
      const presented = await wallet.present(first);
      const sealed = await wallet.seal(first, presented);
      const { status, redirect_uri } = await wallet.post(first, sealed);
      assert.equal(status, 200);
      assert.deepEqual(await wallet.post(first, sealed), refused);
      // The first answer stands.
      await desk.page.goto(redirect_uri);
      await owner.isIn();
      // What it leads to is used once.
      assert.equal((await desk.page.goto(redirect_uri)).status(), 404);

      const second = await begun();
      assert.deepEqual(await wallet.post(second, sealed), refused, 'sealed for another');
      await hasFailed();

      const third = await begun();
      assert.deepEqual(await wallet.post(third, await wallet.seal(third, presented)), refused, 'bound to another');
      await hasFailed();
    });

    it('once the credential is revoked', async () => {
      demo.command('person', 'revoke-wallet', owner.account.username);
      const request = await begun();
      assert.deepEqual(await wallet.answer(request), refused);
      await hasFailed();
    });
  });
});
