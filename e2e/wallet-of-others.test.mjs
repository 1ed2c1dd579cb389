// A credential of an issuer that is believed little: it is connected with an account once, by a sign-in with
// Ügyfélkapu+, and does not lift the authenticator on whose word it stands.

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ForeignWallet, SD_JWT } from './foreign-wallet.mjs';
import { arrivals } from './inspect.mjs';
import { Installation } from './installation.mjs';
import { Authenticator, fill, open, press } from './kit.mjs';
import { Owner } from './owner.mjs';
import { Authority, DOCUMENT_SIGNER, issue } from './wallet-parties.mjs';
import { WORDS } from './words.mjs';

const TEXTS = {
  lift: 'Megerősítés a DÁP mobilalkalmazással',
  prove: 'Igazolom magam a DÁP mobilalkalmazással',
  unknown: 'Ezt az igazolást még nem ismerjük',
  connect: 'Összekapcsolja a fiókjával?',
  connectIt: 'Belépés és összekapcsolás',
  weak: 'Ez az igazolás ehhez kevés',
  weakInEnglish: 'This credential is not enough',
};

const ISSUER = 'https://pid.example.org';
const SERVICE = 'https://proba.example.org/vissza';

const TABLES = `
[wallet]
[[wallet.issuer]]
id = "${ISSUER}"
name_hu = "Próbahivatal"
name_en = "Trial office"
anchors = "pid.pem"
[dap]
country = "HU"
`;

/** The registration of a service, and what it asks. */
const CLIENT = { client_id: 'proba', client_secret: 'x'.repeat(43), client_name: 'Próba', redirect_uris: [SERVICE], scope: 'openid profile' };
const REQUEST = { client_id: 'proba', response_type: 'code', redirect_uri: SERVICE, scope: 'openid profile', state: 's', nonce: 'n', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };

describe('a credential of an issuer that is believed little', () => {
  const words = WORDS.hu;
  let installation, browser, desk, page, owner, app, wallet, isAt, isAtInEnglish;

  before(async () => {
    const authority = await Authority.create('Próbahivatalok');
    installation = await Installation.start(TABLES, { 'pid.pem': authority.pem });
    const file = join(installation.demo.data, 'proba.json');
    writeFileSync(file, JSON.stringify(CLIENT));
    installation.command('service', 'import', file);
    browser = await installation.launch();
    desk = await open(browser, { width: 320 });
    ({ page } = desk);
    [isAt, isAtInEnglish] = ['hu', 'en'].map((lang) => arrivals(page, { lang, width: 320 }));
    await desk.context.route(`${SERVICE}?**`, (route) => route.fulfill({ body: 'Próba' }));
    const account = installation.demo.accounts.find(({ username }) => username === 'pelda.petra');
    owner = new Owner(installation, account, desk, 'hu');
    app = new Authenticator(account.totp_secret);
    const verifiers = await (await installation.fetch(installation.at('kau', '/wallet/verifier.pem'))).text();
    wallet = new ForeignWallet({ issuers: authority.pem, verifiers, reach: installation.fetch });
    const [family_name, given_name] = account.name.split(' ');
    const claims = { family_name, given_name, birthdate: '1984-12-30', personal_administrative_number: '7A-1' };
    const signer = await authority.certify({ name: 'Próbahivatal', use: DOCUMENT_SIGNER, dns: ['pid.example.org'] });
    await wallet.keep(claims, (jwk) => issue(signer, jwk, { claims, more: { iss: ISSUER } }));
  });

  after(async () => {
    await desk?.close();
    await browser?.close();
    await installation?.stop();
  });

  /** From the page with the link to what follows what the wallet shows. */
  const show = async () => {
    const request = await wallet.resolve(await owner.link(), 'post');
    const { status, redirect_uri } = await wallet.answer(request, { configuration: SD_JWT });
    assert.equal(status, 200);
    await page.goto(redirect_uri);
  };

  const lift = async () => {
    await page.goto(installation.in('hu', 'ugyfelkapu', '/aktivalas'));
    await press(page, TEXTS.lift);
    await press(page, TEXTS.prove);
    await page.getByRole('heading', { level: 1, name: owner.texts.scan }).waitFor();
    await show();
  };

  it('proves nothing while it is connected with nobody', async () => {
    await owner.typePassword();
    await fill(page, words.code, app.code());
    await press(page, words.signIn);
    await lift();
    await isAt(TEXTS.unknown);
  });

  it('is connected by a sign-in with Ügyfélkapu+', async () => {
    await page.goto(`${installation.at('kau', '/oidc/authorize')}?${new URLSearchParams(REQUEST)}`);
    await press(page, owner.texts.byWallet);
    await show();
    await isAt(TEXTS.connect);
    await press(page, TEXTS.connectIt);
    await fill(page, words.userName, owner.account.username);
    await fill(page, words.password, owner.account.password);
    await press(page, words.signIn);
    await fill(page, words.code, app.code());
    await press(page, words.signIn);
    await press(page, words.agree);
    await page.waitForURL(`${SERVICE}?**`);
  });

  it('does not lift the authenticator that connected it', async () => {
    await lift();
    await isAt(TEXTS.weak);
    assert.equal(await page.getByRole('main').getByRole('button').count(), 0);
    await press(page, 'English');
    await isAtInEnglish(TEXTS.weakInEnglish);
    await page.goto(installation.in('hu', 'ugyfelkapu', '/aktivalas?lang=hu'));
    assert.equal(await page.getByRole('link', { name: TEXTS.lift }).count(), 1);
  });
});
