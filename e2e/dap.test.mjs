// A person credential from Kapu's own issuer into the demo's phone, and signing in with it: at a computer by the
// code and four digits, and on the phone itself.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import * as jose from 'jose';
import { Authenticator, Demo, fill, heading, launch, open, press, reloadUntil } from './kit.mjs';
import { inspect } from './inspect.mjs';
import { Phone } from './wallet-walk.mjs';
import { WORDS } from './words.mjs';

const TEXTS = {
  hu: {
    askFor: 'Igazolás kérése',
    code: /^Hatjegyű kód/,
    letter: /^Kód az igazolás|^Code for/,
    byWallet: /^DÁP mobilalkalmazással/,
    scan: 'Olvassa be a mobiltárcájával',
    approved: 'Jóváhagytam, tovább',
    scanned: 'Beolvasva.',
    throughBrowser: 'Belépés a böngészőn át',
    digits: 'Írja be a telefonján látott négy számjegyet',
    digitsLabel: 'Négy számjegy',
    here: 'Megnyitás a mobiltárcában',
    onward: /^Tovább/,
    valid: 'Érvényes',
    substantial: 'jelentős',
    revoke: /^Visszavonás/,
    refused: 'Elutasította a belépést',
  },
  en: {
    askFor: 'Ask for a credential',
    code: /^6-digit code/,
    letter: /^Kód az igazolás|^Code for/,
    byWallet: /^With the DÁP mobile app/,
    scan: 'Scan with your mobile wallet',
    approved: 'I approved it, continue',
    scanned: 'Scanned.',
    throughBrowser: 'Sign in through the browser',
    digits: 'Type the four digits that your phone shows',
    digitsLabel: 'Four digits',
    here: 'Open in mobile wallet',
    onward: /^Continue/,
    valid: 'Valid',
    substantial: 'substantial',
    revoke: /^Revoke/,
    refused: 'You refused the sign-in',
  },
};

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
    let demo, account, desk, phone;

    before(async () => {
      demo = await Demo.start();
      account = demo.withAuthenticator();
      desk = await open(browser, { lang, width, script });
      phone = new Phone(await open(browser, { lang, width: 320 }), lang, demo.at('telefon', '/tarca'));
    });

    after(async () => {
      await desk?.close();
      await phone?.close();
      await demo?.stop();
    });

    const mailedCode = async () => {
      const post = await desk.context.newPage();
      await post.goto(demo.in(lang, 'posta'));
      await post.getByRole('link', { name: account.email }).click();
      const code = await reloadUntil(post, async () => {
        const letter = post.getByRole('link', { name: texts.letter }).first();
        if (!(await letter.count())) return undefined;
        await letter.click();
        return (await post.locator('main').innerText()).match(/^\s*(\d{6})\s*$/m)?.[1];
      });
      await post.close();
      return code;
    };

    /** At the service, with no factor but the wallet: the sign-in is as sure as the credential. */
    const isIn = async (page) => {
      await page.waitForURL(/kenyszi\.localhost/);
      const told = await page.locator('main').innerText();
      assert.ok(told.includes(account.name.split(' ')[0]) && told.includes(texts.substantial), told);
    };

    it('gives a credential into the phone', async () => {
      const authenticator = new Authenticator(account.totp_secret);
      const { page } = desk;
      await page.goto(demo.in(lang, 'ugyfelkapu'));
      await fill(page, words.userName, account.username);
      await fill(page, words.password, account.password);
      await press(page, words.signIn);
      await fill(page, words.code, authenticator.code());
      await press(page, words.signIn);
      await page.goto(demo.in(lang, 'ugyfelkapu', '/tarca'));
      await fill(page, words.password, account.password);
      await page.getByLabel(texts.code).fill(authenticator.code());
      await press(page, texts.askFor);
      const link = (await page.locator('#ajanlat').innerText()).trim();
      assert.ok(link.startsWith('openid-credential-offer://'), link);
      const code = await mailedCode();
      await phone.visit();
      await phone.setPin();
      await phone.paste(link);
      await phone.at(phone.words.offer);
      await phone.inspect('the offer of our own issuer');
      await phone.page.getByLabel(phone.words.secondCode).fill(code);
      await phone.press(phone.words.take);
      await phone.page.getByRole('status').getByText(phone.words.arrived).waitFor();
      const family = account.name.split(' ')[0];
      assert.ok((await phone.page.locator('main').innerText()).includes(family));
      await page.goto(demo.in(lang, 'ugyfelkapu', '/tarca'));
      assert.ok((await page.locator('main').innerText()).includes(texts.valid));
    });

    it('signs in at a computer by the code and four digits', async () => {
      const { page } = desk;
      await desk.context.clearCookies({ domain: /kau|kenyszi|ugyfelkapu/ });
      await page.goto(demo.in(lang, 'kenyszi'));
      await press(page, words.signIn);
      await press(page, texts.byWallet);
      assert.equal(await heading(page), texts.scan);
      const typed = (await page.locator('.typed').innerText()).trim();
      await phone.visit();
      await phone.open();
      await phone.paste(typed);
      await phone.at(phone.words.ask);
      await phone.inspect('what our own verifier asks');
      if (script) await page.getByRole('status').getByText(texts.scanned).waitFor();
      assert.ok((await phone.page.locator('main').innerText()).includes('KENYSZI'));
      await phone.press(phone.words.agree);
      await phone.at(phone.words.sent);
      await phone.press(texts.onward);
      const digits = (await phone.page.locator('main').innerText()).match(/\d(?:\s*\d){3}/)[0].replace(/\s/g, '');
      // With scripts the page has moved on by itself.
      if (script) await page.getByRole('heading', { level: 1, name: texts.digits }).waitFor();
      else await press(page, texts.approved);
      assert.equal(await heading(page), texts.digits);
      await fill(page, texts.digitsLabel, digits);
      await page.getByRole('main').getByRole('button').first().click();
      await press(page, words.agree);
      await isIn(page);
    });

    it('reads the picture at the computer by its camera', async () => {
      const { page } = desk;
      await desk.context.clearCookies({ domain: /kau|kenyszi|ugyfelkapu/ });
      await page.goto(demo.in(lang, 'kenyszi'));
      await press(page, words.signIn);
      await press(page, texts.byWallet);
      await seenByCamera(phone.page, await page.locator('main svg').screenshot());
      await phone.visit();
      await phone.open();
      await phone.press(phone.words.toLink);
      await phone.press(phone.words.scan);
      await phone.at(phone.words.ask);
      await phone.press(phone.words.decline);
      await phone.at(phone.words.declined);
      if (!script) await press(page, texts.approved);
      await page.getByRole('heading', { level: 1, name: texts.refused }).waitFor();
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
        await page.goto(demo.in(lang, 'kenyszi'));
        await press(page, words.signIn);
        await press(page, texts.byWallet);
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
      const approve = async () => {
        await phone.context.clearCookies({ domain: /kau|kenyszi/ });
        await page.goto(demo.in(lang, 'kenyszi'));
        await press(page, words.signIn);
        await press(page, texts.byWallet);
        await press(page, texts.here);
        await phone.open();
        await phone.at(phone.words.ask);
        await phone.press(phone.words.agree);
      };
      await approve();
      await phone.at(phone.words.sent);
      await phone.press(texts.onward);
      await isIn(page);
      demo.command('person', 'revoke-wallet', account.username);
      await approve();
      await phone.at(phone.words.fault);
    });
  });
}
