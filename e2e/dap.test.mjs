// A person credential from Kapu's own issuer into the demo's phone, and signing in with it: at a computer by the
// code and four digits, and on the phone itself.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { Demo, launch, open, press } from './kit.mjs';
import { Owner, TEXTS, digitsOn } from './owner.mjs';
import { Phone } from './wallet-walk.mjs';
import { WORDS } from './words.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const [lang, width] of [['hu', 1280], ['en', 320]]) {
  describe(`DÁP in ${lang} at ${width} px`, () => {
    const texts = TEXTS[lang];
    const words = WORDS[lang];
    let demo, account, desk, owner, phone;

    before(async () => {
      demo = await Demo.start();
      account = demo.withAuthenticator();
      desk = await open(browser, { lang, width });
      owner = new Owner(demo, account, desk, lang);
      phone = new Phone(await open(browser, { lang, width: 320 }), lang, demo.at('telefon', '/tarca'));
    });

    after(async () => {
      await desk?.close();
      await phone?.close();
      await demo?.stop();
    });

    it('gives a credential into the phone', async () => {
      const { link, code } = await owner.askForCredential();
      const { page } = desk;
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
      await owner.begin();
      const typed = await owner.typedCode();
      await phone.visit();
      await phone.open();
      await phone.paste(typed);
      await phone.at(phone.words.ask);
      await phone.inspect('what our own verifier asks');
      assert.ok((await phone.page.locator('main').innerText()).includes('KENYSZI'));
      await phone.press(phone.words.agree);
      await phone.at(phone.words.sent);
      await phone.press(texts.onward);
      await owner.typeDigits(await digitsOn(phone.page));
      await press(desk.page, words.agree);
      await owner.isIn();
    });

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
