// A person credential from Kapu's own issuer into the demo's phone, and signing in with it: at a computer by the
// code and four digits, and on the phone itself.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import * as jose from 'jose';
import { inspect } from './inspect.mjs';
import { Demo, launch, open, press } from './kit.mjs';
import { Owner, TEXTS } from './owner.mjs';
import { Phone } from './wallet-walk.mjs';
import { WORDS } from './words.mjs';

/** From its next visit on, the page's camera sees a picture on a white wall. */
const seenByCamera = (page, png) =>
  page.addInitScript((base64) => {
    navigator.mediaDevices.getUserMedia = async () => {
      const bytes = Uint8Array.from(atob(base64), (symbol) => symbol.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const [canvas, side] = [document.createElement('canvas'), 400];
      Object.assign(canvas, { width: 640, height: 480 });
      const pen = canvas.getContext('2d');
      pen.fillStyle = 'white';
      pen.fillRect(0, 0, canvas.width, canvas.height);
      // A stream of a canvas has a frame for each time that something is drawn.
      setInterval(() => pen.drawImage(picture, 120, 40, side, side), 50);
      return canvas.captureStream();
    };
  }, png.toString('base64'));

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const [lang, width, script] of [['hu', 1280, true], ['en', 320, false]]) {
  describe(`DÁP in ${lang} at ${width} px, ${script ? 'with' : 'without'} scripts at the computer`, () => {
    const texts = TEXTS[lang];
    const words = WORDS[lang];
    let demo, account, desk, owner, phone;

    before(async () => {
      demo = await Demo.start();
      account = demo.withAuthenticator();
      desk = await open(browser, { lang, width, script });
      owner = new Owner(demo, account, { ...desk, script }, lang);
      phone = new Phone(await open(browser, { lang, width: 320 }), lang, demo.at('telefon', '/tarca'));
    });

    after(async () => {
      await desk?.close();
      await phone?.close();
      await demo?.stop();
    });

    it('gives a credential into the phone', async () => {
      const offer = await owner.askForCredential();
      const { page } = desk;
      await phone.visit();
      await phone.setPin();
      await phone.take(offer, () => phone.inspect('the offer of our own issuer'));
      const family = account.name.split(' ')[0];
      assert.ok((await phone.page.locator('main').innerText()).includes(family));
      await page.goto(demo.in(lang, 'ugyfelkapu', '/tarca'));
      assert.ok((await page.locator('main').innerText()).includes(texts.valid));
    });

    it('signs in at a computer by the code and four digits', async () => {
      await owner.begin();
      await owner.showBy(phone, async () => {
        await phone.inspect('what our own verifier asks');
        if (script) await desk.page.getByRole('status').getByText(texts.scanned).waitFor();
        assert.ok((await phone.page.locator('main').innerText()).includes('KENYSZI'));
      });
      await press(desk.page, words.agree);
      await owner.isIn();
    });

    it('tells a service an age that only the wallet knows, if its owner says so twice', async () => {
      const { page } = desk;
      const check = async (name) => {
        if (script) await inspect(page, name, { lang });
      };
      /** Asks the wallet for it, which shows it or not. */
      const fromWallet = async (isShown) => {
        await press(page, texts.fromWallet);
        if (!isShown) await check('a wallet is asked for more');
        await owner.showBy(phone, async () => {
          await phone.page.getByLabel(texts.ageOnCard).setChecked(isShown);
          if (isShown) return;
          // What stays hidden is not among what is seen in any case.
          assert.equal(await phone.page.getByText(texts.ages).count(), 0);
          await phone.inspect('an age is asked for');
        });
      };
      const told = page.locator('dt').filter({ hasText: texts.adult }).locator('+ dd');
      await page.goto(demo.in(lang, 'magyarorszag'));
      await press(page, words.signIn);
      await press(page, words.agree);
      await press(page, texts.age);
      await check('a datum that only a wallet has');
      await fromWallet(false);
      await page.getByText(texts.notGiven).waitFor();
      await check('what the wallet did not give');
      await fromWallet(true);
      const box = page.getByLabel(texts.adult);
      assert.equal(await box.isChecked(), false);
      await check('what the wallet gave');
      await press(page, words.agree);
      await page.getByText(texts.age).waitFor();
      assert.equal(await told.count(), 0);
      await press(page, texts.age);
      await fromWallet(true);
      await box.check();
      await press(page, words.agree);
      assert.equal(await told.innerText(), texts.yes);
      await check('what the portal was told');
    });

    it('reads the picture at the computer by its camera', async () => {
      await owner.begin();
      await seenByCamera(phone.page, await desk.page.locator('main svg').screenshot());
      await phone.visit();
      await phone.open();
      await phone.press(phone.words.toLink);
      await phone.press(phone.words.scan);
      await phone.at(phone.words.ask);
      await phone.press(phone.words.decline);
      await phone.at(phone.words.declined);
      await owner.movedOnTo(texts.refused);
    });

    if (script) {
      it('offers the browser itself first where it can, and posts what comes back', async () => {
        const own = await open(browser, { lang, width });
        const { page } = own;
        let asked;
        await page.exposeFunction('ask', (options) => {
          asked = options;
        });
        await page.addInitScript(() => {
          globalThis.DigitalCredential = class {
            static userAgentAllowsProtocol = (protocol) => protocol === 'openid4vp-v1-signed';
          };
          const get = async (options) => {
            await globalThis.ask(options);
            return { protocol: 'openid4vp-v1-signed', data: { response: 'a.b.c.d.e' } };
          };
          Object.defineProperty(navigator, 'credentials', { value: { get } });
        });
        await new Owner(demo, account, own, lang).begin();
        await page.getByRole('button', { name: texts.throughBrowser }).waitFor();
        await inspect(page, 'the browser is offered', { lang });
        await press(page, texts.throughBrowser);
        await page.getByRole('heading', { level: 1, name: texts.failed }).waitFor();
        const [{ protocol, data }] = asked.digital.requests;
        assert.equal(protocol, 'openid4vp-v1-signed');
        const { x5c } = jose.decodeProtectedHeader(data.request);
        const key = await jose.importX509(`-----BEGIN CERTIFICATE-----\n${x5c[0]}\n-----END CERTIFICATE-----`, 'ES256');
        const { payload } = await jose.jwtVerify(data.request, key, { typ: 'oauth-authz-req+jwt', audience: 'https://self-issued.me/v2' });
        assert.equal(payload.response_mode, 'dc_api.jwt');
        assert.deepEqual(payload.expected_origins, [new URL(page.url()).origin]);
        assert.equal(payload.client_metadata.jwks.keys[0].crv, 'P-256');
        await own.close();
      });
    }

    it('signs in on the phone itself, until the credential is revoked', async () => {
      const { page } = phone;
      const here = new Owner(demo, account, phone, lang);
      const approve = async () => {
        await here.begin();
        await press(page, texts.here);
        await phone.open();
        await phone.at(phone.words.ask);
        await phone.press(phone.words.agree);
      };
      await approve();
      await phone.at(phone.words.sent);
      await phone.press(texts.onward);
      await here.isIn();
      demo.command('person', 'revoke-wallet', account.username);
      await approve();
      await phone.at(phone.words.fault);
    });
  });
}
