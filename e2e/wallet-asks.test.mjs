// A wallet asks for credentials by itself (authorization code): its person signs in afresh, sees what goes into which
// wallet, and lets it have that or not.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { ForeignWallet, MDOC, SD_JWT } from './foreign-wallet.mjs';
import { arrivals } from './inspect.mjs';
import { Installation } from './installation.mjs';
import { Authenticator, fill, open, press } from './kit.mjs';
import { Owner } from './owner.mjs';
import { Authority } from './wallet-parties.mjs';
import { WORDS } from './words.mjs';

const TEXTS = {
  hu: {
    asked: 'Személyi igazolást kap a Minta tárca',
    kinds: ['Személyi igazolás (SD-JWT)', 'Személyi igazolás (mdoc)'],
    allow: 'Engedélyezem',
    refuse: 'Nem engedélyezem',
    prove: 'Egyszer igazolnia kell magát',
  },
  en: {
    asked: 'Sample wallet will get your person credential',
    kinds: ['Person credential (SD-JWT)', 'Person credential (mdoc)'],
    allow: 'Allow',
    refuse: 'Do not allow',
    prove: 'You must prove once who you are',
  },
};

const CLIENT = 'https://wallet.example.org';
const BACK = `${CLIENT}/issued`;

const TABLES = `
[wallet]
[dap]
country = "HU"
[[dap.wallet]]
client_id = "${CLIENT}"
name_hu = "Minta tárca"
name_en = "Sample wallet"
redirect_uris = ["${BACK}"]
anchors = "provider.pem"
`;

let installation, browser, provider;
before(async () => {
  const authority = await Authority.create('Minta tárcák');
  provider = await authority.certify({ name: 'Minta tárca' });
  installation = await Installation.start(TABLES, { 'provider.pem': authority.pem });
  browser = await installation.launch();
});
after(async () => {
  await browser?.close();
  await installation?.stop();
});

for (const [lang, width] of [['hu', 320], ['en', 1280]]) {
  describe(`a wallet that asks by itself, in ${lang} at ${width} px`, () => {
    const [texts, words] = [TEXTS[lang], WORDS[lang]];
    let account, desk, page, wallet, owner, app, isAt;

    before(async () => {
      account = installation.demo.withAuthenticator();
      desk = await open(browser, { lang, width });
      ({ page } = desk);
      isAt = arrivals(page, { lang, width });
      owner = new Owner(installation, account, desk, lang);
      app = new Authenticator(account.totp_secret);
      // Whoever was here before is spoken to in the language that they chose.
      await page.goto(installation.in(lang, 'kau'));
      await desk.context.route(`${CLIENT}/**`, (route) => route.fulfill({ body: 'Minta' }));
      const pem = async (surface, path) => (await installation.fetch(installation.at(surface, path))).text();
      const trusted = { issuers: await pem('dap', '/issuer.pem'), verifiers: await pem('kau', '/wallet/verifier.pem') };
      wallet = new ForeignWallet({ ...trusted, provider, clientId: CLIENT, reach: installation.fetch });
    });

    after(() => desk?.close());

    /** From the wallet, by a sign-in afresh, to the page that follows the code. */
    const begun = async (configurations, name) => {
      await page.goto(await wallet.begin(installation.at('dap', ''), configurations, BACK));
      await isAt(words.choose);
      assert.equal(await page.getByText('DÁP').count(), 0, 'another credential does not vouch');
      await press(page, words.withApp);
      await fill(page, words.userName, account.username);
      await fill(page, words.password, account.password);
      await press(page, words.signIn);
      await fill(page, words.code, app.code());
      await press(page, words.signIn);
      await isAt(name);
    };

    /** What the wallet is told where its person comes back. */
    const told = async () => {
      await page.waitForURL(`${BACK}?**`);
      return wallet.told(page.url());
    };

    if (lang === 'en') {
      it('gets nothing for an authenticator that nobody vouches for', async () => {
        await begun([SD_JWT], texts.prove);
        assert.equal(await page.getByRole('button', { name: texts.allow }).count(), 0);
        installation.demo.letCodesPass(account);
        app = app.later();
        installation.command('person', 'identify', account.username);
      });
    }

    it('is told that its person does not want it', async () => {
      await begun([SD_JWT], texts.asked);
      await press(page, texts.refuse);
      assert.equal((await told()).error, 'access_denied');
    });

    it('gets what they allow', async () => {
      await begun([SD_JWT, MDOC], texts.asked);
      const shown = await page.locator('main').innerText();
      for (const part of [...texts.kinds, ...account.name.split(' ')]) assert.ok(shown.includes(part), shown);
      await press(page, texts.allow);
      await wallet.redeemCode((await told()).code);
      const { claims } = await wallet.receive(SD_JWT);
      assert.equal(`${claims.family_name} ${claims.given_name}`, account.name);
      const { namespaces, doctype } = await wallet.receive(MDOC);
      assert.equal(namespaces[doctype].family_name, claims.family_name);
    });

    it('holds what its person then sees at the account', async () => {
      installation.demo.letCodesPass(account);
      app = app.later();
      await owner.typePassword();
      await fill(page, words.code, app.code());
      await press(page, words.signIn);
      await page.goto(installation.in(lang, 'ugyfelkapu', '/tarca'));
      assert.equal(await page.getByText(owner.texts.valid, { exact: true }).count(), 2);
    });
  });
}
